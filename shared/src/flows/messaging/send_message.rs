//! Sends a stored message to the endpoints that subscribe to it: one task each, in the lane of its subject.

use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::{MessageKind, MessageSubject, Routing};
use crate::domain::text::{EndpointId, RequestId};
use crate::queue::sender::{NotSent, Sender};
use crate::queue::task::{DeliveryTask, RecordKey, is_carried};
use crate::store::message_keys::MessageKey;
use crate::telemetry::trace_context;

/// The maximum total size of the bodies that are sent at once, in bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A stored message to be sent.
#[derive(Debug, Clone, Copy)]
pub(in crate::flows) struct MessageToSend<'a> {
    /// Its key.
    pub(in crate::flows) key: &'a MessageKey,
    /// Its kind.
    pub(in crate::flows) kind: MessageKind,
    /// Its subject.
    pub(in crate::flows) subject: &'a MessageSubject,
    /// When it was accepted, in epoch milliseconds.
    pub(in crate::flows) accepted_at: i64,
    /// Its body.
    pub(in crate::flows) body: &'a str,
    /// The request that caused it.
    pub(in crate::flows) request_id: Option<&'a RequestId>,
    /// Whether it corrects an earlier message.
    pub(in crate::flows) correction: bool,
    /// Whether it may have been sent before.
    pub(in crate::flows) resend: bool,
}

/// The endpoints that subscribe to a message.
pub(in crate::flows) fn wanting<'a>(
    endpoints: &'a [WebhookEndpoint],
    message: &Routing<'_>,
) -> Vec<&'a WebhookEndpoint> {
    let wanting = endpoints.iter();
    wanting.filter(|endpoint| endpoint.wants(message)).collect()
}

/// Sends a message to endpoints. Returns their number.
pub(in crate::flows) async fn send(
    queue: &Sender,
    endpoints: &[&WebhookEndpoint],
    message: MessageToSend<'_>,
) -> Result<usize, NotSent> {
    let deliveries = endpoints
        .iter()
        .map(|endpoint| (message.task(endpoint), endpoint.lane_of(message.subject)));
    queue.send_all(deliveries.collect()).await?;
    Ok(endpoints.len())
}

/// Sends several messages, each to its endpoints. Messages about one subject are sent in this order.
pub(in crate::flows) async fn send_each(
    queue: &Sender,
    messages: &[(MessageToSend<'_>, &[&WebhookEndpoint])],
) -> Result<(), NotSent> {
    for part in parts(messages) {
        let deliveries = part.iter().flat_map(|(message, endpoints)| {
            let endpoints = endpoints.iter();
            endpoints.map(|endpoint| (message.task(endpoint), endpoint.lane_of(message.subject)))
        });
        queue.send_all(deliveries.collect()).await?;
    }
    Ok(())
}

/// Splits messages so that the bodies of a part fit into memory, once for each endpoint.
fn parts<'m, 'a>(
    messages: &'m [(MessageToSend<'a>, &'m [&'a WebhookEndpoint])],
) -> impl Iterator<Item = &'m [(MessageToSend<'a>, &'m [&'a WebhookEndpoint])]> {
    let mut bytes = 0;
    messages.chunk_by(move |(message, endpoints), (next, further)| {
        bytes += message.body.len() * endpoints.len();
        let fits = bytes + next.body.len() * further.len() <= MOST_BYTES;
        if !fits {
            bytes = 0;
        }
        fits
    })
}

/// The endpoints to which an earlier request may not have sent: those without a delivery record. `attempted` are the ids
/// of the endpoints with one.
pub(in crate::flows) fn unattempted<'a>(
    mut endpoints: Vec<&'a WebhookEndpoint>,
    attempted: &[String],
) -> Vec<&'a WebhookEndpoint> {
    endpoints.retain(|endpoint| attempted.iter().all(|id| id != endpoint.id.as_str()));
    endpoints
}

/// The ids of the endpoints, for the stored message that is queued for them.
pub(in crate::flows) fn ids_of(endpoints: &[&WebhookEndpoint]) -> Vec<EndpointId> {
    endpoints
        .iter()
        .map(|endpoint| endpoint.id.clone())
        .collect()
}

/// The ids of the endpoints that are not in the stored message yet.
pub(in crate::flows) fn unnamed(
    endpoints: &[&WebhookEndpoint],
    named: &[EndpointId],
) -> Vec<EndpointId> {
    let mut ids = ids_of(endpoints);
    ids.retain(|id| !named.contains(id));
    ids
}

impl MessageToSend<'_> {
    fn task(&self, endpoint: &WebhookEndpoint) -> DeliveryTask {
        let record = self.key.delivery(&endpoint.id);
        DeliveryTask {
            client_id: endpoint.client_id.clone(),
            endpoint_id: endpoint.id.clone(),
            delivery_id: record.delivery_id(),
            message_kind: self.kind,
            record: RecordKey {
                pk: record.pk,
                sk: record.sk,
            },
            accepted_at: self.accepted_at,
            generation: 0,
            resend: self.resend,
            replayed: false,
            correction: self.correction,
            request_id: self.request_id.cloned(),
            traceparent: trace_context::current(),
            payload: is_carried(self.body).then(|| self.body.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::packed::pack;

    /// A body of so many lines of goods, as an aggregator lists them.
    fn body(lines: usize) -> String {
        let line = |number: usize| {
            let digits = number.wrapping_mul(2_654_435_761) % 1_000_000_007;
            json!({ "itemId": format!("line-{digits}"), "sku": format!("SKU-{}", digits * 7), "quantity": digits % 5 + 1 })
        };
        let items: Vec<_> = (0..lines).map(line).collect();
        let meta_data =
            json!({ "Account Code": "Delhivery Kochi", "Remark": "Shipment picked up" });
        let aggregator = json!({ "logisticAggregatorName": "CLICKPOST", "logisticAggregatorMetaData": meta_data });
        json!({
            "forwardOrderCode": "SO-1001", "forwardShipmentCode": null, "forwardAwb": "7000001234",
            "courierName": "Delhivery", "notificationType": "PICKED_UP", "notificationUpdateTime": 1_796_000_000,
            "returnOrderInfo": null, "warehouseCode": "wh-1", "logisticAggregatorInfo": aggregator, "items": items,
        })
        .to_string()
    }

    /// The decision of 29 November 2026 has these figures.
    #[test]
    fn a_body_that_is_not_carried_is_cheaper_to_read() {
        // In millionths of a USD, for a request of 64 KB and for 4 KB that are read eventually consistently: the prices of
        // the benchmark.
        const REQUEST: f64 = 0.5;
        const READ_UNIT: f64 = 0.125 / 2.0;
        const READ_UNIT_BYTES: usize = 4096;
        for lines in [1_000, 1_200, 2_400] {
            let body = body(lines);
            assert!(!is_carried(&body), "{lines}");
            let stored = 2 * pack(body.as_bytes()).unwrap().len();
            let units = u32::try_from(stored.div_ceil(READ_UNIT_BYTES)).unwrap();
            let read = READ_UNIT * f64::from(units);
            let chunks = u32::try_from(body.len() * 9 / 8 / 65_536).unwrap();
            // Sent once and received once.
            let carried = REQUEST * 2.0 * f64::from(chunks.max(1));
            let figures = format!(
                "{} bytes, {stored} stored: {read} against {carried}",
                body.len()
            );
            assert!(read < carried, "{figures}");
        }
        assert!(is_carried(&body(800)));
    }
}
