//! What RMS knows of a shipment's booking, and what to do.

use jiff::Timestamp;
use logistics::clock;
use logistics::domain::booking_refusal::{BookingRefusal, RefusalKind};
use logistics::domain::claim::Standing;
use logistics::domain::claim_record::ShipmentRecord;
use logistics::domain::client::Scope;
use logistics::domain::doubt::Doubt;
use logistics::domain::shipment::ShipmentType;
use logistics::domain::shipment_id::ShipmentId;
use logistics::edge::problem::Problem;
use logistics::flows::booking::account::choose;

use crate::api::Api;
use crate::failure::Failed;
use crate::moment::Moment;
use crate::screens::deliveries::tone;

/// The booking.
pub(super) struct Booking {
    pub(super) standing: String,
    pub(super) advice: &'static str,
    pub(super) since: Option<Timestamp>,
    pub(super) refusal: Option<Refusal>,
    pub(super) left_orders: Vec<String>,
    pub(super) may_settle: bool,
    pub(super) may_cancel: bool,
    pub(super) has_label: bool,
}

/// Why the last request was refused.
pub(super) struct Refusal {
    pub(super) words: &'static str,
    /// What the aggregator or RMS said.
    pub(super) said: String,
    pub(super) at: Moment,
    pub(super) alias: String,
}

/// The claim of the shipment. The API does not tell it as such; it decides what the API's answers are.
/// `is_over`: its journey has ended.
pub(super) async fn booking(
    api: &Api<'_>,
    id: &ShipmentId,
    is_over: bool,
) -> Result<Option<Booking>, Failed> {
    let table = &api.functions.get_shipment.shipments;
    let record = table.get(id).await.map_err(Problem::from)?;
    let Some(record) = record else {
        return Ok(None);
    };
    let mut booking = Booking::of(api, id.shipment_type, &record);
    booking.may_cancel = booking.may_cancel && !is_over && cancels(api, &record).await;
    Ok(Some(booking))
}

/// Whether the aggregator of the booking can cancel it. If the account cannot be read, the answer to the form says so.
async fn cancels(api: &Api<'_>, record: &ShipmentRecord) -> bool {
    let accounts = &api.functions.cancel_shipment.booking.accounts;
    let client = &api.visitor.caller().client_id;
    let chosen = choose(accounts, client, Some(&record.facts.alias)).await;
    chosen.is_ok_and(|chosen| chosen.aggregator.cancels(&chosen.account).is_some())
}

impl Booking {
    fn of(api: &Api<'_>, direction: ShipmentType, record: &ShipmentRecord) -> Self {
        let caller = api.visitor.caller();
        let may_ship = caller.has_one_of(&[Scope::Shipping]);
        let may_book = match direction {
            ShipmentType::Forward => may_ship,
            ShipmentType::Return => caller.has_one_of(&Scope::RETURN_AWBS),
        };
        let doubt = Doubt::of(record, clock::now());
        let is_open = doubt.is_some() || record.standing == Standing::Pending;
        let is_there = matches!(
            record.standing,
            Standing::Booked | Standing::Ordered | Standing::Pending
        );
        Self {
            standing: match record.standing {
                Standing::Observed => "NOT BOOKED HERE".to_owned(),
                Standing::Released => "NOT BOOKED".to_owned(),
                Standing::Claimed
                | Standing::Uncertain
                | Standing::Pending
                | Standing::Ordered
                | Standing::Booked
                | Standing::Cancelled => record.standing.to_string(),
            },
            advice: advice(record.standing, direction, doubt),
            since: record
                .claimed_at
                .and_then(|at| Timestamp::from_millisecond(at).ok()),
            refusal: refusal(record),
            left_orders: record
                .left_orders
                .iter()
                .map(|left| format!("{} at {}", left.name, left.alias))
                .collect(),
            may_settle: is_open && may_ship,
            may_cancel: is_there && may_book,
            has_label: record.standing == Standing::Booked
                && direction == ShipmentType::Forward
                && record.label_url.is_some()
                && may_ship,
        }
    }

    pub(super) fn tone(&self) -> &'static str {
        tone(&self.standing)
    }
}

/// The refusal that released the claim, if one did.
fn refusal(record: &ShipmentRecord) -> Option<Refusal> {
    let BookingRefusal {
        kind,
        code,
        detail,
        at,
    } = record.refusal.as_ref()?;
    let said = [code, detail].map(Option::as_deref).into_iter().flatten();
    let is_released = record.standing == Standing::Released;
    is_released.then(|| Refusal {
        words: refused(*kind),
        said: said.collect::<Vec<_>>().join(": "),
        at: Moment::of_milliseconds(*at),
        alias: record.facts.alias.to_string(),
    })
}

fn refused(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::RefusedByAggregator => "The aggregator refused the last request",
        RefusalKind::InvalidRequest => {
            "The last request had values that the account’s aggregator does not take"
        }
        RefusalKind::CapabilityNotSupported => {
            "The last request was refused, because the account does not support it"
        }
        RefusalKind::AggregatorCredentials => {
            "The aggregator refused the account’s credentials at the last request"
        }
        RefusalKind::AggregatorUnreadable => {
            "The last request was given up: the aggregator’s answer could not be read"
        }
        RefusalKind::AggregatorUnavailable => {
            "The last request was given up: the aggregator was not available"
        }
        RefusalKind::OutcomeUnknown => {
            "The last request was given up: the aggregator gave no clear answer to the cancellation of an order that an \
             earlier request left"
        }
        RefusalKind::Unavailable => {
            "The last request was given up: the storage of RMS was not available"
        }
        RefusalKind::Other => "The last request was refused",
    }
}

/// What a standing means, and what to do.
fn advice(standing: Standing, direction: ShipmentType, doubt: Option<Doubt>) -> &'static str {
    match standing {
        Standing::Claimed if doubt.is_some() => {
            "The request that booked it never ended: its outcome is unknown. Repeat the same request: RMS then asks the \
             aggregator before it buys. Or look for the order in the aggregator’s panel and enter here what you find."
        }
        Standing::Observed => "Not booked through RMS: it is known only from notifications.",
        Standing::Claimed => {
            "A request is booking it now. If it does not end within half a minute, the next request continues it."
        }
        Standing::Uncertain => {
            "A booking was attempted and its outcome is unknown. Repeat the same request: RMS then asks the aggregator \
             before it buys. Or look for the order in the aggregator’s panel and enter here what you find."
        }
        Standing::Pending => {
            "The aggregator has queued it. The AWB comes with a push, or with the next request for the label."
        }
        Standing::Ordered => {
            "The order exists at the aggregator, without an AWB. A request for its label continues it."
        }
        Standing::Booked if direction == ShipmentType::Return => {
            "Booked. The same request returns the same AWB."
        }
        Standing::Booked => "Booked. The same request returns the same label.",
        Standing::Released => {
            "Nothing is booked: the last request was refused, or it was settled as never booked. The order number is free for \
             another request."
        }
        Standing::Cancelled => "Cancelled at the aggregator. The order number may be booked again.",
    }
}
