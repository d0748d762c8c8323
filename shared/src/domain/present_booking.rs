//! Which events of an order belong to its current booking.
//!
//! An order may be cancelled and booked again, and its courier may be changed: then it had other AWBs before. Events of
//! those are stored and shown, but do not change the state, which is that of the current AWB.

use jiff::Timestamp;

use crate::domain::claim::Standing;
use crate::domain::claim_record::ShipmentRecord;
use crate::domain::notification::NotificationType;
use crate::domain::text::{AccountAlias, Awb};
use crate::domain::timeline::DatedEvent;

/// The properties of an event that decide to which booking it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventOrigin<'a> {
    /// The account that pushed it; absent if RMS itself made it.
    pub alias: Option<&'a AccountAlias>,
    /// The pushed AWB.
    pub awb: Option<&'a Awb>,
    /// The round of the pushed name.
    pub round: Option<u32>,
    /// When it arrived, in epoch milliseconds.
    pub received_at: i64,
}

/// How an event relates to the current booking of its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventPlace {
    /// It belongs to the current booking.
    Present,
    /// It belongs to an earlier booking, or to an earlier AWB.
    Earlier,
    /// It was pushed by another account than the one that booked the shipment.
    OtherAccount,
}

/// The current booking of an order.
#[derive(Debug, Clone, Copy)]
pub struct PresentBooking<'a> {
    record: Option<&'a ShipmentRecord>,
}

impl<'a> PresentBooking<'a> {
    /// The booking of an order with or without a record.
    pub fn of(record: Option<&'a ShipmentRecord>) -> Self {
        // Shipments that were booked elsewhere have no rounds: all pushed events belong to them.
        let record = record.filter(|record| record.standing != Standing::Observed);
        Self { record }
    }

    /// Its cancellation by RMS as an event. Old cancellations have no recorded time.
    pub fn cancellation(self) -> Option<DatedEvent> {
        let record = self.record?;
        let at = record.cancelled_at.map(Timestamp::from_millisecond);
        (record.standing == Standing::Cancelled).then(|| DatedEvent {
            at: at.and_then(Result::ok).unwrap_or(Timestamp::MAX),
            received_at: record.cancelled_at.unwrap_or(i64::MAX),
            place: String::new(),
            event: NotificationType::Cancelled,
            is_time_told: true,
        })
    }

    /// How an event relates to it.
    pub fn place(self, event: &EventOrigin<'_>) -> EventPlace {
        match self.record {
            None => EventPlace::Present,
            Some(record) if !may_push(record, event.alias) => EventPlace::OtherAccount,
            Some(record) if is_about(record, event) => EventPlace::Present,
            Some(_) => EventPlace::Earlier,
        }
    }
}

/// Whether an account may move a booked shipment. Any may that knows the AWB of a return order which was made elsewhere.
fn may_push(record: &ShipmentRecord, alias: Option<&AccountAlias>) -> bool {
    let return_of = record.facts.return_of.as_ref();
    return_of.is_some_and(|mark| mark.made_elsewhere)
        || alias.is_none_or(|alias| *alias == record.facts.alias)
}

fn is_about(record: &ShipmentRecord, event: &EventOrigin<'_>) -> bool {
    let claimed_at = record.claimed_at;
    let is_since = claimed_at.is_none_or(|claimed_at| event.received_at >= claimed_at);
    match (event.awb, &record.facts.awb) {
        (Some(pushed), Some(present)) => pushed == present,
        (Some(pushed), None) => is_since && !record.earlier_awbs.contains(pushed),
        (None, _) => match event.round {
            Some(round) => round == record.round,
            None => is_since || record.round == 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::facts::tests::facts;

    fn record(round: u32, awb: Option<&str>, earlier: &[&str]) -> ShipmentRecord {
        let mut facts = facts("A-1");
        facts.awb = awb.map(|awb| awb.parse().unwrap());
        let at = Timestamp::from_millisecond(1_000).unwrap();
        let mut record = ShipmentRecord::claimed(facts, String::new(), String::new(), at);
        record.round = round;
        record.earlier_awbs = earlier.iter().map(|awb| awb.parse().unwrap()).collect();
        record
    }

    fn has(record: &ShipmentRecord, awb: Option<&str>, round: Option<u32>, at: i64) -> bool {
        let awb = awb.map(|awb| awb.parse().unwrap());
        let event = EventOrigin {
            alias: Some(&"north".parse().unwrap()),
            awb: awb.as_ref(),
            round,
            received_at: at,
        };
        PresentBooking::of(Some(record)).place(&event) == EventPlace::Present
    }

    #[test]
    fn the_current_awb_decides() {
        let record = record(2, Some("A2"), &["A1"]);
        assert!(has(&record, Some("A2"), None, 0));
        assert!(!has(&record, Some("A1"), None, 2_000));
        assert!(!has(&record, Some("A1"), Some(2), 2_000));
        assert!(!has(&record, Some("A9"), None, 2_000));
    }

    #[test]
    fn without_a_known_awb_earlier_awbs_and_events_before_the_claim_are_earlier() {
        let record = record(2, None, &["A1"]);
        assert!(!has(&record, Some("A1"), None, 2_000));
        assert!(!has(&record, Some("A9"), None, 500));
        assert!(has(&record, Some("A9"), None, 2_000));
    }

    #[test]
    fn without_an_awb_the_name_decides_and_then_the_time() {
        let second = record(2, Some("A2"), &["A1"]);
        assert!(has(&second, None, Some(2), 0));
        assert!(!has(&second, None, Some(1), 2_000));
        assert!(has(&second, None, None, 2_000));
        assert!(!has(&second, None, None, 500));
        // A return that was placed before its AWB was bought.
        let first = record(1, Some("A1"), &[]);
        assert!(has(&first, None, None, 500));
    }

    #[test]
    fn all_events_of_a_shipment_booked_elsewhere_belong_to_it() {
        let observed = ShipmentRecord::observed(facts("A-1"));
        assert!(has(&observed, Some("F1"), None, 0));
        let event = EventOrigin {
            alias: Some(&"south".parse().unwrap()),
            awb: None,
            round: None,
            received_at: 0,
        };
        for record in [None, Some(&observed)] {
            let booking = PresentBooking::of(record);
            assert_eq!(booking.place(&event), EventPlace::Present);
        }
    }

    #[test]
    fn another_account_does_not_move_a_booked_shipment() {
        let record = record(1, Some("A1"), &[]);
        let event = EventOrigin {
            alias: Some(&"south".parse().unwrap()),
            awb: record.facts.awb.as_ref(),
            round: None,
            received_at: 2_000,
        };
        let place = PresentBooking::of(Some(&record)).place(&event);
        assert_eq!(place, EventPlace::OtherAccount);
    }
}
