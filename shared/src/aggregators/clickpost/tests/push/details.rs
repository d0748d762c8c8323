//! The details of a push's event.

use crate::aggregators::clickpost::tests::push::*;

/// As "name: text" lines.
fn details(event: &PushedEvent) -> Vec<String> {
    let told = |(name, text): (&String, &crate::domain::personal::Personal)| {
        format!("{name}: {}", text.expose())
    };
    event.details.iter().map(told).collect()
}

#[test]
fn a_failed_delivery_has_reason_and_location() {
    let edd = ("/additional/courier_partner_edd", json!("2026-03-06"));
    assert_eq!(
        details(&event(SELECTED, &[edd])),
        [
            "Courier Status: Pending",
            "Expected Delivery Date: 2026-03-06",
            "Location: Pune_Camp",
            "Reason: Customer unavailable",
            "Reason Code: 1",
            "Remark: Nobody home",
        ]
    );
}

#[test]
fn the_latest_status_is_not_used_for_details() {
    assert_eq!(
        details(&event(STATUS, &[])),
        [
            "Courier Status: Out For Delivery",
            "Expected Delivery Date: 2026-03-04",
            "Location: Pune_Camp",
            "Remark: With the rider",
        ]
    );
}

#[test]
fn a_failed_pickup_has_its_reason() {
    let changes = [
        (CODE, json!(3)),
        ("/additional/npr_status_code", json!(7.0)),
        ("/additional/npr_status_description", json!("Shop closed")),
    ];
    let event = event(STATUS, &changes);
    assert_eq!(event.details["Pickup Reason Code"].expose(), "7");
    assert_eq!(event.details["Pickup Reason"].expose(), "Shop closed");
}

#[test]
fn details_of_the_event_are_not_stored_with_the_booking() {
    let event = event(STATUS, &[]);
    let names: Vec<_> = event.meta_data.keys().map(String::as_str).collect();
    assert_eq!(names, ["Account Code"]);
}

#[test]
fn unreadable_fields_are_named_and_the_rest_is_kept() {
    let long = "x".repeat(101);
    let changes = [
        ("/waybill", json!(long)),
        ("/cp_id", json!("four")),
        ("/account_code", json!(4.5)),
        ("/timestamp", json!("this morning")),
        (IS_RETURN, json!("perhaps")),
        (NAME_AT, json!({"id": 1})),
    ];
    let event = event(STATUS, &changes);
    assert_eq!(forward_order(&event), "CP-1001");
    assert_eq!(forward_awb(&event), None);
    let not_read = event.details["Not Read"].expose();
    assert_eq!(
        not_read,
        "waybill, account_code, reference_number, cp_id, is_rvp"
    );
    assert_eq!(event.occurred_at, None);
    assert_eq!(event.details["Event Time"].expose(), "this morning");
    assert!(matches!(event.identity, Identity::Event(_)));
}
