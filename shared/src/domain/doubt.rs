//! Why the outcome of an order at its aggregator is not known.

use jiff::Timestamp;

use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;

/// Why an order is in doubt.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, strum::Display, strum::IntoStaticStr,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Doubt {
    /// The aggregator gave no clear answer.
    Uncertain,
    /// The request that booked it never ended.
    Interrupted,
}

impl Doubt {
    /// Why an order is in doubt at `now`, if it is: a claim that a request still works on is not.
    pub fn of(record: &ShipmentRecord, now: Timestamp) -> Option<Self> {
        match record.standing {
            Standing::Uncertain => Some(Self::Uncertain),
            Standing::Claimed if record.lease().is_none_or(|until| until <= now) => {
                Some(Self::Interrupted)
            }
            Standing::Claimed
            | Standing::Observed
            | Standing::Pending
            | Standing::Ordered
            | Standing::Booked
            | Standing::Released
            | Standing::Cancelled => None,
        }
    }
}
