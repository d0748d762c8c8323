use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::domain::returning::processing::{ProcessedItem, QcStatus};
use crate::domain::returning::return_order::{ReturnItem, ReturnOrderType};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn item(code: &str) -> ReturnItem {
    ReturnItem {
        item_code: code.parse().unwrap(),
        reason: "Different size".to_owned(),
        enable_door_step_qc: false,
        channel_sku_code: "SKU".to_owned(),
        name: None,
        brand: None,
        color: None,
        category: None,
        sub_category: None,
        serial_number: None,
        price: None,
        final_amount_paid: None,
        image_url: None,
        store_credits_used: None,
        sub_taxes: Vec::new(),
    }
}

fn order() -> ReturnOrder {
    ReturnOrder {
        return_order_code: "R-1".parse().unwrap(),
        forward_order_code: "F-1".parse().unwrap(),
        location_code: "W1".parse().unwrap(),
        return_order_time: None,
        return_order_status: None,
        expected_date: None,
        items: vec![item("a"), item("b")],
        order_type: ReturnOrderType::CustomerReturn,
        awb: None,
        transporter: None,
        alias: None,
        currency_code: None,
        region_type: None,
        return_reason: None,
        seller_gstin: None,
        consignee_gstin: None,
        dimension: None,
        drop_address: None,
        pickup_address: None,
        order_details: None,
    }
}

fn processed(codes: &[&str], qc_status: QcStatus, correction: bool) -> ReturnEvent {
    let item = |code: &&str| ProcessedItem {
        item_code: code.parse().unwrap(),
        qc_status,
        qc_reason: None,
        image_urls: Vec::new(),
    };
    ReturnEvent::Processed(ReturnProcessing {
        items: codes.iter().map(item).collect(),
        correction,
        processed_at: None,
        message_identity: "1".to_owned(),
    })
}

fn dated(second: i64, event: ReturnEvent) -> DatedReturnEvent {
    DatedReturnEvent {
        at: at(second),
        identity: format!("{second}-{event:?}"),
        event,
    }
}

fn pushed(second: i64, event: NotificationType) -> DatedEvent {
    DatedEvent {
        at: at(second),
        received_at: second * 1000,
        place: second.to_string(),
        event,
        is_time_told: true,
    }
}

fn assigned() -> ReturnEvent {
    ReturnEvent::AwbAssigned {
        awb: "AWB1".parse().unwrap(),
        transporter: None,
    }
}

fn fold(events: &[DatedReturnEvent], pushes: &[DatedEvent]) -> ReturnTimeline {
    ReturnTimeline::of(&order(), at(0), events, pushes)
}

#[test]
fn a_return_goes_its_way_to_the_last_piece() {
    use NotificationType as N;
    use ReturnOrderState as S;
    let mut events = vec![dated(1, assigned())];
    let mut pushes = Vec::new();
    assert_eq!(fold(&[], &[]).state, S::Created);
    assert_eq!(fold(&events, &[]).state, S::AwbAssigned);
    for (second, event, state) in [
        (2, N::OutForPickup, S::AwbAssigned),
        (3, N::ReturnPickedUp, S::PickedUp),
        (4, N::Transit, S::InTransit),
        (5, N::Delivered, S::Received),
    ] {
        pushes.push(pushed(second, event));
        assert_eq!(fold(&events, &pushes).state, state);
    }
    events.push(dated(6, processed(&["a"], QcStatus::Pass, false)));
    assert_eq!(fold(&events, &pushes).state, S::PartiallyProcessed);
    events.push(dated(7, processed(&["b"], QcStatus::Fail, false)));
    let timeline = fold(&events, &pushes);
    assert_eq!(timeline.state, S::Processed);
    assert_eq!(timeline.awb, Some("AWB1".parse().unwrap()));
    let names: Vec<_> = timeline
        .entries
        .iter()
        .map(|entry| entry.event.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "CREATED",
            "AWB_ASSIGNED",
            "OUT_FOR_PICKUP",
            "RETURN_PICKED_UP",
            "TRANSIT",
            "DELIVERED",
            "PARTIALLY_PROCESSED",
            "PROCESSED"
        ]
    );
}

#[test]
fn an_awb_in_the_order_is_known_at_once() {
    let with_awb = ReturnOrder {
        awb: Some("AWB1".parse().unwrap()),
        ..order()
    };
    let timeline = ReturnTimeline::of(&with_awb, at(0), &[], &[]);
    assert_eq!(timeline.state, ReturnOrderState::AwbAssigned);
}

#[test]
fn only_a_correction_replaces_a_result_and_has_its_time() {
    let code: ReturnItemCode = "a".parse().unwrap();
    let first = dated(1, processed(&["a"], QcStatus::Pass, false));
    let other = dated(2, processed(&["a"], QcStatus::Fail, false));
    let corrected = dated(3, processed(&["a"], QcStatus::Fail, true));
    let again = dated(4, processed(&["a"], QcStatus::Fail, true));
    let kept = fold(&[first.clone(), other], &[]);
    assert_eq!(kept.results[&code].item.qc_status, QcStatus::Pass);
    assert_eq!(kept.results[&code].corrected_at, None);
    let replaced = fold(&[first, corrected, again], &[]);
    assert_eq!(replaced.results[&code].item.qc_status, QcStatus::Fail);
    assert_eq!(replaced.results[&code].corrected_at, Some(at(3)));
}

#[test]
fn a_cancellation_after_the_arrival_changes_nothing() {
    let events = [
        dated(1, ReturnEvent::Received),
        dated(2, ReturnEvent::Cancelled),
        dated(
            3,
            ReturnEvent::PartnerStatus {
                status: "archived".to_owned(),
            },
        ),
    ];
    let timeline = fold(&events, &[]);
    assert_eq!(timeline.state, ReturnOrderState::Received);
    assert_eq!(timeline.entries.last().unwrap().event, "archived");
}

#[test]
fn an_accepted_result_outlives_a_cancellation_that_was_learned_of_later() {
    let events = [dated(5, processed(&["a", "b"], QcStatus::Pass, false))];
    let late = [pushed(3, NotificationType::Cancelled)];
    assert_eq!(fold(&events, &late).state, ReturnOrderState::Processed);
}

fn own_events() -> impl Strategy<Value = Vec<DatedReturnEvent>> {
    let event = proptest::sample::select(vec![
        assigned(),
        ReturnEvent::Cancelled,
        ReturnEvent::Received,
        processed(&["a"], QcStatus::Pass, false),
        processed(&["b"], QcStatus::Pass, false),
        processed(&["a", "b"], QcStatus::Fail, true),
        ReturnEvent::PartnerStatus {
            status: "inspected".to_owned(),
        },
    ]);
    let dated = (0_i64..30, event).prop_map(|(second, event)| dated(second, event));
    proptest::collection::vec(dated, 0..12)
}

fn pushes() -> impl Strategy<Value = Vec<DatedEvent>> {
    let event = proptest::sample::select(NotificationType::iter().collect::<Vec<_>>());
    let pushed = (0_i64..30, event).prop_map(|(second, event)| pushed(second, event));
    proptest::collection::vec(pushed, 0..12)
}

proptest! {
    #[test]
    fn the_order_of_arrival_and_repeats_do_not_change_a_return(
        events in own_events(), pushes in pushes(), seed: u64
    ) {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut more, mut repeated) = (events.clone(), pushes.clone());
        more.extend(events.iter().take(4).cloned());
        repeated.extend(pushes.iter().take(4).cloned());
        random.shuffle(&mut more);
        random.shuffle(&mut repeated);
        prop_assert_eq!(fold(&events, &pushes), fold(&more, &repeated));
    }
}
