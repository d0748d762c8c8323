//! Look-ups: what Shipper's answers mean.

use crate::aggregators::LookUp;
use crate::aggregators::shipper::tests::*;

async fn found(bench: &Workbench, names: &Names) -> Result<LookUp, PartnerFailure> {
    bench.look_up(&Shipper, names).await
}

#[tokio::test]
async fn a_booking_is_found_by_its_name_or_its_id_and_its_label_is_printed() {
    let reached = Names {
        reached: [("order".to_owned(), ORDER_ID.to_owned())].into(),
        ..Names::of(&label())
    };
    for (names, call) in [
        (Names::of(&label()), FIND),
        (known(), READ),
        (reached, READ),
    ] {
        let bench = shipper().await;
        on(&bench, call, 200, DETAIL).await;
        on(&bench, PRINT, 201, PRINTED).await;
        let found = found(&bench, &names).await.unwrap();
        assert_eq!(found, LookUp::Booking(booking()));
        assert_eq!(calls(&bench).await, [call, PRINT]);
    }
}

#[tokio::test]
async fn a_label_that_cannot_be_printed_does_not_lose_the_booking() {
    for (status, body) in [(400, REFUSED), (500, ""), (201, "x")] {
        let bench = shipper().await;
        on(&bench, READ, 200, DETAIL).await;
        on(&bench, PRINT, status, body).await;
        let without = Booking {
            label_url: None,
            ..booking()
        };
        let found = found(&bench, &known()).await.unwrap();
        assert_eq!(found, LookUp::Booking(without), "{body}");
    }
}

#[tokio::test]
async fn an_order_without_an_awb_is_queued_once_its_pickup_is_asked_for() {
    for (is_active, awb) in [(true, json!("")), (false, json!(null)), (false, json!(" "))] {
        let bench = shipper().await;
        let order = detail_with(&[("awb_number", awb), ("is_active", json!(is_active))]);
        on(&bench, READ, 200, &order).await;
        let expected = LookUp::Order {
            order_id: ORDER_ID.parse().unwrap(),
            is_queued: is_active,
        };
        assert_eq!(found(&bench, &known()).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn only_shippers_own_404_says_that_there_is_no_order() {
    let bench = shipper().await;
    on(&bench, FIND, 404, UNKNOWN).await;
    let nothing = found(&bench, &Names::of(&label())).await.unwrap();
    assert_eq!(nothing, LookUp::Nothing);
    for body in ["", "<html>not found</html>", r#"{"message": "no route"}"#] {
        let bench = shipper().await;
        on(&bench, FIND, 404, body).await;
        let unclear = found(&bench, &Names::of(&label())).await.unwrap();
        assert_eq!(unclear, LookUp::CannotTell, "{body}");
    }
}

#[tokio::test]
async fn everything_else_is_inconclusive() {
    let other = detail_with(&[("order_id", json!("26OTHER"))]);
    let cancelled = detail_with(&[("shipment_status", json!({"code": "999"}))]);
    let odd = detail_with(&[("awb_number", json!({"x": 1}))]);
    for (status, body) in [
        // An order that was created does not vanish.
        (404, UNKNOWN),
        (200, &other),
        (200, &cancelled),
        (200, &odd),
        (400, REFUSED),
    ] {
        let bench = shipper().await;
        on(&bench, READ, status, body).await;
        let found = found(&bench, &known()).await.unwrap();
        assert_eq!(found, LookUp::CannotTell, "{body}");
    }
    let bench = shipper().await;
    on(&bench, READ, 502, "").await;
    let failure = found(&bench, &known()).await.unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreachable));
}
