//! What happened to an outbound order, in order, and the state that follows.
//!
//! Repeats and the order of arrival have no influence: everything is put in the order of its time. A result of the OMS counts
//! whenever it comes: UNCONFIRMED says only that there was none in time.

use jiff::Timestamp;

use crate::domain::fulfilling::event::DatedFulfilmentEvent;
use crate::domain::fulfilling::outbound_order::{OmsResult, OutboundOrder};
use crate::domain::fulfilling::state::OutboundState;
use crate::domain::fulfilling::warehouse_report::ReportFlag;
use crate::domain::fulfilling::warehouse_state::{ReportedState, WarehouseState};

/// An order's history, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundTimeline {
    /// Its state.
    pub state: OutboundState,
    /// How far the warehouse is with it; absent if it reported no known status.
    pub warehouse: Option<WarehouseState>,
    /// What happened, in order.
    pub entries: Vec<OutboundEntry>,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboundEntry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: String,
    /// The code of a warehouse's status.
    pub status_code: Option<String>,
    /// The time as a warehouse wrote it, if it could not be read.
    pub written_time: Option<String>,
    /// What was unusual about a warehouse's report.
    pub flags: Vec<ReportFlag>,
}

impl OutboundTimeline {
    /// The history of an order, which is absent if only the warehouse told of it, from its events in any order.
    pub fn of(order: Option<&OutboundOrder>, events: &[DatedFulfilmentEvent]) -> Self {
        let steps = order.map(steps).unwrap_or_default();
        let state = steps
            .last()
            .map_or(OutboundState::Unknown, |(_, state)| *state);
        let mut entries: Vec<OutboundEntry> = steps
            .into_iter()
            .map(|(at, state)| OutboundEntry {
                at,
                event: state.to_string(),
                status_code: None,
                written_time: None,
                flags: Vec::new(),
            })
            .collect();
        entries.extend(events.iter().map(OutboundEntry::of));
        entries.sort_by_key(|entry| entry.at);
        Self {
            state,
            warehouse: warehouse(events),
            entries,
        }
    }
}

/// The state in the warehouse.
fn warehouse(events: &[DatedFulfilmentEvent]) -> Option<WarehouseState> {
    let reported = events.iter().filter_map(|dated| {
        let (state, at) = (dated.event.state()?, dated.at);
        Some(ReportedState { state, at })
    });
    reported
        .reduce(ReportedState::or)
        .map(|reported| reported.state)
}

impl OutboundEntry {
    fn of(dated: &DatedFulfilmentEvent) -> Self {
        Self {
            at: dated.at,
            event: dated.event.name(),
            status_code: dated.event.code().map(str::to_owned),
            written_time: dated.written_time.clone(),
            flags: dated.flags.clone(),
        }
    }
}

/// What happened to an order between its acceptance and the OMS's result; the last one is its state.
fn steps(order: &OutboundOrder) -> Vec<(Timestamp, OutboundState)> {
    let accepted = (order.accepted_at, OutboundState::Accepted);
    let unconfirmed = order.unconfirmed_at;
    let unconfirmed = unconfirmed.map(|at| (at, OutboundState::Unconfirmed));
    let result = order.result.as_ref().map(|dated| {
        let state = match dated.result {
            OmsResult::Confirmed => OutboundState::Confirmed,
            OmsResult::Failed(_) => OutboundState::Failed,
        };
        (dated.at, state)
    });
    let steps = [Some(accepted), unconfirmed, result];
    steps.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fulfilling::event::FulfilmentEvent;
    use crate::domain::fulfilling::outbound_order::DatedResult;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn order(unconfirmed: Option<i64>, result: Option<(i64, OmsResult)>) -> OutboundOrder {
        OutboundOrder {
            number: "SO-1".parse().unwrap(),
            order_type: None,
            tracking: "T1".parse().unwrap(),
            warehouse: "WH".parse().unwrap(),
            group: "g".parse().unwrap(),
            content: String::new(),
            accepted_at: at(10),
            deadline: at(20),
            unconfirmed_at: unconfirmed.map(at),
            result: result.map(|(second, result)| DatedResult {
                at: at(second),
                result,
            }),
            due_at: None,
        }
    }

    fn folded(order: Option<&OutboundOrder>) -> (OutboundState, Vec<String>) {
        let event = |second, event| DatedFulfilmentEvent {
            at: at(second),
            identity: second.to_string(),
            event,
            written_time: None,
            flags: Vec::new(),
        };
        let status = FulfilmentEvent::Status {
            code: "40".to_owned(),
        };
        let events = [event(30, FulfilmentEvent::GoodsIssued), event(15, status)];
        let timeline = OutboundTimeline::of(order, &events);
        let entries = timeline.entries.into_iter();
        (timeline.state, entries.map(|entry| entry.event).collect())
    }

    #[test]
    fn everything_is_in_the_order_of_its_time() {
        let confirmed = order(Some(21), Some((40, OmsResult::Confirmed)));
        let (_, entries) = folded(Some(&confirmed));
        assert_eq!(
            entries,
            [
                "ACCEPTED",
                "ALLOCATED",
                "UNCONFIRMED",
                "GOODS_ISSUED",
                "CONFIRMED"
            ]
        );
    }

    #[test]
    fn the_oms_s_result_is_the_state_whether_it_came_in_time_or_not() {
        let state = |order: &OutboundOrder| OutboundTimeline::of(Some(order), &[]).state;
        assert_eq!(state(&order(None, None)), OutboundState::Accepted);
        assert_eq!(state(&order(Some(21), None)), OutboundState::Unconfirmed);
        for late in [None, Some(21)] {
            let failed = OmsResult::Failed("no stock".to_owned());
            assert_eq!(
                state(&order(late, Some((30, failed)))),
                OutboundState::Failed
            );
        }
    }

    #[test]
    fn an_order_that_no_request_created_has_only_its_events() {
        let (state, entries) = folded(None);
        assert_eq!(state, OutboundState::Unknown);
        assert_eq!(entries, ["ALLOCATED", "GOODS_ISSUED"]);
    }
}
