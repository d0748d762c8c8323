//! The stored form of a shipment: its facts, and the claim that makes sure it is booked only once.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use url::Url;

use crate::domain::booking::Booking;
use crate::domain::booking_refusal::BookingRefusal;
use crate::domain::claim::{LEASE, MetClaim, Standing};
use crate::domain::claim_use::ClaimState;
use crate::domain::document_url::stored;
use crate::domain::facts::ShipmentFacts;
use crate::domain::left_order::LeftOrder;
use crate::domain::naming::Naming;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::Awb;

/// A shipment and its claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShipmentRecord {
    /// The facts of the shipment.
    pub facts: ShipmentFacts,
    /// The state of its claim.
    pub standing: Standing,
    /// A digest of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The attempt that wrote it last.
    pub holder: String,
    /// When the holder's lease expires, in epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_until: Option<i64>,
    /// When the attempt that made the claim began, in epoch milliseconds; absent in old items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<i64>,
    /// When RMS cancelled it, in epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<i64>,
    /// Why the last request was refused, if the claim was released for that; absent in old items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<BookingRefusal>,
    /// Its earlier AWBs, oldest first: of earlier rounds, and those that the courier replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_awbs: Vec<Awb>,
    /// The orders that refused earlier requests left at aggregators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_orders: Vec<LeftOrder>,
    /// The progress of the aggregator's sequence of calls.
    #[serde(default)]
    pub progress: BTreeMap<String, String>,
    /// How often the order number was claimed for a new booking: the aggregator has the earlier ones under other names.
    #[serde(default = "first_round")]
    pub round: u32,
    /// How its name at the aggregator is written.
    #[serde(default, skip_serializing_if = "Naming::is_plus")]
    pub naming: Naming,
    /// The packed request while the aggregator has it queued: it is needed to ask again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_for: Option<ByteBuf>,
    /// The URL of the label.
    #[serde(
        default,
        deserialize_with = "stored",
        skip_serializing_if = "Option::is_none"
    )]
    pub label_url: Option<Url>,
    /// The URL of the commercial invoice.
    #[serde(
        default,
        deserialize_with = "stored",
        skip_serializing_if = "Option::is_none"
    )]
    pub commercial_invoice_url: Option<Url>,
}

fn first_round() -> u32 {
    1
}

/// A claim, as its next writer read it.
#[derive(Debug, Clone, Copy)]
pub struct SeenClaim<'a> {
    /// The state.
    pub standing: Standing,
    /// The holder.
    pub holder: &'a str,
}

/// How the aggregator identifies a claimed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrder {
    /// How often the order number was claimed for a new booking.
    pub round: u32,
    /// How the order's name is written.
    pub naming: Naming,
    /// The ids that the sequence of calls returned.
    pub progress: BTreeMap<String, String>,
    /// The orders that refused earlier requests left at aggregators.
    pub left_orders: Vec<LeftOrder>,
}

impl ShipmentRecord {
    /// A new claim of `holder`, for a request with the digest `content`.
    pub fn claimed(facts: ShipmentFacts, content: String, holder: String, now: Timestamp) -> Self {
        Self {
            content: Some(content),
            lease_until: Some((now + LEASE).as_millisecond()),
            claimed_at: Some(now.as_millisecond()),
            naming: Naming::Dash,
            ..Self::new(facts, Standing::Claimed, holder)
        }
    }

    /// A shipment that is known only from notifications.
    pub fn observed(facts: ShipmentFacts) -> Self {
        Self::new(facts, Standing::Observed, String::new())
    }

    /// The parcel of a return order whose AWB was made without RMS. `met` is the record that it replaces.
    pub fn registered(facts: ShipmentFacts, holder: String, met: Option<&Self>) -> Self {
        let awb = facts.awb.clone();
        let mut registered = Self::new(facts, Standing::Booked, holder);
        if let Some(met) = met {
            registered.round = met.round + u32::from(met.standing == Standing::Cancelled);
            registered.earlier_awbs = met.awbs();
            registered
                .earlier_awbs
                .retain(|earlier| Some(earlier) != awb.as_ref());
        }
        registered
    }

    fn new(facts: ShipmentFacts, standing: Standing, holder: String) -> Self {
        Self {
            facts,
            standing,
            content: None,
            holder,
            lease_until: None,
            claimed_at: None,
            cancelled_at: None,
            refusal: None,
            earlier_awbs: Vec::new(),
            left_orders: Vec::new(),
            progress: BTreeMap::new(),
            round: first_round(),
            naming: Naming::Plus,
            asked_for: None,
            label_url: None,
            commercial_invoice_url: None,
        }
    }

    /// All AWBs that it ever had, the current one last.
    pub fn awbs(&self) -> Vec<Awb> {
        let present = self.facts.awb.iter();
        self.earlier_awbs.iter().chain(present).cloned().collect()
    }

    /// The booking, if there is one.
    pub fn booking(&self) -> Option<Booking> {
        if self.standing != Standing::Booked {
            return None;
        }
        Some(Booking {
            order_id: self.facts.order_id.clone(),
            awb: self.facts.awb.clone()?,
            carrier_name: self.facts.carrier_name.clone(),
            label_url: self.label_url.clone(),
            commercial_invoice_url: self.commercial_invoice_url.clone(),
            meta_data: self.facts.meta_data.clone(),
            own_ids: self.progress.clone(),
        })
    }

    /// The claim for its next writer.
    pub fn seen(&self) -> SeenClaim<'_> {
        SeenClaim {
            standing: self.standing,
            holder: &self.holder,
        }
    }

    /// The properties that a request for the same order, with the digest `content`, needs.
    pub fn met(&self, content: Option<&str>) -> MetClaim {
        MetClaim {
            standing: self.standing,
            same_content: self.content.as_deref() == content,
            lease_until: self.lease(),
            has_progress: !self.progress.is_empty(),
        }
    }

    /// Its state for a reader at `now`.
    pub fn state(&self, now: Timestamp) -> ClaimState {
        ClaimState {
            standing: self.standing,
            is_leased: self.lease().is_some_and(|until| until > now),
            has_progress: !self.progress.is_empty() || self.has_left_orders(),
        }
    }

    /// Whether something of it is known to exist at the aggregator.
    pub fn is_at_aggregator(&self) -> bool {
        let facts = &self.facts;
        !self.progress.is_empty() || facts.awb.is_some() || facts.order_id.is_some()
    }

    /// Whether refused requests left orders that must be cancelled.
    pub fn has_left_orders(&self) -> bool {
        self.left_orders.iter().any(|left| !left.stays)
    }

    /// Whether it contains all data of a booking's response. A claim that was settled by a push or an operator may lack
    /// data that only the aggregator has.
    pub fn is_complete(&self) -> bool {
        let has_document =
            self.label_url.is_some() || self.facts.shipment_type == ShipmentType::Return;
        self.facts.order_id.is_some() && has_document
    }

    /// Whether the aggregator reports another label URL for the same AWB: some label URLs expire.
    pub fn has_moved_label(&self, looked_up: &Booking) -> bool {
        self.facts.awb.as_ref() == Some(&looked_up.awb) && looked_up.label_url != self.label_url
    }

    /// How the aggregator identifies the order.
    pub fn known(&self) -> KnownOrder {
        KnownOrder {
            round: self.round,
            naming: self.naming,
            progress: self.progress.clone(),
            left_orders: self.left_orders.clone(),
        }
    }

    /// When the holder's lease expires.
    pub fn lease(&self) -> Option<Timestamp> {
        self.lease_until
            .and_then(|until| Timestamp::from_millisecond(until).ok())
    }
}
