//! The codes, the states that they lead to, and the documented table.

use proptest::prelude::*;
use strum::{EnumMessage as _, IntoEnumIterator as _};

use super::*;
use crate::domain::fulfilling::warehouse_report::ReportFlag;

fn report(state: WarehouseState, second: i64) -> ReportedState {
    let at = Timestamp::from_second(second).unwrap();
    ReportedState { state, at }
}

fn fold(reports: &[ReportedState]) -> Option<ReportedState> {
    reports.iter().copied().reduce(ReportedState::or)
}

#[test]
fn each_state_but_the_goods_issue_has_one_code() {
    for state in WarehouseState::iter() {
        let codes = CODES.iter().filter(|(_, other)| *other == state).count();
        let expected = usize::from(state != WarehouseState::GoodsIssued);
        assert_eq!(codes, expected, "{state}");
    }
    for (code, state) in CODES {
        assert_eq!(WarehouseState::of_code(code), Some(state));
    }
}

#[test]
fn a_code_that_is_not_in_the_table_is_unknown() {
    for code in [
        "", "0", "1", "61", "64", "81", "100", "9", "000", "80 ", "八十",
    ] {
        assert_eq!(WarehouseState::of_code(code), None, "{code:?}");
    }
}

#[test]
fn the_time_of_the_report_decides_and_not_its_arrival() {
    use WarehouseState as S;
    let (picked, loaded) = (report(S::Picked, 60), report(S::Loaded, 66));
    for reports in [[picked, loaded], [loaded, picked]] {
        assert_eq!(fold(&reports), Some(loaded));
    }
    // Goods go back to the shelf.
    let again = report(S::Allocated, 70);
    assert_eq!(fold(&[again, picked, loaded]), Some(again));
}

#[test]
fn of_two_reports_for_the_same_second_the_further_one_counts() {
    use WarehouseState as S;
    let (issued, shipped) = (report(S::GoodsIssued, 80), report(S::Shipped, 80));
    assert_eq!(issued.or(shipped), shipped);
    assert_eq!(shipped.or(issued), shipped);
}

#[test]
fn an_end_is_not_left() {
    use WarehouseState as S;
    let cancelled = report(S::Cancelled, 10);
    let later = report(S::Shipped, 20);
    let closed = report(S::Closed, 30);
    for reports in [
        [cancelled, later, closed],
        [closed, later, cancelled],
        [later, closed, cancelled],
    ] {
        assert_eq!(fold(&reports), Some(cancelled));
    }
    assert_eq!(fold(&[closed, later]), Some(closed));
}

fn reports() -> impl Strategy<Value = Vec<ReportedState>> {
    let states: Vec<_> = WarehouseState::iter().collect();
    let report = (proptest::sample::select(states), 0..20_i64)
        .prop_map(|(state, second)| report(state, second));
    proptest::collection::vec(report, 1..12)
}

proptest! {
    #[test]
    fn the_order_of_arrival_and_repeats_do_not_change_the_state(reports in reports(), seed in any::<u64>()) {
        let mut shuffled = [reports.clone(), reports.clone()].concat();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        prop_assert_eq!(fold(&reports), fold(&shuffled));
    }
}

#[test]
fn the_documented_states_and_flags_are_current() {
    let rows = WarehouseState::iter().map(|state| {
        let code = CODES.iter().find(|(_, other)| *other == state);
        let code = code.map_or("none: the goods issue".to_owned(), |(code, _)| {
            format!("`{code}`")
        });
        let meaning = state.get_documentation().unwrap();
        format!("| {code} | `{state}` | {meaning} |")
    });
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/fulfilment.md");
    crate::docs::hold_table(page, "| status code | state | meaning |", rows);
    let rows = ReportFlag::iter().map(|flag| {
        let meaning = flag.get_documentation().unwrap();
        format!("| `{flag}` | {meaning} |")
    });
    crate::docs::hold_table(page, "| flag | meaning |", rows);
}
