//! Sends a sample to a webhook endpoint in the same way as a delivery, and reports the result.

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::messages::sample::sample;
use crate::destinations::Delivery;
use crate::destinations::client_webhook::attempt::attempt;
use crate::domain::client::Caller;
use crate::domain::delivery::Attempt;
use crate::domain::text::{EndpointId, RequestId};
use crate::flows::configuring::endpoint_desk::EndpointDependencies;
use crate::flows::failure::FlowFailure;

/// Sends a sample once. This also works for a disabled endpoint, because endpoints are often tested before they are
/// enabled.
pub async fn test_endpoint(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    request_id: &RequestId,
    now: Timestamp,
) -> Result<Attempt, FlowFailure> {
    let endpoint = dependencies.endpoints.read(&caller.client_id, id).await?;
    let endpoint = endpoint.ok_or(FlowFailure::NotFound("endpoint not found"))?;
    let delivery_id = format!("dlv_test_{}", Uuid::now_v7().simple());
    let (kind, body) = sample(&endpoint.value, now);
    let delivery = Delivery {
        id: &delivery_id,
        kind,
        body: &body,
        request_id: Some(request_id),
        traceparent: None,
        replayed: false,
        correction: false,
    };
    let attempted = attempt(&dependencies.outbound, &endpoint.value, delivery, now).await;
    tracing::info!(
        endpoint_id = %id,
        delivery_id,
        outcome = %attempted.attempt.end,
        cause = attempted.attempt.cause.map(tracing::field::display),
        status = attempted.attempt.status,
        duration_ms = attempted.attempt.duration_ms,
        "endpoint tested"
    );
    Ok(attempted.attempt)
}
