use std::fmt::Write;

use strum::{EnumMessage, IntoEnumIterator};

use super::*;

/// All steps, each with its words for the documentation.
fn steps() -> Vec<(String, ReturnStep)> {
    let own = [
        ("its AWB becomes known", ReturnStep::AwbAssigned),
        (
            "cancelled by the client or the channel",
            ReturnStep::Cancelled,
        ),
        ("received, says the channel", ReturnStep::Received),
        ("processed in part", ReturnStep::ProcessedInPart),
        ("processed wholly", ReturnStep::ProcessedWholly),
        ("another status of the channel", ReturnStep::PartnerStatus),
    ];
    let own = own.map(|(words, step)| (words.to_owned(), step));
    let pushed =
        NotificationType::iter().map(|word| (format!("`{word}`"), ReturnStep::Pushed(word)));
    own.into_iter().chain(pushed).collect()
}

#[test]
fn the_whole_table_of_return_orders() {
    let mut table = String::new();
    for state in ReturnOrderState::iter() {
        writeln!(table, "{state}").unwrap();
        for (words, step) in steps() {
            writeln!(table, "  {words} -> {:?}", state.on(step)).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_state_never_goes_back() {
    for state in ReturnOrderState::iter() {
        for (words, step) in steps() {
            if let Transition::Advance(next) = state.on(step) {
                let comes_back = state.is_final() && next.has_arrived();
                assert!(next > state || comes_back, "{state} {words} {next}");
            }
        }
    }
}

#[test]
fn what_arrived_is_neither_cancelled_nor_lost() {
    use ReturnOrderState as S;
    for state in S::iter().filter(|state| state.has_arrived()) {
        for step in [
            ReturnStep::Cancelled,
            ReturnStep::Pushed(NotificationType::Cancelled),
            ReturnStep::Pushed(NotificationType::Lost),
        ] {
            assert_eq!(state.on(step), Transition::OutOfOrder, "{state}");
        }
    }
}

#[test]
fn a_lost_return_may_still_arrive_and_a_cancelled_one_not() {
    use ReturnOrderState as S;
    let delivered = ReturnStep::Pushed(NotificationType::Delivered);
    assert_eq!(S::Lost.on(delivered), Transition::Advance(S::Received));
    assert_eq!(S::Cancelled.on(delivered), Transition::OutOfOrder);
    let moving = ReturnStep::Pushed(NotificationType::Transit);
    assert_eq!(S::Lost.on(moving), Transition::OutOfOrder);
}

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/return-states.md");
const INTRODUCTION: &str = "\
# States of a return order

The state of a return order is computed from what happened to it and from the pushes for its AWB, in the order in which they
happened; pushes of the same second count in the order in which they arrived. It never goes back, and otherwise neither repeats nor
the order of arrival change it. `PROCESSED`, `CANCELLED` and `LOST` are final, but a lost return may still arrive, and a result of
the warehouse proves that the goods are there.

Generated from the code by `UPDATE_DOCS=1 cargo test -p logistics`.

| state | meaning |
|---|---|
";

#[test]
fn the_documented_states_are_current() {
    let mut page = INTRODUCTION.to_owned();
    for state in ReturnOrderState::iter() {
        let meaning = state.get_documentation().unwrap();
        writeln!(page, "| `{state}` | {meaning} |").unwrap();
    }
    page.push_str("\nWhat leads where, from any state that may still change:\n\n| what happens | state |\n|---|---|\n");
    for (words, step) in steps() {
        let reached = ReturnOrderState::reached_by(step);
        let reached = reached.map_or("unchanged".to_owned(), |state| format!("`{state}`"));
        writeln!(page, "| {words} | {reached} |").unwrap();
    }
    crate::docs::hold(COMMITTED, &page);
}
