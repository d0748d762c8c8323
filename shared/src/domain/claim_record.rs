//! A shipment as its table keeps it: what is known of it, and the claim that makes its booking happen once.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use url::Url;

use crate::domain::booking::Booking;
use crate::domain::claim::Standing;
use crate::domain::facts::Facts;

/// A shipment and its claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shipment {
    /// What is known of it.
    pub facts: Facts,
    /// Where its claim stands.
    pub standing: Standing,
    /// A digest of what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The name of the attempt that wrote it last.
    pub holder: String,
    /// When the holder's lease ends, in epoch milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease_until: Option<i64>,
    /// How far the aggregator's sequence of calls has come.
    #[serde(default)]
    pub progress: BTreeMap<String, String>,
    /// How often the order number was claimed for a new booking: the aggregator knows the ones before by other names.
    #[serde(default = "first_round")]
    pub round: u32,
    /// The request itself, packed, while the aggregator has it queued: asking again needs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_for: Option<ByteBuf>,
    /// Where the label is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_url: Option<Url>,
    /// Where the commercial invoice is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commercial_invoice_url: Option<Url>,
}

fn first_round() -> u32 {
    1
}

/// A claim as its next writer saw it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Where it stood.
    pub standing: Standing,
    /// Under which name.
    pub holder: &'a str,
}

/// How an aggregator knows a claimed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// How often the order number was claimed for a new booking.
    pub round: u32,
    /// The ids that the sequence of calls got.
    pub progress: BTreeMap<String, String>,
}

impl Shipment {
    /// The booking, once there is one.
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

    /// The claim, for its next writer.
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            standing: self.standing,
            holder: &self.holder,
        }
    }

    /// How the aggregator knows it.
    pub fn known(&self) -> Known {
        Known {
            round: self.round,
            progress: self.progress.clone(),
        }
    }

    /// When the holder's lease ends.
    pub fn lease(&self) -> Option<Timestamp> {
        self.lease_until
            .and_then(|until| Timestamp::from_millisecond(until).ok())
    }
}
