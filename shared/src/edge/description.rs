//! Describes every route, in OpenAPI 3.1. The functions answer; what stands here is what the world reads.
