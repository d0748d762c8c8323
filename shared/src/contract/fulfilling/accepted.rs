//! The response to accepted outbound orders.

use serde::Serialize;
use utoipa::ToSchema;

/// Orders that are stored and on their way to the OMS.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutboundAccepted)]
pub struct OutboundAcceptedBody {
    /// The key of their group, by which the OMS confirms them.
    #[schema(example = "019a8f0e6c1c7d3b9c552f1d4f0f7a10-SO-1001")]
    pub group_key: String,
    /// Their numbers, in the order of the request.
    #[schema(example = json!(["SO-1001"]))]
    pub so_numbers: Vec<String>,
}
