//! Sends a sample to a webhook endpoint as a delivery would be sent, and tells what became of it.

use jiff::Timestamp;
use uuid::Uuid;

use crate::contract::messages::notification::{AggregatorBody, NotificationBody, NotifiedItemBody};
use crate::destinations::client_webhook::attempt::{Delivery, attempt};
use crate::domain::client::Caller;
use crate::domain::delivery::Attempt;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::notification::NotificationType;
use crate::domain::text::EndpointId;
use crate::flows::configuring::endpoint_desk::EndpointDependencies;
use crate::flows::failure::FlowFailure;

/// The order and the aggregator of a sample: nobody's.
const SAMPLE: &str = "RMS_TEST";

/// Sends a sample, once, also to an endpoint that is switched off: it is often tested before it is switched on.
pub async fn test_endpoint(
    dependencies: &EndpointDependencies,
    caller: &Caller,
    id: &EndpointId,
    now: Timestamp,
) -> Result<Attempt, FlowFailure> {
    let endpoint = dependencies.endpoints.read(&caller.client_id, id).await?;
    let endpoint = endpoint.ok_or(FlowFailure::NotFound("there is no such endpoint"))?;
    let delivery_id = format!("dlv_test_{}", Uuid::now_v7().simple());
    let delivery = Delivery {
        id: &delivery_id,
        body: &sample(&endpoint.value, now),
        replayed: false,
    };
    let attempted = attempt(&dependencies.outbound, &endpoint.value, delivery, now).await;
    tracing::info!(
        client_id = %caller.client_id,
        endpoint_id = %id,
        end = %attempted.attempt.end,
        duration_ms = attempted.attempt.duration_ms,
        "an endpoint was tested"
    );
    Ok(attempted.attempt)
}

/// A notification that the endpoint wants, of an order that does not exist.
fn sample(endpoint: &WebhookEndpoint, now: Timestamp) -> String {
    let filter = &endpoint.filter;
    let wanted = filter.notification_types.as_ref();
    let body = NotificationBody {
        forward_order_code: SAMPLE.to_owned(),
        forward_shipment_code: None,
        forward_awb: Some(SAMPLE.to_owned()),
        courier_name: Some(SAMPLE.to_owned()),
        notification_type: wanted
            .and_then(|types| types.first().copied())
            .unwrap_or(NotificationType::OutForDelivery),
        notification_update_time: now.as_second(),
        logistic_aggregator_info: AggregatorBody {
            logistic_aggregator_name: SAMPLE.to_owned(),
            logistic_aggregator_meta_data: [].into(),
        },
        return_order_info: None,
        warehouse_code: None,
        items: Some(vec![NotifiedItemBody {
            item_id: None,
            sku: SAMPLE.to_owned(),
            quantity: 1,
        }]),
    };
    serde_json::to_string(&body).unwrap_or_default()
}
