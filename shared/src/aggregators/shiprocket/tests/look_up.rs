//! Look-ups.

use crate::aggregators::shiprocket::tests::*;
use crate::domain::shipment::ShipmentType;

async fn look_up(bench: &Workbench, names: &Names) -> Result<LookUp, PartnerFailure> {
    bench.look_up(&Shiprocket, names).await
}

fn by_id() -> Names {
    Names {
        order_id: Some("430011".parse().unwrap()),
        ..minimal_names()
    }
}

#[tokio::test]
async fn a_booking_is_read_by_the_order_id_with_its_label() {
    let bench = bench().await;
    on(&bench, "GET", SHOW, 200, SHOWN).await;
    on(&bench, "POST", PRINT, 200, LABEL).await;
    let reached = [("order".to_owned(), "430011/429990".to_owned())].into();
    for names in [
        by_id(),
        Names {
            reached,
            ..minimal_names()
        },
    ] {
        let found = look_up(&bench, &names).await.unwrap();
        assert_eq!(found, LookUp::Booking(sold(Some(LABEL_URL))));
    }
    assert_eq!(
        asked(&bench).await[..2],
        ["GET /orders/show/430011", "POST /courier/generate/label"]
    );
}

#[tokio::test]
async fn a_return_has_no_label() {
    let bench = bench().await;
    on(&bench, "GET", SHOW, 200, SHOWN).await;
    let names = Names {
        shipment_type: ShipmentType::Return,
        ..by_id()
    };
    assert_eq!(
        look_up(&bench, &names).await.unwrap(),
        LookUp::Booking(sold(None))
    );
}

#[tokio::test]
async fn without_an_order_id_an_order_is_found_by_its_name() {
    let bench = bench().await;
    let orders = with(
        ORDERS,
        &[(
            "/data/1/shipments",
            json!([{"courier": "Amazon Surface", "awb": "77300145020"}]),
        )],
    );
    on(&bench, "GET", FIND, 200, orders.to_string()).await;
    on(&bench, "POST", PRINT, 200, LABEL).await;
    let found = look_up(&bench, &minimal_names()).await.unwrap();
    assert_eq!(found, LookUp::Booking(sold(Some(LABEL_URL))));
    assert_eq!(
        asked(&bench).await[0],
        "GET /orders?page=1&per_page=50&search=W-2042"
    );
}

#[tokio::test]
async fn an_order_without_an_awb_a_cancelled_one_and_an_unknown_one_are_not_bookings() {
    let without = with(
        SHOWN,
        &[
            ("/data/shipments/awb", Value::Null),
            ("/data/awb_data", json!([])),
        ],
    );
    let cancelled = with(
        SHOWN,
        &[
            ("/data/status", json!("CANCELED")),
            ("/data/status_code", json!(5)),
        ],
    );
    let unknown = json!({"message": "Order ID not found", "status_code": 400});
    for (status, body) in [(200, without), (200, cancelled), (400, unknown)] {
        let bench = bench().await;
        on(&bench, "GET", SHOW, status, body.to_string()).await;
        assert_eq!(
            look_up(&bench, &by_id()).await.unwrap(),
            LookUp::Nothing,
            "{body}"
        );
    }
    let bench = bench().await;
    on(&bench, "GET", FIND, 200, ORDERS).await;
    let names = Names {
        round: 2,
        ..minimal_names()
    };
    assert_eq!(look_up(&bench, &names).await.unwrap(), LookUp::Nothing);
    let foreign = Names {
        order_id: Some("ORD/7".parse().unwrap()),
        ..minimal_names()
    };
    assert_eq!(look_up(&bench, &foreign).await.unwrap(), LookUp::Nothing);
}

#[tokio::test]
async fn inconclusive_responses_decide_nothing() {
    for body in ["", "{}", r#"{"data": {}}"#, r#"{"data": {"id": 430011}}"#] {
        let bench = bench().await;
        on(&bench, "GET", SHOW, 200, body).await;
        let found = look_up(&bench, &by_id()).await;
        assert!(
            matches!(found, Err(PartnerFailure::Unreadable)),
            "{body}: {found:?}"
        );
        on(&bench, "GET", FIND, 200, body).await;
        if !body.contains("430011") {
            let found = look_up(&bench, &minimal_names()).await;
            assert!(
                matches!(found, Err(PartnerFailure::Unreadable)),
                "{body}: {found:?}"
            );
        }
    }
    let bench = bench().await;
    on(
        &bench,
        "GET",
        SHOW,
        404,
        r#"{"message": "404 Not Found", "status_code": 404}"#,
    )
    .await;
    let found = look_up(&bench, &by_id()).await;
    assert!(
        matches!(found, Err(PartnerFailure::Unreadable)),
        "{found:?}"
    );
    on(&bench, "GET", FIND, 502, "<html>").await;
    let found = look_up(&bench, &minimal_names()).await;
    assert!(
        matches!(found, Err(PartnerFailure::Unreachable)),
        "{found:?}"
    );
}
