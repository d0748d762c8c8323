//! Updates a shipment from a push.

use jiff::Timestamp;
use serde_bytes::ByteBuf;

use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booking, MetaData};
use crate::domain::claim::Standing;
use crate::domain::claim_record::{SeenClaim, ShipmentRecord};
use crate::domain::facts::ShipmentFacts;
use crate::domain::given_id::{TakeOver, TakenId};
use crate::domain::notification::NotificationType;
use crate::domain::push_news::{ClaimOfPush, PushNews, PushSays, news};
use crate::domain::text::Awb;
use crate::flows::notifying::resolve_shipment::Resolved;
use crate::store::booking::awbs::BookingOfPush;
use crate::store::booking::given_ids::Recorded;
use crate::store::booking::record_booking::NewBooking;
use crate::store::booking::shipments::{FoundShipment, Shipments};
use crate::store::failure::StoreFailure;

/// Records an unknown shipment, a new AWB, and the changes that the push makes to a booking; returns whether there was
/// anything to record. A repeat of the push changes nothing more.
pub(in crate::flows::notifying) async fn learn(
    shipments: &Shipments,
    account: &LogisticAccount,
    resolved: &Resolved,
    now: Timestamp,
) -> Result<bool, StoreFailure> {
    let lesson = Lesson {
        shipments,
        account,
        resolved,
        now,
    };
    match lesson.news() {
        PushNews::Nothing => return Ok(false),
        PushNews::Shipment => {
            let observed = ShipmentRecord::observed(lesson.observed());
            shipments.observe(&resolved.id, &observed).await?;
        }
        PushNews::Awb => lesson.bind(now).await?,
        // As if it had been pushed before any booking.
        PushNews::DeadAwb => lesson.bind(Timestamp::UNIX_EPOCH).await?,
        PushNews::Booking => lesson.settle().await?,
        PushNews::Replacement => lesson.replace().await?,
        PushNews::Cancellation => lesson.cancel().await?,
    }
    Ok(true)
}

/// Records that a translated event cancels its booking; `now` is when it arrived. What else it says was recorded then. It does
/// not cancel a booking that was made after it.
pub(in crate::flows::notifying) async fn learn_cancellation(
    shipments: &Shipments,
    account: &LogisticAccount,
    resolved: &Resolved,
    now: Timestamp,
) -> Result<(), StoreFailure> {
    let lesson = Lesson {
        shipments,
        account,
        resolved,
        now,
    };
    let claim = resolved.claim.as_ref().or(resolved.moving.as_ref());
    let claimed_at = claim.and_then(|claim| claim.claimed_at);
    let is_of_an_earlier_booking = lesson.awb().is_none()
        && claimed_at.is_some_and(|claimed_at| claimed_at > now.as_millisecond());
    if lesson.news() == PushNews::Cancellation && !is_of_an_earlier_booking {
        lesson.cancel().await?;
    }
    Ok(())
}

struct Lesson<'a> {
    shipments: &'a Shipments,
    account: &'a LogisticAccount,
    resolved: &'a Resolved,
    now: Timestamp,
}

impl Lesson<'_> {
    fn news(&self) -> PushNews {
        let resolved = self.resolved;
        let event = &resolved.event;
        let says = PushSays {
            awb: event.shipment.awb(),
            binding: resolved.binding,
            round: event.shipment.round,
            is_cancelled: event.meaning.word() == Some(NotificationType::Cancelled),
        };
        match (&resolved.claim, &resolved.moving) {
            (Some(claim), _) => news(says, Some(self.claim(claim))),
            // Only its AWB is known, from an earlier push.
            (None, Some(known)) if known.pushed_at.is_some() => PushNews::Nothing,
            (None, Some(known)) => news(says, Some(self.claim(known))),
            (None, None) => news(says, None),
        }
    }

    /// A finder has no state: its shipment was booked, and the write checks whether it still is.
    fn claim<'f>(&self, found: &'f FoundShipment) -> ClaimOfPush<'f> {
        let claimed_at = found.claimed_at;
        ClaimOfPush {
            standing: found.standing.unwrap_or(Standing::Booked),
            awb: found.facts.awb.as_ref(),
            round: found.round,
            claimed_at: claimed_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
            is_of_the_account: found.facts.alias == self.account.alias,
        }
    }

    fn awb(&self) -> Option<&Awb> {
        self.resolved.event.shipment.awb()
    }

    fn carrier_name(&self) -> Option<&str> {
        let shipment = &self.resolved.event.shipment;
        let carrier_name = match &shipment.returning {
            Some(returning) => &returning.carrier_name,
            None => &shipment.carrier_name,
        };
        carrier_name.as_deref()
    }

    /// The facts of a shipment that was booked elsewhere, from its push, and from the return order whose parcel it is.
    fn observed(&self) -> ShipmentFacts {
        let id = &self.resolved.id;
        let known = self.resolved.known();
        let announced = known.filter(|known| known.return_of.is_some());
        let warehouse = self.resolved.event.warehouse.clone();
        ShipmentFacts {
            order_number: id.order_number.clone(),
            shipment_code: id.shipment_code.clone(),
            shipment_type: id.shipment_type,
            alias: self.account.alias.clone(),
            aggregator: self.account.aggregator.clone(),
            order_id: None,
            awb: self.awb().cloned(),
            carrier_name: self.carrier_name().map(ToOwned::to_owned),
            warehouse: warehouse.or_else(|| announced?.warehouse.clone()),
            ordered_at: announced.and_then(|announced| announced.ordered_at),
            items: announced.map_or_else(Vec::new, |announced| announced.items.clone()),
            meta_data: MetaData::new(),
            return_of: announced.and_then(|announced| announced.return_of.clone()),
        }
    }

    async fn bind(&self, pushed_at: Timestamp) -> Result<(), StoreFailure> {
        let Some(awb) = self.awb() else {
            return Ok(());
        };
        let client = &self.account.client_id;
        let taken = self
            .shipments
            .bind(client, &self.observed(), awb, pushed_at)
            .await?;
        if let Some(taken) = taken {
            tell_taken(&taken);
        }
        Ok(())
    }

    async fn settle(&self) -> Result<(), StoreFailure> {
        let (Some(known), Some(awb)) = (&self.resolved.claim, self.awb()) else {
            return Ok(());
        };
        let event = &self.resolved.event;
        let booking = Booking {
            order_id: None,
            awb: awb.clone(),
            carrier_name: self.carrier_name().map(ToOwned::to_owned),
            label_url: None,
            commercial_invoice_url: None,
            meta_data: event.meta_data.clone(),
            own_ids: event.own_ids.clone(),
        };
        let standing = known.standing.unwrap_or(Standing::Uncertain);
        let seen = SeenClaim {
            standing,
            holder: known.holder.as_deref().unwrap_or_default(),
        };
        let id = &self.resolved.id;
        let booked = NewBooking {
            facts: &known.facts,
            booking: &booking,
        };
        let request = self.queued_request(standing).await?;
        let settled = self
            .shipments
            .book_with(id, seen, booked, TakeOver::Never, request)
            .await?;
        self.tell(is_done(settled), "claim settled by a notification");
        Ok(())
    }

    /// The request of a queued order, which its claim has until it is booked.
    async fn queued_request(&self, standing: Standing) -> Result<Option<ByteBuf>, StoreFailure> {
        if standing != Standing::Pending {
            return Ok(None);
        }
        let claim = self.shipments.get(&self.resolved.id).await?;
        Ok(claim.and_then(|claim| claim.asked_for))
    }

    async fn replace(&self) -> Result<(), StoreFailure> {
        let (Some(booking), Some(awb)) = (self.booking(), self.awb()) else {
            return Ok(());
        };
        let carrier_name = self.carrier_name();
        let replaced = self
            .shipments
            .replace_awb(booking, awb, carrier_name)
            .await?;
        let replaced = is_done(replaced);
        self.tell(replaced, "AWB replaced by a notification");
        if replaced {
            Ok(())
        } else {
            // It was booked again: this AWB does not belong to the current booking.
            self.bind(self.now).await
        }
    }

    async fn cancel(&self) -> Result<(), StoreFailure> {
        let Some(booking) = self.booking() else {
            return Ok(());
        };
        let event = &self.resolved.event;
        let at = event.occurred_at.unwrap_or(self.now);
        let cancelled = self
            .shipments
            .cancelled_by_push(booking, self.awb(), event.shipment.round, at)
            .await?;
        self.tell(cancelled, "booking cancelled by a notification");
        Ok(())
    }

    fn booking(&self) -> Option<BookingOfPush<'_>> {
        let known = self.resolved.claim.as_ref();
        let known = known.or(self.resolved.moving.as_ref())?;
        Some(BookingOfPush {
            id: &self.resolved.id,
            facts: &known.facts,
        })
    }

    fn tell(&self, recorded: bool, what: &'static str) {
        let id = &self.resolved.id;
        tracing::info!(
            order_number = %id.order_number,
            shipment_type = %id.shipment_type,
            recorded,
            "{what}"
        );
    }
}

/// Whether it is recorded. The AWB of another order is not, but the event is.
fn is_done(recorded: Recorded) -> bool {
    match recorded {
        Recorded::Done => true,
        Recorded::Outrun => false,
        Recorded::Taken(taken) => {
            tell_taken(&taken);
            false
        }
    }
}

fn tell_taken(taken: &TakenId) {
    let error = crate::telemetry::chain(taken);
    tracing::warn!(error, "a notification names the AWB of another order");
}
