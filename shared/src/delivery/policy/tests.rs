//! Tests of the policy, by example and by property.

use super::*;
use proptest::prelude::*;

fn failed(failed: u32, age: Duration, retry_after: Option<u64>) -> Situation {
    Situation {
        end: AttemptEnd::Rejected,
        status: Some(500),
        retry_after: retry_after.map(Duration::from_secs),
        failed,
        refused: 0,
        others_succeed: true,
        moved: false,
        age,
        give_up_after: GiveUpAfter::default(),
    }
}

fn answered(status: u16, refused: u32, others_succeed: bool) -> Situation {
    Situation {
        status: Some(status),
        refused,
        others_succeed,
        ..failed(refused, Duration::ZERO, None)
    }
}

fn wait(situation: &Situation, dice: f64) -> Duration {
    match decide(situation, dice) {
        Verdict::Retry(wait) => wait,
        ended @ (Verdict::Done | Verdict::GiveUp) => panic!("{ended:?} after {situation:?}"),
    }
}

#[test]
fn the_documented_schedule_is_current() {
    let page = include_str!("../../../../docs/delivery.md");
    for (index, wait) in WAITS.iter().enumerate() {
        let failed = index + 1;
        let failed = if failed == WAITS.len() {
            format!("{failed} and each one after it")
        } else {
            failed.to_string()
        };
        let wait = match wait.as_secs() {
            seconds @ 0..60 => format!("{seconds} s"),
            seconds => format!("{} min", seconds / 60),
        };
        let row = format!("\n| {failed} | {wait} |\n");
        assert!(page.contains(&row), "{row}");
    }
    assert!(page.contains(&format!("up to {} % longer or shorter", JITTER * 100.0)));
    assert!(page.contains(&format!("up to {} min", LONGEST_RETRY_AFTER.as_secs() / 60)));
    assert!(page.contains(&format!("4xx {MOST_REFUSALS} times in a row")));
}

#[test]
fn waits_grow_to_five_minutes() {
    let waits: Vec<u64> = (1..=8)
        .map(|attempts| wait(&failed(attempts, Duration::ZERO, None), 0.5).as_secs())
        .collect();
    assert_eq!(waits, [5, 15, 30, 60, 120, 300, 300, 300]);
}

#[test]
fn the_schedule_matches_the_decisions() {
    let told = schedule(GiveUpAfter::LEAST);
    for (attempts, scheduled) in (1..).zip(told.waits) {
        let failed = failed(attempts, Duration::ZERO, None);
        assert_eq!(wait(&failed, 0.5), scheduled);
        assert_eq!(wait(&failed, 1.0), scheduled.mul_f64(1.0 + told.jitter));
    }
    let asking = failed(1, Duration::ZERO, Some(u64::MAX));
    assert_eq!(wait(&asking, 0.5), told.longest_retry_after);
    let aged = Situation {
        give_up_after: GiveUpAfter::LEAST,
        ..failed(1, told.give_up_after, None)
    };
    assert_eq!(decide(&aged, 0.5), Verdict::GiveUp);
    let refused = answered(400, told.most_refusals, true);
    assert_eq!(decide(&refused, 0.5), Verdict::GiveUp);
}

#[test]
fn success_and_a_gone_endpoint_end_the_delivery_at_once() {
    for status in 200..300 {
        let accepted = Situation {
            end: AttemptEnd::Accepted,
            status: Some(status),
            ..failed(1, Duration::MAX, None)
        };
        assert_eq!(decide(&accepted, 0.5), Verdict::Done);
    }
    assert_eq!(decide(&answered(410, 0, false), 0.5), Verdict::GiveUp);
}

#[test]
fn gone_from_a_previous_url_does_not_give_up() {
    let moved = Situation {
        moved: true,
        ..answered(410, 0, true)
    };
    wait(&moved, 0.5);
}

#[test]
fn a_refused_payload_is_given_up_after_eight_attempts_while_others_succeed() {
    for status in [400, 401, 403, 404, 409, 413, 415, 422, 499] {
        assert!(refuses(Some(status)), "{status}");
        wait(&answered(status, 7, true), 0.5);
        assert_eq!(decide(&answered(status, 8, true), 0.5), Verdict::GiveUp);
        assert_eq!(decide(&answered(status, 9, true), 0.5), Verdict::GiveUp);
    }
}

#[test]
fn while_all_are_refused_the_endpoint_is_failing_and_nothing_is_given_up() {
    for refused in [8, 100, u32::MAX] {
        wait(&answered(400, refused, false), 0.5);
    }
}

#[test]
fn temporary_statuses_are_not_refusals() {
    for status in [302, 399, 408, 410, 425, 429, 500, 503, 599] {
        assert!(!refuses(Some(status)), "{status}");
    }
    assert!(!refuses(None));
    wait(&failed(u32::MAX, Duration::ZERO, None), 0.5);
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now: Timestamp = "2026-11-21T07:28:00Z".parse().unwrap();
    let seconds = Duration::from_secs;
    for (value, expected) in [
        ("120", seconds(120)),
        (" 120 ", seconds(120)),
        ("0", Duration::ZERO),
        ("18446744073709551615", seconds(u64::MAX)),
        ("99999999999999999999999", seconds(u64::MAX)),
        ("Sat, 21 Nov 2026 07:29:00 GMT", seconds(60)),
        ("Saturday, 21-Nov-26 07:29:00 GMT", seconds(60)),
        ("Sat Nov 21 07:29:00 2026", seconds(60)),
        ("Sat, 21 Nov 2026 07:28:00 GMT", Duration::ZERO),
    ] {
        assert_eq!(retry_after(value, now), Some(expected), "{value}");
    }
    let far = retry_after("Fri, 31 Dec 9999 23:59:59 GMT", now).unwrap();
    assert!(far > seconds(7900 * 365 * 86_400), "{far:?}");
}

#[test]
fn an_absurd_retry_after_is_ignored() {
    let now: Timestamp = "2026-11-21T07:28:00Z".parse().unwrap();
    for absurd in [
        "",
        "-5",
        "+5",
        "1.5",
        "soon",
        "1e9",
        "120, 240",
        "५",
        "Sat, 21 Nov 2020 07:29:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Fri, 31 Dec 99999 23:59:59 GMT",
        "Sat, 21 Nov -026 07:29:00 GMT",
        "Sat, 31 Feb 2027 07:29:00 GMT",
        "Sat, 21 Nov 2026 25:61:61 GMT",
        "Sat, 21 Nov 2026 07:29:00 +0530",
        "2026-11-21T07:29:00Z",
    ] {
        assert_eq!(retry_after(absurd, now), None, "{absurd}");
    }
}

proptest! {
    #[test]
    fn a_wait_stays_within_its_jitter(attempts: u32, dice in 0.0..=1.0) {
        let failed = failed(attempts, Duration::ZERO, None);
        let exact = wait(&failed, 0.5);
        let waited = wait(&failed, dice);
        prop_assert!(waited >= exact.mul_f64(0.8) && waited <= exact.mul_f64(1.2));
    }

    #[test]
    fn a_dice_out_of_range_does_no_harm(attempts: u32, dice: f64) {
        prop_assume!(!dice.is_nan());
        let failed = failed(attempts, Duration::ZERO, None);
        let waited = wait(&failed, dice);
        prop_assert!(waited >= wait(&failed, 0.0) && waited <= wait(&failed, 1.0));
    }

    #[test]
    fn waits_never_shrink(attempts in 0..u32::MAX, dice in 0.0..=1.0) {
        let earlier = wait(&failed(attempts, Duration::ZERO, None), dice);
        prop_assert!(earlier <= wait(&failed(attempts + 1, Duration::ZERO, None), dice));
    }

    #[test]
    fn a_retry_after_lengthens_a_wait_up_to_its_limit(attempts: u32, dice in 0.0..=1.0, asked: u64) {
        let waited = wait(&failed(attempts, Duration::ZERO, Some(asked)), dice);
        let asked = Duration::from_secs(asked).min(LONGEST_RETRY_AFTER);
        prop_assert_eq!(waited, wait(&failed(attempts, Duration::ZERO, None), dice).max(asked));
        prop_assert!(waited <= LONGEST_RETRY_AFTER);
    }

    #[test]
    fn a_delivery_is_given_up_exactly_at_the_age(
        attempts: u32,
        age in 3600_u64..=1_123_200,
        early in 1_u64..3600,
        late: u32,
        asked in proptest::option::of(any::<u64>()),
    ) {
        let give_up_after = GiveUpAfter::try_from(age).unwrap();
        let at = |age| Situation { give_up_after, ..failed(attempts, age, asked) };
        let age = give_up_after.age();
        for early in [Duration::from_secs(early), Duration::from_nanos(1)] {
            wait(&at(age.saturating_sub(early)), 0.5);
        }
        prop_assert_eq!(decide(&at(age), 0.5), Verdict::GiveUp);
        prop_assert_eq!(decide(&at(age + Duration::from_secs(late.into())), 0.5), Verdict::GiveUp);
    }

    #[test]
    fn a_refusal_alone_does_not_give_up(status in 300_u16..600, refused in 1_u32..20, others_succeed: bool) {
        let refused = if refuses(Some(status)) { refused } else { 0 };
        let verdict = decide(&answered(status, refused, others_succeed), 0.5);
        let is_unwanted = others_succeed && refused >= MOST_REFUSALS;
        prop_assert_eq!(verdict == Verdict::GiveUp, status == 410 || is_unwanted);
    }

    #[test]
    fn any_retry_after_is_safe(value: String, second in -1_000_000_i64..4_000_000_000) {
        let now = Timestamp::from_second(second).unwrap();
        let asked = retry_after(&value, now);
        prop_assert!(value.trim().bytes().all(|byte| byte.is_ascii_digit()) || asked.is_none());
    }
}
