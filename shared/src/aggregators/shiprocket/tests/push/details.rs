//! The details of a push's event.

use crate::aggregators::shiprocket::tests::push::*;

/// As "name: text" lines.
fn details(push: &Value) -> Vec<String> {
    let told = |(name, text): (&String, &crate::domain::personal::Personal)| {
        format!("{name}: {}", text.expose())
    };
    read(push).details.iter().map(told).collect()
}

#[test]
fn the_newest_scan_has_the_location_in_both_formats() {
    assert_eq!(
        details(&json_of(PUSH_2023)),
        [
            "Courier Status: OFD",
            "Expected Delivery Date: 2026-03-20 23:00:00",
            "Location: Kochi",
            "Remark: Out for delivery",
        ]
    );
    assert_eq!(
        details(&json_of(PUSH_2021)),
        [
            "Expected Delivery Date: 2026-03-19 16:41:59",
            "Location: KOCHI",
            "Remark: SHIPMENT DELIVERED",
        ]
    );
}

fn failed(attempt: &Value, reason: &str) -> Value {
    with(
        PUSH_2023,
        &[
            ("/shipment_status_id", json!(21)),
            ("/undelivered_reason", json!(reason)),
            ("/delivery_attempt_count", attempt.clone()),
        ],
    )
}

#[test]
fn a_failed_attempt_has_its_reason_and_number() {
    for attempt in [json!(2), json!("2"), json!(2.0)] {
        let event = read(&failed(&attempt, "Door closed"));
        assert_eq!(event.details["Reason"].expose(), "Door closed");
        assert_eq!(event.details["Attempt Count"].expose(), "2", "{attempt}");
    }
}

#[test]
fn another_attempt_is_another_event_even_without_a_newer_scan() {
    let first = read(&failed(&json!(1), "Door closed")).identity;
    assert_eq!(read(&failed(&json!("1"), "Door closed")).identity, first);
    assert_ne!(read(&failed(&json!(2), "Door closed")).identity, first);
    assert_ne!(read(&failed(&json!(1), "Refused")).identity, first);
}

#[test]
fn a_failed_quality_check_has_its_result() {
    let url = format!("https://example.com/qc.jpg?signature={}", "a".repeat(600));
    let push = with(
        PUSH_2023,
        &[
            ("/is_return", json!(1)),
            ("/shipment_status_id", json!(47)),
            ("/qc_failure_reason", json!("Wrong size")),
            ("/qc_image", json!(url)),
        ],
    );
    let event = read(&push);
    assert_eq!(event.meaning, Meaning::Unmapped);
    assert_eq!(event.details["QC Failure Reason"].expose(), "Wrong size");
    assert_eq!(event.details["QC Image"].expose(), url);
}

#[test]
fn a_return_flag_is_read_in_every_format() {
    for (flag, is_return) in [
        (json!("true"), true),
        (json!("yes"), true),
        (json!("Yes"), true),
        (json!(true), true),
        (json!(1.0), true),
        (json!("false"), false),
        (json!("no"), false),
        (json!(false), false),
        (json!("0"), false),
    ] {
        let event = read(&with(PUSH_2023, &[("/is_return", flag.clone())]));
        assert_eq!(event.shipment.returning.is_some(), is_return, "{flag}");
        assert!(!event.details.contains_key("Not Read"), "{flag}");
    }
}

#[test]
fn a_status_may_have_a_zero_fraction() {
    let event = read(&with(PUSH_2023, &[("/shipment_status_id", json!(21.0))]));
    assert_eq!(event.pushed_type, "S21");
}

#[test]
fn dates_are_read_in_many_formats() {
    for date in [
        "19-03-2026 09:02:10",
        "19 03 2026 09:02:10",
        "2026-03-19T09:02:10",
        "2026-03-19T09:02:10+05:30",
        "2026-03-19T03:32:10+00:00",
    ] {
        let changes = [("/scans", json!([])), ("/current_timestamp", json!(date))];
        let event = read(&with(PUSH_2023, &changes));
        let at = event.occurred_at.unwrap().to_string();
        assert_eq!(at, "2026-03-19T03:32:10Z", "{date}");
        assert!(!event.details.contains_key("Event Time"), "{date}");
    }
}

#[test]
fn unreadable_fields_are_named_and_the_rest_is_kept() {
    let changes = [
        ("/awb", json!(7.73e30)),
        ("/order_id", json!("x".repeat(101))),
        ("/current_status_id", json!("delivered")),
        ("/is_return", json!("perhaps")),
        ("/scans", json!("see the panel")),
        ("/current_timestamp", json!("this morning")),
    ];
    let event = read(&with(PUSH_2023, &changes));
    assert_eq!(event.shipment.forward_order_code.as_str(), "430011");
    let not_read = event.details["Not Read"].expose();
    assert_eq!(
        not_read,
        "awb, order_id, current_status_id, is_return, scans"
    );
    assert_eq!(event.details["Event Time"].expose(), "this morning");
}
