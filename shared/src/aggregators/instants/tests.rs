//! The forms that are read, and those that are not.

use super::*;

fn read(text: &str) -> Option<String> {
    instant(text, FinalZ::Utc).map(|instant| instant.to_string())
}

#[test]
fn a_time_without_an_offset_is_indian() {
    for text in [
        "2026-05-23 11:43:52",
        "2026-05-23T11:43:52",
        " 2026-05-23T11:43:52.000 ",
        "2026/05/23 11:43:52",
        "23-05-2026 11:43:52",
        "23 05 2026 11:43:52",
        "23.05.2026 11:43:52",
        "23/05/2026 11:43:52",
        "05/23/2026 11:43:52",
        "23-May-2026 11:43:52",
        "23 may 2026, 11:43:52 AM",
        "May 23, 2026 11:43:52",
        "2026-May-23 11:43:52",
        "Sat, 23 May 2026 11:43:52",
        "Sat May 23 11:43:52 2026",
        "Sat May 23 11:43:52 IST 2026",
        "11:43:52, 23 May 2026",
    ] {
        assert_eq!(
            read(text).as_deref(),
            Some("2026-05-23T06:13:52Z"),
            "{text}"
        );
    }
    for text in [
        "2026-05-23T11:43",
        "23-05-2026 11:43",
        "23 May 2026 at 11:43 am",
    ] {
        assert_eq!(
            read(text).as_deref(),
            Some("2026-05-23T06:13:00Z"),
            "{text}"
        );
    }
}

#[test]
fn an_offset_counts() {
    for text in [
        "2026-05-23T11:43:52+05:30",
        "2026-05-23T06:13:52Z",
        "2026-05-23T06:13:52.000Z",
        "2026-05-23t06:13:52z",
        "2026-05-23 06:13:52 UTC",
        "2026-05-23T11:43:52.000+0530",
        "2026-05-23 10:13:52+04",
        "2026-05-23 01:13:52 -0500",
        "23-05-2026 06:13:52 GMT",
        "23-05-2026 11:43:52 IST",
        "Sat, 23 May 2026 06:13:52 +0000",
        "Sat May 23 2026 11:43:52 GMT+0530 (India Standard Time)",
        "2026-05-23T11:43:52+05:30[Asia/Kolkata]",
        "1779516832",
        "1779516832000",
    ] {
        assert_eq!(
            read(text).as_deref(),
            Some("2026-05-23T06:13:52Z"),
            "{text}"
        );
    }
}

#[test]
fn a_final_z_means_what_the_aggregator_means() {
    for text in [
        "2023-04-20T14:55:13Z",
        "2023-04-20T14: 55: 13Z",
        "2023-04-20 14:55:13",
        "2023-04-20T09:25:13+00:00",
    ] {
        let at = instant(text, FinalZ::Local).map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2023-04-20T09:25:13Z"), "{text}");
    }
    let fraction = instant("2019-04-29 07:47:07.161221", FinalZ::Local).unwrap();
    assert_eq!(fraction.to_string(), "2019-04-29T02:17:07.161221Z");
}

#[test]
fn the_hours_of_both_clocks_are_read() {
    for (text, hour) in [
        ("23-05-2026 12:05:00 AM", "2026-05-22T18:35:00Z"),
        ("23-05-2026 12:05:00 PM", "2026-05-23T06:35:00Z"),
        ("23-05-2026 1:05 pm", "2026-05-23T07:35:00Z"),
        ("23-05-2026 00:05:00", "2026-05-22T18:35:00Z"),
    ] {
        assert_eq!(read(text).as_deref(), Some(hour), "{text}");
    }
}

#[test]
fn what_has_no_meaning_or_several_is_not_read() {
    for text in [
        "",
        "NA",
        "yesterday",
        "2023-04-20",
        "20 04 2023",
        "11:43:52",
        "2023-13-20 14:55:13",
        "2023-02-29 14:55:13",
        "31-04-2026 10:00:00",
        "03/05/2026 11:43:52",
        "23-05-26 11:43:52",
        "23-May-26 11:43:52",
        "2026-05-23 25:00:00",
        "2026-05-23 13:00:00 PM",
        "2026-05-23 11:43:52 PST",
        "2026-05-23 11:43:52+25:00",
        "2026-05-23 11:43:52 2",
        "2026-05-23 11:43:5",
        "5",
        "177951683",
        "0000-00-00 00:00:00",
        "2026-05-23 11:43:52 (IST",
        "२०२६-०५-२३ ११:४३:५२",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(read(&"2026-05-23 11:43:52 ".repeat(9)), None);
}

#[test]
fn a_slash_is_read_if_only_one_order_is_possible() {
    assert_eq!(
        read("05/05/2026 10:00:00").as_deref(),
        Some("2026-05-05T04:30:00Z")
    );
    assert_eq!(
        read("03-05-2026 10:00:00").as_deref(),
        Some("2026-05-03T04:30:00Z")
    );
}

#[test]
fn a_time_abroad_without_an_offset_is_in_the_given_zone() {
    let jakarta = Offset::constant(7);
    for (text, at) in [
        ("2026-05-23 11:43:52", "2026-05-23T04:43:52Z"),
        ("2026-05-23T11:43:52Z", "2026-05-23T11:43:52Z"),
        ("2026-05-23T11:43:52+00:00", "2026-05-23T11:43:52Z"),
        ("1779516832", "2026-05-23T06:13:52Z"),
    ] {
        let read = instant_in(jakarta, text).map(|at| at.to_string());
        assert_eq!(read.as_deref(), Some(at), "{text}");
    }
    assert_eq!(instant_in(jakarta, "2026-05-23"), None);
}

proptest::proptest! {
    #[test]
    fn no_text_is_a_surprise(text in "[ -~]{0,90}") {
        let _ = read(&text);
    }

    #[test]
    fn every_second_is_read_back(second in 1_000_000_000_i64..4_000_000_000) {
        let at = Timestamp::from_second(second).unwrap();
        proptest::prop_assert_eq!(instant(&at.to_string(), FinalZ::Utc), Some(at));
        let indian = crate::aggregators::india::wall_time(at).strftime("%d %m %Y %H:%M:%S");
        proptest::prop_assert_eq!(instant(&indian.to_string(), FinalZ::Utc), Some(at));
    }
}
