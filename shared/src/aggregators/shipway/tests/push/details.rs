//! The details of an event.

use crate::aggregators::shipway::tests::push::*;

/// As "name: text" lines.
fn details(event: &PushedEvent) -> Vec<String> {
    let told = |(name, text): (&String, &crate::domain::personal::Personal)| {
        format!("{name}: {}", text.expose())
    };
    event.details.iter().map(told).collect()
}

#[tokio::test]
async fn the_newest_scan_has_the_location() {
    let events = read(&account().await, &json_of(CLASSIC)).unwrap();
    assert_eq!(
        details(&events[0]),
        ["Location: Kochi", "Remark: Out for delivery"]
    );
    assert_eq!(details(&events[1]), [""; 0]);
    let old = json!({"time": "2026-11-22 20:00:00", "status": "In transit", "location": "Pune"});
    let new = json!({"time": "2026-11-23 09:12:00", "status": "Door closed", "location": "Kochi"});
    for scans in [
        json!([old, new]),
        json!([new, old]),
        json!({"0": old, "1": new}),
    ] {
        let event = json!({"order_id": "A-1", "current_status": "UND", "scans": scans});
        let told = details(&one(event).await);
        assert_eq!(told, ["Location: Kochi", "Remark: Door closed"], "{scans}");
    }
}

#[tokio::test]
async fn unreadable_fields_are_named_and_the_rest_is_kept() {
    let event = one(json!({
        "order_id": "A-1", "current_status": "UND", "status_time": "this morning",
        "carrier": "x".repeat(501), "scans": "see the panel",
    }))
    .await;
    assert_eq!(event.occurred_at, None);
    assert_eq!(event.shipment.carrier_name, None);
    assert_eq!(
        details(&event),
        ["Event Time: this morning", "Not Read: carrier, scans"]
    );
}
