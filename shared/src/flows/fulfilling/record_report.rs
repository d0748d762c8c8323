//! Records what a warehouse reports about a sales order, and forwards it as it was pushed. When this returns without a failure,
//! the report is in the order's time line, and its message is stored and queued for every endpoint that subscribes to it.
//!
//! Nothing is dropped: a report about an unknown order, with an unreadable time or an unknown status code is recorded and
//! forwarded like any other, and flagged. A report and its message are written in one transaction. If the send fails, or the
//! function ends before it, the warehouse repeats the report; the repeat finds it, and sends what has no delivery record.

use futures::try_join;
use jiff::Timestamp;
use jiff::tz::{Offset, offset};

use crate::contract::fields::Violation;
use crate::digest::{Sha256, hex};
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::fulfilling::event::DatedFulfilmentEvent;
use crate::domain::fulfilling::local_time::instant_of;
use crate::domain::fulfilling::warehouse_report::{ReportFlag, WarehouseReport};
use crate::domain::message::{Message, MessageSubject, Routing};
use crate::domain::text::{ClientId, RequestId, SalesOrderNumber};
use crate::flows::failure::FlowFailure;
use crate::flows::fulfilment_account::fulfilment_account;
use crate::flows::messaging::publish_message::{PublishDependencies, Published, publish_again};
use crate::flows::messaging::publish_together::publish_together;
use crate::store::configuring::accounts::Accounts;
use crate::store::fulfilling::outbound_index::OutboundIndex;
use crate::store::fulfilling::outbound_orders::OutboundOrders;
use crate::store::fulfilling::reports::{KeptReport, Reports};
use crate::store::message_keys::MessageKey;
use crate::telemetry::set_field;

/// How often a report is looked at at most. Only the same report on another instance is faster.
const MOST_TRIES: u32 = 3;
/// The time zone of the warehouses of a client without an account for fulfilment: that of an account that names none.
const USUAL_ZONE: Offset = offset(7);
/// What a report without the name of an order is answered.
const UNNAMED: &str = "so_reference_a, doc_no or delivery_no must be the number of the sales order: 1 to 50 characters of A-Z, a-z, 0-9, \
                       _ and -";

/// The dependencies of recording a report.
#[derive(Debug)]
pub struct ReportDependencies {
    /// The orders with what the warehouse says about them.
    pub orders: OutboundOrders,
    /// The orders by the number of their delivery.
    pub index: OutboundIndex,
    /// The reports that were recorded.
    pub reports: Reports,
    /// The accounts, for the time zone of the warehouse.
    pub accounts: Accounts,
    /// The messages and their endpoints.
    pub publishing: PublishDependencies,
}

/// A report as it was pushed.
#[derive(Debug, Clone, Copy)]
pub struct PushedReport<'a> {
    /// The client.
    pub client_id: &'a ClientId,
    /// What RMS reads of it.
    pub report: &'a WarehouseReport,
    /// The body.
    pub body: &'a str,
    /// The id of the request.
    pub request_id: &'a RequestId,
}

/// A report that is recorded and forwarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedReport {
    /// The order to which it belongs.
    pub order: SalesOrderNumber,
    /// What is unusual about it.
    pub flags: Vec<ReportFlag>,
    /// Its message.
    pub message: Published,
}

/// Records a report once, and forwards it. The same body is the same report.
pub async fn record_report(
    dependencies: &ReportDependencies,
    pushed: PushedReport<'_>,
    now: Timestamp,
) -> Result<RecordedReport, FlowFailure> {
    let identity = hex(&Sha256::digest(pushed.body));
    let (client, orders) = (pushed.client_id, &pushed.report.orders);
    for _ in 0..MOST_TRIES {
        let known = dependencies.reports.look(client, &identity, orders).await?;
        if let Some(kept) = known.kept {
            return forward_again(dependencies, pushed, kept, &identity).await;
        }
        let recorded = record(dependencies, pushed, known.order, &identity, now).await?;
        if let Some(recorded) = recorded {
            return Ok(recorded);
        }
    }
    Err(FlowFailure::Contended)
}

/// Records a new report with its message, then sends this. `None` if the report was recorded meanwhile.
async fn record(
    dependencies: &ReportDependencies,
    pushed: PushedReport<'_>,
    known: Option<SalesOrderNumber>,
    identity: &str,
    now: Timestamp,
) -> Result<Option<RecordedReport>, FlowFailure> {
    let publishing = &dependencies.publishing;
    let endpoints = async { Ok(publishing.endpoints.all(pushed.client_id).await?) };
    let order = order_of(dependencies, pushed, known);
    let time = time_of(dependencies, pushed, now);
    let (endpoints, (order, is_known), (at, is_readable)) = try_join!(endpoints, order, time)?;
    let report = pushed.report;
    let flags = flags(is_known, is_readable, report);
    let event = DatedFulfilmentEvent {
        at,
        identity: identity.to_owned(),
        event: report.event.clone(),
        written_time: report.time.clone().filter(|_| !is_readable),
        flags: flags.clone(),
    };
    let kept = KeptReport { order, flags };
    let message = write(dependencies, pushed, &kept, &event, &endpoints, now).await?;
    Ok(message.map(|message| recorded(kept, message)))
}

async fn write(
    dependencies: &ReportDependencies,
    pushed: PushedReport<'_>,
    kept: &KeptReport,
    event: &DatedFulfilmentEvent,
    endpoints: &[WebhookEndpoint],
    now: Timestamp,
) -> Result<Option<Published>, FlowFailure> {
    let client = pushed.client_id;
    let messages = [message(pushed, kept, &event.identity)];
    let report = dependencies.reports.part(client, &event.identity, kept)?;
    let write = async |parts: Vec<_>| {
        let also = parts.into_iter().chain([report]);
        let orders = &dependencies.orders;
        orders.append(client, &kept.order, event, now, also).await
    };
    let (publishing, id) = (&dependencies.publishing, pushed.request_id);
    let published = publish_together(publishing, endpoints, &messages, id, now, write).await?;
    Ok(published.and_then(|published| published.into_iter().next()))
}

/// Sends what an earlier copy of the report may not have sent.
async fn forward_again(
    dependencies: &ReportDependencies,
    pushed: PushedReport<'_>,
    kept: KeptReport,
    identity: &str,
) -> Result<RecordedReport, FlowFailure> {
    let message = message(pushed, &kept, identity);
    let published = publish_again(&dependencies.publishing, &message).await?;
    // The message may have expired.
    let published = published.unwrap_or_else(|| Published {
        message_id: MessageKey::of(&message).message_id(),
        replayed: true,
    });
    Ok(recorded(kept, published))
}

fn recorded(kept: KeptReport, message: Published) -> RecordedReport {
    set_field("subject", &kept.order);
    if !kept.flags.is_empty() {
        let flags = kept.flags.iter().map(ToString::to_string);
        let flags = flags.collect::<Vec<_>>().join(" ");
        tracing::warn!(message_id = message.message_id, flags, "unusual report");
    }
    RecordedReport {
        order: kept.order,
        flags: kept.flags,
        message,
    }
}

/// The order to which a report belongs, and whether the client has it. `known` is the first of the named ones that it has. One
/// that it does not have is the first name.
async fn order_of(
    dependencies: &ReportDependencies,
    pushed: PushedReport<'_>,
    known: Option<SalesOrderNumber>,
) -> Result<(SalesOrderNumber, bool), FlowFailure> {
    if let Some(order) = known {
        return Ok((order, true));
    }
    let (client, report) = (pushed.client_id, pushed.report);
    if let Some(delivery) = &report.delivery {
        let found = dependencies.index.with_tracking(client, delivery).await?;
        if let Some(order) = found {
            return Ok((order, true));
        }
    }
    let delivery = report.delivery.iter();
    let mut of_delivery = delivery.filter_map(|delivery| delivery.as_str().parse().ok());
    let named = report.orders.first().cloned();
    let named = named.or_else(|| of_delivery.next());
    named.map(|order| (order, false)).ok_or_else(|| {
        FlowFailure::Invalid(vec![Violation {
            pointer: "/so_reference_a".to_owned(),
            detail: UNNAMED.to_owned(),
        }])
    })
}

/// When it happened, and whether that could be read. A report without a time happened when it arrived.
async fn time_of(
    dependencies: &ReportDependencies,
    pushed: PushedReport<'_>,
    now: Timestamp,
) -> Result<(Timestamp, bool), FlowFailure> {
    let Some(written) = &pushed.report.time else {
        return Ok((now, true));
    };
    let account = fulfilment_account(&dependencies.accounts, pushed.client_id).await?;
    let zone = account.map_or(USUAL_ZONE, |account| account.time_zone());
    let read = instant_of(written, &zone.to_time_zone());
    Ok((read.unwrap_or(now), read.is_some()))
}

fn flags(is_known: bool, is_readable: bool, report: &WarehouseReport) -> Vec<ReportFlag> {
    let flags = [
        (!is_known, ReportFlag::UnknownOrder),
        (!is_readable, ReportFlag::UnreadableTime),
        (report.event.state().is_none(), ReportFlag::UnmappedStatus),
    ];
    let raised = flags.into_iter().filter(|(is_raised, _)| *is_raised);
    raised.map(|(_, flag)| flag).collect()
}

/// The message that forwards a report. Its id depends only on the client, the order and the body.
fn message<'a>(pushed: PushedReport<'a>, kept: &KeptReport, identity: &str) -> Message<'a> {
    Message {
        client_id: pushed.client_id,
        routing: Routing {
            kind: pushed.report.event.message_kind(),
            notification_type: None,
            shipment_type: None,
            alias: None,
            warehouse: pushed.report.warehouse.as_ref(),
        },
        subject: MessageSubject::SalesOrder(kept.order.clone()),
        identity: vec![identity.to_owned()],
        content: String::new(),
        correction: false,
        body: pushed.body.to_owned(),
    }
}
