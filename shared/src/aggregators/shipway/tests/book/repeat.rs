//! Buying once: the effect of a repeated request after each interruption.

use crate::aggregators::shipway::Shipway;
use crate::aggregators::shipway::tests::*;
use crate::aggregators::workbench::Names;
use crate::aggregators::{Aggregator, LookUp};
use crate::domain::booking::Booked;
use crate::partners::workbench::MemoryProgress;

const LOOK_UP: &str = "GET /getorders?orderid=SO-2042";
const BOOK: &str = "POST /v2orders";

fn alone() -> String {
    rows(json!([{"order_id": "SO-2042", "status": "O", "tracking_number": ""}]))
}

fn ordered() -> MemoryProgress {
    MemoryProgress::at(&[("order", "SO-2042")])
}

/// Books the minimal label.
async fn book(bench: &Workbench, progress: &MemoryProgress) -> Result<Booked, PartnerFailure> {
    let request = fixture(LABEL_MINIMAL);
    bench.book(&Shipway, &request, progress).await
}

fn awb_of(booked: Booked) -> String {
    match booked {
        Booked::Now(booking) => booking.awb.to_string(),
        Booked::Later => panic!("queued"),
    }
}

#[tokio::test]
async fn after_a_refused_awb_the_order_is_looked_up_and_booked_with_the_same_call() {
    let bench = shipway().await;
    once(&bench, "POST", "/v2orders", ok(AWB_REFUSED)).await;
    on(&bench, "POST", "/v2orders", ok(BOOKED)).await;
    on(&bench, "GET", "/getorders", ok(&alone())).await;
    let progress = MemoryProgress::default();
    refused(book(&bench, &progress).await.unwrap_err());
    let booked = book(&bench, &progress).await.unwrap();
    assert_eq!(awb_of(booked), "7700112233");
    assert_eq!(calls(&bench).await, [BOOK, LOOK_UP, BOOK]);
    assert_eq!(bench.body(0).await, bench.body(2).await);
}

#[tokio::test]
async fn an_order_that_has_its_awb_by_now_is_not_bought_again() {
    let bench = shipway().await;
    on(&bench, "GET", "/getorders", ok(ORDERS)).await;
    let booked = book(&bench, &ordered()).await.unwrap();
    let expected = booking("SO-2042", "7700112233", Some("Delhivery Surface"), None);
    assert_eq!(booked, Booked::Now(expected));
    assert_eq!(calls(&bench).await, [LOOK_UP]);
}

#[tokio::test]
async fn an_order_that_shipway_lost_is_created_again() {
    let bench = shipway().await;
    on(&bench, "GET", "/getorders", ok(&no_orders())).await;
    on(&bench, "POST", "/v2orders", ok(BOOKED)).await;
    book(&bench, &ordered()).await.unwrap();
    assert_eq!(calls(&bench).await, [LOOK_UP, BOOK]);
}

#[tokio::test]
async fn nothing_is_bought_while_the_look_up_is_inconclusive() {
    let cancelled =
        json!([{"order_id": "SO-2042", "tracking_number": "1", "shipment_status": "CAN"}]);
    for body in [
        rows(cancelled),
        rows(json!([{"order_id": "SO-20421"}])),
        "{}".to_owned(),
    ] {
        let bench = shipway().await;
        on(&bench, "GET", "/getorders", ok(&body)).await;
        let failure = book(&bench, &ordered()).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::OutcomeUnknown),
            "{body}: {failure:?}"
        );
        assert_eq!(calls(&bench).await, [LOOK_UP]);
    }
    let bench = shipway().await;
    on(&bench, "GET", "/getorders", answer(500, "")).await;
    let failure = book(&bench, &ordered()).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreachable));
    assert_eq!(calls(&bench).await, [LOOK_UP]);
}

#[tokio::test]
async fn the_awb_is_found_after_a_lost_response_but_not_after_a_lost_request() {
    let request = fixture(LABEL_MINIMAL);
    let label = booking("SO-2042", "7700112233", Some("Delhivery Surface"), None);
    for (kept, found) in [
        (ORDERS.to_owned(), LookUp::Booking(label)),
        (no_orders(), LookUp::Nothing),
        (alone(), LookUp::Nothing),
    ] {
        let mut bench = shipway().await;
        bench.deadline = IMPATIENCE;
        on(&bench, "POST", "/v2orders", late(BOOKED)).await;
        on(&bench, "GET", "/getorders", ok(&kept)).await;
        let failure = book(&bench, &MemoryProgress::default()).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::OutcomeUnknown));
        bench.deadline = Duration::from_secs(10);
        let looked_up = bench.look_up(&Shipway, &Names::of(&request)).await.unwrap();
        assert_eq!(looked_up, found);
        assert_eq!(calls(&bench).await, [BOOK, LOOK_UP]);
    }
}

#[tokio::test]
async fn an_accepted_order_without_awb_data_is_kept_and_unknown() {
    let bench = shipway().await;
    let body = r#"{"success": true, "message": "Order has been added successfully."}"#;
    on(&bench, "POST", "/v2orders", ok(body)).await;
    let progress = MemoryProgress::default();
    let failure = book(&bench, &progress).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::OutcomeUnknown));
    assert_eq!(progress.reached()["order"], "SO-2042");
}

#[tokio::test]
async fn a_return_whose_awb_was_refused_is_requested_again_unless_it_is_found() {
    let request = fixture(RETURN_RICH);
    let ours = json!([{"order_id": "RT-77-.R", "tracking_number": "5500990011"}]);
    let asked = "GET /getorders?orderid=RT-77-.R";
    let created = "POST /Createreturns";
    for (kept, made) in [
        (rows(ours), vec![asked]),
        (no_orders(), vec![asked, created]),
        (rows(json!([{"order_id": "other"}])), vec![asked, created]),
    ] {
        let bench = shipway().await;
        on(&bench, "GET", "/getorders", ok(&kept)).await;
        on(&bench, "POST", "/Createreturns", ok(RETURN_BOOKED)).await;
        let progress = MemoryProgress::at(&[("order", "RT-77-.R")]);
        let booked = bench.book(&Shipway, &request, &progress).await.unwrap();
        assert_eq!(awb_of(booked), "5500990011");
        assert_eq!(calls(&bench).await, made);
    }
}

#[tokio::test]
async fn a_booking_after_a_cancellation_has_another_name() {
    let bench = shipway().await;
    on(&bench, "POST", "/v2orders", ok(BOOKED)).await;
    let request = fixture(LABEL_MINIMAL);
    let again = Names {
        round: 2,
        ..Names::of(&request)
    };
    let keeper = MemoryProgress::default();
    let mut progress = crate::partners::progress::Progress::new(keeper.reached(), &keeper);
    Shipway
        .book(bench.call(), again.reference(), &request, &mut progress)
        .await
        .unwrap();
    assert_eq!(bench.body(0).await["order_id"], "SO-2042-.2");
}

#[test]
fn a_look_up_reconciles_and_shipway_chooses_couriers() {
    assert!(!Shipway.repeats_safely());
    assert!(Shipway.chooses_couriers());
}
