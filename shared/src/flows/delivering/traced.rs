//! The spans of deliveries.

use tracing::field::Empty;
use tracing::{Span, info_span};

use crate::domain::endpoint_key::EndpointKey;
use crate::domain::message::MessageKind;
use crate::domain::trace::TraceParent;
use crate::queue::task::DeliveryTask;
use crate::telemetry::set_field;

/// The span of a delivery, whose id has that of its message. A request id that is not in the task is set when the message is read.
pub(super) fn span_of(task: &DeliveryTask) -> Span {
    let is_usual = task.message_kind == MessageKind::Notification;
    let span = info_span!(
        "delivery",
        request_id = Empty,
        trace_id = task.traceparent.as_ref().map(TraceParent::trace_id),
        client_id = %task.client_id,
        endpoint_id = %task.endpoint_id,
        delivery_id = task.delivery_id,
        kind = (!is_usual).then(|| task.message_kind.word()),
    );
    if let Some(request_id) = &task.request_id {
        span.in_scope(|| set_field("request_id", request_id));
    }
    span
}

/// The span of an endpoint.
pub(super) fn span_of_endpoint(endpoint: &EndpointKey) -> Span {
    info_span!(
        "endpoint",
        client_id = %endpoint.client_id,
        endpoint_id = %endpoint.endpoint_id,
    )
}
