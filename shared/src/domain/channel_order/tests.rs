use super::*;

fn at(minute: u8) -> Timestamp {
    format!("2026-11-21T10:{minute:02}:00Z").parse().unwrap()
}

/// An event of an order with two lines of 3 pieces, triggered in this minute.
pub(super) fn event(minute: u8) -> OrderEvent {
    OrderEvent {
        id: format!("event-{minute}"),
        triggered_at: Some(at(minute)),
        order: OrderSnapshot {
            id: "820982911946154508".parse().unwrap(),
            code: Some("1001".to_owned()),
            tags: Some(vec!["vip".to_owned()]),
            is_replacement: Some(false),
            is_on_hold: Some(false),
            is_cancelled: Some(false),
            lines: Some(vec![line("1", 3, 3), line("2", 3, 3)]),
            updated_at: Some(at(minute)),
        },
    }
}

fn line(id: &str, ordered: u64, current: u64) -> SnapshotLine {
    SnapshotLine {
        id: id.to_owned(),
        sku: Some(format!("SKU-{id}")),
        ordered: Some(ordered),
        current: Some(current),
    }
}

fn changed(minute: u8, change: impl FnOnce(&mut OrderSnapshot)) -> OrderEvent {
    let mut event = event(minute);
    change(&mut event.order);
    event
}

/// The order after the first event.
fn created() -> KnownChannelOrder {
    KnownChannelOrder::after(None, &event(1)).unwrap().known
}

/// The change that an event means after the first one, and what it cancelled: line and quantity.
fn told(event: &OrderEvent) -> (Option<OrderChange>, Vec<(String, u64)>) {
    told_after(&created(), event)
}

fn told_after(
    known: &KnownChannelOrder,
    event: &OrderEvent,
) -> (Option<OrderChange>, Vec<(String, u64)>) {
    let after = KnownChannelOrder::after(Some(known), event).unwrap();
    let cancelled = after.cancelled.into_iter();
    let cancelled = cancelled.map(|item| (item.line_id, item.quantity));
    (after.change, cancelled.collect())
}

#[test]
fn the_first_event_is_created_whatever_it_shows() {
    let first = changed(1, |order| {
        order.is_cancelled = Some(true);
        order.is_on_hold = Some(true);
        order.lines = Some(vec![line("1", 3, 1)]);
    });
    let after = KnownChannelOrder::after(None, &first).unwrap();
    assert_eq!(after.change, Some(OrderChange::Created));
    assert_eq!(after.cancelled[0].quantity, 2);
    // CREATED says that the order is on hold, but not that it is cancelled.
    let again = changed(2, |order| {
        order.is_cancelled = Some(true);
        order.is_on_hold = Some(true);
        order.lines = Some(vec![line("1", 3, 1)]);
    });
    let next = told_after(&after.known, &again);
    assert_eq!(next, (Some(OrderChange::Cancelled), vec![]));
}

#[test]
fn an_event_that_shows_nothing_new_tells_nothing() {
    assert_eq!(told(&event(2)), (None, vec![]));
    let other_order_of_tags = changed(2, |order| {
        order.code = Some("renamed".to_owned());
        order.tags = Some(vec!["vip".to_owned(), "vip".to_owned()]);
    });
    assert_eq!(told(&other_order_of_tags), (None, vec![]));
}

#[test]
fn tags_and_more_pieces_are_updates() {
    let tagged = changed(2, |order| order.tags = Some(vec!["new".to_owned()]));
    assert_eq!(told(&tagged), (Some(OrderChange::Updated), vec![]));
    let untagged = changed(2, |order| order.tags = Some(vec![]));
    assert_eq!(told(&untagged), (Some(OrderChange::Updated), vec![]));
    let more = changed(2, |order| {
        order.lines = Some(vec![line("1", 4, 4), line("2", 3, 3), line("3", 1, 1)]);
    });
    assert_eq!(told(&more), (Some(OrderChange::Updated), vec![]));
}

#[test]
fn a_hold_appears_and_disappears() {
    let held = changed(2, |order| order.is_on_hold = Some(true));
    assert_eq!(told(&held), (Some(OrderChange::Held), vec![]));
    let known = KnownChannelOrder::after(Some(&created()), &held)
        .unwrap()
        .known;
    let released = told_after(&known, &event(3));
    assert_eq!(released, (Some(OrderChange::Released), vec![]));
}

#[test]
fn only_what_an_event_added_is_cancelled() {
    let one = changed(2, |order| {
        order.lines = Some(vec![line("1", 3, 2), line("2", 3, 3)]);
    });
    let expected = (Some(OrderChange::LinesCancelled), vec![("1".to_owned(), 1)]);
    assert_eq!(told(&one), expected);
    let known = KnownChannelOrder::after(Some(&created()), &one)
        .unwrap()
        .known;
    let more = changed(3, |order| {
        order.lines = Some(vec![line("1", 3, 0), line("2", 3, 3)]);
    });
    let expected = (Some(OrderChange::LinesCancelled), vec![("1".to_owned(), 2)]);
    assert_eq!(told_after(&known, &more), expected);
    // A removed line is cancelled, and one that comes back is an update.
    let removed = changed(3, |order| order.lines = Some(vec![line("1", 3, 2)]));
    let expected = (Some(OrderChange::LinesCancelled), vec![("2".to_owned(), 3)]);
    assert_eq!(told_after(&known, &removed), expected);
    let known = KnownChannelOrder::after(Some(&known), &removed)
        .unwrap()
        .known;
    let back = changed(4, |order| {
        order.lines = Some(vec![line("1", 3, 2), line("2", 3, 3)]);
    });
    let expected = (Some(OrderChange::Updated), vec![]);
    assert_eq!(told_after(&known, &back), expected);
}

#[test]
fn the_strongest_change_is_told() {
    let all = changed(2, |order| {
        order.is_cancelled = Some(true);
        order.is_on_hold = Some(true);
        order.tags = Some(vec![]);
        order.lines = Some(vec![line("1", 3, 0), line("2", 3, 3)]);
    });
    let cancelled = vec![("1".to_owned(), 3)];
    assert_eq!(
        told(&all),
        (Some(OrderChange::Cancelled), cancelled.clone())
    );
    let lines = changed(2, |order| {
        order.is_on_hold = Some(true);
        order.lines = Some(vec![line("1", 3, 0), line("2", 3, 3)]);
    });
    assert_eq!(told(&lines), (Some(OrderChange::LinesCancelled), cancelled));
    let held = changed(2, |order| {
        order.is_on_hold = Some(true);
        order.tags = Some(vec!["hold".to_owned()]);
    });
    assert_eq!(told(&held).0, Some(OrderChange::Held));
}

#[test]
fn what_an_event_does_not_show_stays_known() {
    let thin = changed(2, |order| {
        *order = OrderSnapshot {
            code: None,
            tags: None,
            is_replacement: None,
            is_on_hold: None,
            is_cancelled: None,
            lines: None,
            updated_at: None,
            ..order.clone()
        };
    });
    let after = KnownChannelOrder::after(Some(&created()), &thin).unwrap();
    assert_eq!((after.change, after.cancelled.len()), (None, 0));
    assert_eq!(after.known.code.as_deref(), Some("1001"));
    assert_eq!(after.known.tags, Some(vec!["vip".to_owned()]));
    let without_quantities = changed(3, |order| {
        let unknown = |line: SnapshotLine| SnapshotLine {
            sku: None,
            ordered: None,
            current: None,
            ..line
        };
        order.lines = Some(vec![unknown(line("1", 0, 0)), unknown(line("2", 0, 0))]);
    });
    let same = told_after(&after.known, &without_quantities);
    assert_eq!(same, (None, vec![]));
    let first = KnownChannelOrder::after(None, &thin).unwrap().known;
    assert_eq!((first.tags, first.lines.len()), (None, 0));
}

#[test]
fn an_older_event_changes_nothing() {
    let newer = KnownChannelOrder::after(None, &event(5)).unwrap().known;
    assert_eq!(KnownChannelOrder::after(Some(&newer), &event(4)), None);
    // Also by the time of the change alone, if an event does not say when it was triggered.
    let mut untimed = event(4);
    untimed.triggered_at = None;
    assert_eq!(KnownChannelOrder::after(Some(&newer), &untimed), None);
    let mut timeless = untimed;
    timeless.order.updated_at = None;
    assert!(KnownChannelOrder::after(Some(&newer), &timeless).is_some());
    // An event of the same time is not older, and one that tells nothing still makes earlier ones old.
    assert!(KnownChannelOrder::after(Some(&newer), &event(5)).is_some());
    let quiet = KnownChannelOrder::after(Some(&newer), &event(9)).unwrap();
    assert_eq!(quiet.change, None);
    assert_eq!(
        KnownChannelOrder::after(Some(&quiet.known), &event(8)),
        None
    );
}

#[test]
fn an_uncancelled_order_is_an_update() {
    let cancelled = changed(2, |order| order.is_cancelled = Some(true));
    let known = KnownChannelOrder::after(Some(&created()), &cancelled)
        .unwrap()
        .known;
    assert_eq!(told_after(&known, &event(3)).0, Some(OrderChange::Updated));
}
