//! Recovers deliveries that were given up: each is attempted again, with its original `webhook-id`.
//!
//! A record is updated by a conditional write before its message is sent, so that two recoveries queue a delivery only
//! once. If the function dies in between, the delivery is still listed as failed, and a repeated recovery sends its
//! message again, with the same generation, which the queue and the forwarder accept only once.

use std::collections::BTreeMap;

use futures::future::join_all;
use jiff::Timestamp;

use crate::contract::fields::Violation;
use crate::contract::recovery::RecoveryRequest;
use crate::domain::delivery::{DeliveryRecord, DeliveryState};
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::message::MessageKind;
use crate::domain::text::{ClientId, EndpointId, OrderNumber, SubjectCode};
use crate::flows::failure::FlowFailure;
use crate::flows::notifying::find_notifications::shipments_with;
use crate::queue::sender::Sender;
use crate::queue::task::{DeliveryTask, RecordKey};
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::cursor::Cursor;
use crate::store::delivering::deliveries::Deliveries;
use crate::store::delivering::undelivered::{UndeliveredIndex, UndeliveredQuery, Waiting};
use crate::store::keys::Key;
use crate::store::messaging::head::MessageHead;
use crate::store::messaging::history::{History, Kept};

/// The maximum number of deliveries per call: even in a single lane they take less than the function's timeout.
const MOST_AT_ONCE: i32 = 500;

/// The dependencies of a recovery.
#[derive(Debug)]
pub struct RecoveryDependencies {
    /// The endpoints.
    pub endpoints: Endpoints,
    /// The shipments, to find one by its AWB.
    pub shipments: Shipments,
    /// The messages and deliveries.
    pub history: History,
    /// The index of undelivered deliveries.
    pub undelivered: UndeliveredIndex,
    /// The delivery records.
    pub deliveries: Deliveries,
    /// The delivery queue.
    pub queue: Sender,
}

/// The result of a recovery.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// The number of failed deliveries that match.
    pub matched: usize,
    /// The number that are now waiting for attempts.
    pub queued: usize,
    /// The number that have expired: their messages no longer exist.
    pub expired: usize,
    /// The cursor for the next call; absent at the end.
    pub cursor: Option<Cursor>,
}

/// A delivery and its message.
#[derive(Debug)]
pub struct Candidate {
    /// The key of the delivery.
    pub key: Key,
    /// Its record.
    pub record: DeliveryRecord,
    /// The message; absent if it has expired.
    pub head: Option<MessageHead>,
}

/// Recovers the matching failed deliveries of an endpoint, or only counts them.
pub async fn recover_deliveries(
    dependencies: &RecoveryDependencies,
    client: &ClientId,
    endpoint_id: &EndpointId,
    request: &RecoveryRequest,
    now: Timestamp,
) -> Result<Recovered, FlowFailure> {
    let endpoint = dependencies.endpoints.present(client, endpoint_id).await?;
    let endpoint = endpoint.ok_or(FlowFailure::NotFound("endpoint not found"))?;
    if !endpoint.enabled {
        return Err(invalid(
            "",
            "the endpoint is disabled: resume it first, or all would fail again",
        ));
    }
    let (kept, cursor) = candidates(dependencies, client, endpoint_id, request).await?;
    let meant = meant(kept, endpoint_id, request);
    let failed = || meant.iter().filter(|meant| meant.is_failed());
    let mut recovered = Recovered {
        matched: failed().count(),
        expired: failed().filter(|meant| meant.head.is_none()).count(),
        queued: 0,
        cursor,
    };
    if !request.dry_run {
        recovered.queued = queue(dependencies, &endpoint, meant, now).await?;
    }
    tracing::info!(
        endpoint_id = %endpoint_id,
        matched = recovered.matched,
        queued = recovered.queued,
        dry_run = request.dry_run,
        "deliveries recovered"
    );
    Ok(recovered)
}

/// The failed deliveries of an endpoint that a recovery would match, a page at a time, and the cursor of the next page.
pub async fn matching(
    dependencies: &RecoveryDependencies,
    client: &ClientId,
    endpoint_id: &EndpointId,
    request: &RecoveryRequest,
) -> Result<(Vec<Candidate>, Option<Cursor>), FlowFailure> {
    let endpoint = dependencies.endpoints.present(client, endpoint_id).await?;
    endpoint.ok_or(FlowFailure::NotFound("endpoint not found"))?;
    let (kept, cursor) = candidates(dependencies, client, endpoint_id, request).await?;
    let mut meant = meant(kept, endpoint_id, request);
    meant.retain(Candidate::is_failed);
    Ok((meant, cursor))
}

/// The deliveries to check: all of a subject or shipment, or a page of the endpoint's failed ones.
async fn candidates(
    dependencies: &RecoveryDependencies,
    client: &ClientId,
    endpoint: &EndpointId,
    request: &RecoveryRequest,
) -> Result<(Vec<Kept>, Option<Cursor>), FlowFailure> {
    if let Some(awb) = &request.awb {
        let mut kept = Vec::new();
        for shipment in shipments_with(&dependencies.shipments, client, awb).await? {
            kept.push(dependencies.history.of_shipment(&shipment).await?);
        }
        return Ok((kept, None));
    }
    let order_number = request.order_number.as_ref().map(OrderNumber::as_str);
    if let Some(code) = request
        .subject
        .as_ref()
        .map(SubjectCode::as_str)
        .or(order_number)
    {
        let kept = dependencies.history.of_subject(client, code).await?;
        return Ok((vec![kept], None));
    }
    let cursor = request.cursor.as_deref().map(str::parse::<Cursor>);
    let query = UndeliveredQuery {
        client,
        endpoint,
        state: Waiting::Failed,
        span: request.span,
        cursor: cursor
            .transpose()
            .map_err(|error| invalid("/cursor", &error.to_string()))?,
        // Within a lane, deliveries fail in the order of acceptance.
        oldest_first: true,
        most: MOST_AT_ONCE,
    };
    let page = dependencies.undelivered.of(&query).await?;
    let kept = dependencies.history.of_deliveries(&page.deliveries).await?;
    Ok((vec![kept], page.cursor))
}

/// The matching deliveries, in order of acceptance.
fn meant(kept: Vec<Kept>, endpoint: &EndpointId, request: &RecoveryRequest) -> Vec<Candidate> {
    let mut meant: Vec<Candidate> = kept
        .into_iter()
        .flat_map(
            |Kept {
                 messages,
                 deliveries,
             }| {
                deliveries.into_iter().map(move |(key, record)| Candidate {
                    head: messages.get(&key.message()).cloned(),
                    key,
                    record,
                })
            },
        )
        .filter(|candidate| candidate.key.endpoint() == endpoint.as_str())
        .filter(|candidate| candidate.is_failed() || candidate.record.awaits_its_recovery())
        .filter(|candidate| candidate.is_meant(request))
        .collect();
    meant.sort_by_key(|candidate| (candidate.accepted_at(), candidate.failed_at()));
    meant
}

impl Candidate {
    fn is_failed(&self) -> bool {
        self.record.state == DeliveryState::Failed
    }

    fn is_meant(&self, request: &RecoveryRequest) -> bool {
        self.has_kind(request)
            && self.has_subject(request)
            && self.failed_at().is_none_or(|at| request.span.holds(at))
    }

    /// An order number, an AWB and a type only apply to notifications.
    fn has_kind(&self, request: &RecoveryRequest) -> bool {
        let kind = self.key.kind();
        let of_notifications = request.order_number.is_some()
            || request.awb.is_some()
            || request.notification_type.is_some();
        let notification = self
            .head
            .as_ref()
            .and_then(|head| head.notification.as_ref());
        let has_type = request.notification_type.is_none_or(|wanted| {
            notification.is_some_and(|head| head.notification_type == Some(wanted))
        });
        has_type
            && (!of_notifications || kind == Some(MessageKind::Notification))
            && request.kind.is_none_or(|wanted| kind == Some(wanted))
    }

    /// The code of an expired message is unknown, but the message was found by the code's hash.
    fn has_subject(&self, request: &RecoveryRequest) -> bool {
        let code = self.head.as_ref().map(|head| head.subject.code());
        let is = |wanted: &str| code.is_none_or(|code| code == wanted);
        request
            .order_number
            .as_ref()
            .is_none_or(|wanted| is(wanted.as_str()))
            && request
                .subject
                .as_ref()
                .is_none_or(|wanted| is(wanted.as_str()))
    }

    fn accepted_at(&self) -> Option<i64> {
        self.head.as_ref().map(|head| head.created_at)
    }

    fn failed_at(&self) -> Option<i64> {
        self.record.latest().map(|attempt| attempt.at)
    }

    /// The queue task. It has no body and no request id, and does not say whether the message is a correction: the
    /// forwarder reads them from the message.
    fn task(&self, endpoint: &WebhookEndpoint, generation: u32) -> Option<DeliveryTask> {
        Some(DeliveryTask {
            client_id: endpoint.client_id.clone(),
            endpoint_id: endpoint.id.clone(),
            delivery_id: self.key.delivery_id(),
            message_kind: self.head.as_ref()?.kind,
            record: RecordKey {
                pk: self.key.pk.clone(),
                sk: self.key.sk.clone(),
            },
            accepted_at: self.accepted_at()?,
            generation,
            resend: true,
            replayed: true,
            correction: false,
            request_id: None,
            traceparent: None,
            payload: None,
        })
    }
}

/// Queues the deliveries: lanes in parallel, each lane in order. Returns how many were newly queued.
async fn queue(
    dependencies: &RecoveryDependencies,
    endpoint: &WebhookEndpoint,
    meant: Vec<Candidate>,
    now: Timestamp,
) -> Result<usize, FlowFailure> {
    let mut lanes: BTreeMap<u64, Vec<Candidate>> = BTreeMap::new();
    for candidate in meant {
        if let Some(head) = &candidate.head {
            let lane = endpoint.lane_of(&head.subject);
            lanes.entry(lane).or_default().push(candidate);
        }
    }
    let lanes = lanes
        .into_iter()
        .map(|(lane, candidates)| queue_lane(dependencies, endpoint, lane, candidates, now));
    // All lanes run to their end: a lane dropped half-way would have to wait for a repeated recovery.
    let queued: Vec<usize> = join_all(lanes)
        .await
        .into_iter()
        .collect::<Result<_, _>>()?;
    Ok(queued.into_iter().sum())
}

async fn queue_lane(
    dependencies: &RecoveryDependencies,
    endpoint: &WebhookEndpoint,
    lane: u64,
    candidates: Vec<Candidate>,
    now: Timestamp,
) -> Result<usize, FlowFailure> {
    let mut queued = 0;
    for candidate in candidates {
        let recovered = if candidate.is_failed() {
            let recovered = candidate.record.clone().recovered(now);
            if !dependencies
                .deliveries
                .recover(&candidate.key, &recovered)
                .await?
            {
                continue;
            }
            queued += 1;
            recovered
        } else {
            candidate.record.clone()
        };
        if let Some(task) = candidate.task(endpoint, recovered.generation()) {
            // One by one: if a batch failed in part, the rest of the lane would overtake the failed delivery.
            dependencies.queue.send_all(vec![(task, lane)]).await?;
        }
    }
    Ok(queued)
}

fn invalid(pointer: &str, detail: &str) -> FlowFailure {
    FlowFailure::Invalid(vec![Violation {
        pointer: pointer.to_owned(),
        detail: detail.to_owned(),
    }])
}
