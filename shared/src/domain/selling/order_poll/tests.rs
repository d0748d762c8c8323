use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

fn position(second: i64, id: u64) -> OrderPosition {
    OrderPosition {
        updated_at: at(second),
        id: id.to_string().parse().unwrap(),
    }
}

fn page(last: Option<OrderPosition>, has_more: bool) -> OrderPage {
    OrderPage {
        orders: Vec::new(),
        skipped: Vec::new(),
        last,
        has_more,
    }
}

fn started() -> OrderPoll {
    OrderPoll::next(None, Some(at(0)), at(20))
}

#[test]
fn the_first_walk_begins_at_the_switch_with_time_for_a_shop_that_is_behind() {
    let mut poll = started();
    let query = poll.next_page(at(20));
    assert_eq!(query.updated_since, Some(at(-660)));
    assert_eq!((query.after, query.most), (None, 100));
    // An account that was switched on before RMS polled begins with the first run.
    let mut before = OrderPoll::next(None, None, at(20));
    assert_eq!(before.next_page(at(20)).updated_since, Some(at(-640)));
}

#[test]
fn a_walk_goes_on_after_its_last_page_and_the_next_one_begins_before_the_last_change() {
    let mut poll = started();
    poll.next_page(at(20));
    assert!(poll.read_page(&page(Some(position(10, 7)), true)));
    // Another run, an hour later.
    let mut poll = OrderPoll::next(Some(poll), Some(at(0)), at(3_600));
    let query = poll.next_page(at(3_600));
    assert_eq!(query.updated_since, Some(at(-660)));
    assert_eq!(query.after, Some(position(10, 7)));
    assert_eq!(poll.lag_seconds(at(3_600)), 3_600);
    assert!(!poll.read_page(&page(Some(position(1_500, 9)), false)));
    // All that had changed when the last page was asked for is read.
    assert_eq!(poll.caught_up_at, at(3_600));
    let query = poll.next_page(at(3_660));
    assert_eq!(query.updated_since, Some(at(1_500 - 660)));
    assert_eq!(query.after, None);
}

#[test]
fn a_change_that_is_behind_or_in_the_future_does_not_move_the_next_walk_past_others() {
    let mut poll = started();
    poll.next_page(at(20));
    poll.read_page(&page(Some(position(-500, 1)), false));
    assert_eq!(poll.next_page(at(80)).updated_since, Some(at(-660)));
    poll.read_page(&page(Some(position(1_000_000, 1)), false));
    assert_eq!(poll.next_page(at(140)).updated_since, Some(at(80 - 660)));
}

#[test]
fn a_page_without_a_place_to_go_on_from_ends_the_run_but_not_the_walk() {
    let mut poll = started();
    poll.next_page(at(20));
    assert!(!poll.read_page(&page(None, true)));
    assert!(poll.walk.is_some());
    assert!(!poll.read_page(&page(None, false)));
    assert!(poll.walk.is_none());
}

#[test]
fn switched_off_and_on_it_begins_anew_but_sends_what_was_stored() {
    let mut poll = started();
    poll.next_page(at(20));
    poll.read_page(&page(Some(position(30, 1)), true));
    let telling = Telling {
        id: "1".parse().unwrap(),
        number: 2,
    };
    poll.telling = vec![telling.clone()];
    poll.channel_failed("the shop is down".to_owned(), None, at(60));
    let same = OrderPoll::next(Some(poll.clone()), Some(at(0)), at(70));
    assert_eq!(same, poll);
    let mut anew = OrderPoll::next(Some(poll), Some(at(5_000)), at(5_030));
    assert_eq!(anew.telling, [telling]);
    assert_eq!((anew.failures, anew.last_error.as_deref()), (0, None));
    assert_eq!(anew.next_page(at(5_030)).updated_since, Some(at(4_340)));
}

#[test]
fn a_channel_that_fails_is_called_more_and_more_rarely_and_for_smaller_pages() {
    let mut poll = started();
    let mut waits = Vec::new();
    let mut sizes = Vec::new();
    for _ in 0..8 {
        poll.channel_failed("the shop is down".to_owned(), None, at(0));
        let not_before = poll.not_before.unwrap();
        waits.push(not_before.duration_since(at(0)).as_mins());
        sizes.push(poll.next_page(at(0)).most);
        assert!(poll.is_due(not_before));
    }
    assert_eq!(waits, [0, 1, 2, 4, 8, 15, 15, 15]);
    assert_eq!(sizes, [50, 25, 12, 6, 6, 6, 6, 6]);
    assert!(!poll.is_due(at(60)));
    poll.succeeded();
    assert!(poll.is_due(at(0)));
    assert_eq!(poll.next_page(at(0)).most, 100);
    assert_eq!(poll.last_error, None);
}

#[test]
fn a_channel_that_says_how_long_to_wait_is_not_called_before() {
    let mut poll = started();
    let asked = |minutes| Some(Duration::from_mins(minutes));
    poll.channel_failed("too many calls".to_owned(), asked(7), at(0));
    assert_eq!(poll.not_before, Some(at(420)));
    poll.channel_failed("too many calls".to_owned(), asked(6_000), at(0));
    assert_eq!(poll.not_before, Some(at(3_600)));
}

#[test]
fn an_order_that_breaks_lists_is_left_out_of_them_until_they_begin_after_it() {
    let mut poll = started();
    poll.next_page(at(20));
    let skipped = |id: &str, breaks_list| SkippedOrder {
        id: id.parse().unwrap(),
        detail: "is broken".to_owned(),
        breaks_list,
    };
    for skipped in [skipped("5", true), skipped("6", false)] {
        assert_eq!(poll.leave_out(skipped, at(20)), None);
    }
    poll.read_page(&page(Some(position(10, 7)), false));
    poll.succeeded();
    let words = poll.last_error.clone().unwrap();
    assert!(words.contains("5 (is broken), 6 (is broken)"), "{words}");
    let five = || vec!["5".parse().unwrap()];
    assert_eq!(poll.next_page(at(80)).without, five());
    poll.left_out[0].changed_at = Some(at(5));
    poll.read_page(&page(Some(position(15, 8)), false));
    assert_eq!(poll.next_page(at(140)).without, five());
    poll.walk.as_mut().unwrap().asked_at = at(2_000);
    poll.read_page(&page(Some(position(1_999, 9)), false));
    assert_eq!(poll.next_page(at(2_060)).without, []);
}
