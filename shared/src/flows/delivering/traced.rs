//! What the log lines about a delivery say of it.

use tracing::{Span, info_span};

use crate::domain::endpoint_key::EndpointKey;
use crate::queue::task::DeliveryTask;

/// The span in which a delivery is worked on.
pub(super) fn span_of(task: &DeliveryTask) -> Span {
    info_span!(
        "delivery",
        client_id = %task.client_id,
        endpoint_id = %task.endpoint_id,
        delivery_id = task.delivery_id,
    )
}

/// The span in which an endpoint is worked on.
pub(super) fn span_of_endpoint(endpoint: &EndpointKey) -> Span {
    info_span!(
        "endpoint",
        client_id = %endpoint.client_id,
        endpoint_id = %endpoint.endpoint_id,
    )
}
