//! Look-ups of a booking by its AWB.

use crate::aggregators::clickpost::tests::*;
use crate::domain::booking::Booking;
use crate::domain::shipment::ShipmentType;

fn names(awb: Option<&str>, courier: Option<&str>) -> Names {
    let known = Names::of(&workbench::request(&body(LABEL_REQUEST)));
    let courier = courier.map(|courier| (COURIER.to_owned(), courier.to_owned()));
    Names {
        awb: awb.map(|awb| awb.parse().unwrap()),
        reached: courier.into_iter().collect(),
        ..known
    }
}

fn known() -> Names {
    names(Some("7000001234"), Some("4"))
}

async fn found(template: ResponseTemplate) -> Result<LookUp, PartnerFailure> {
    let bench = workbench().await.answers(template).await;
    bench.look_up(&Clickpost, &known()).await
}

#[tokio::test]
async fn without_an_awb_or_a_courier_nothing_is_sent() {
    let bench = workbench().await;
    for names in [names(None, Some("4")), names(Some("7000001234"), None)] {
        let found = bench.look_up(&Clickpost, &names).await.unwrap();
        assert_eq!(found, LookUp::CannotTell);
    }
    assert!(bench.received().await.is_empty());
}

#[tokio::test]
async fn an_order_is_fetched_by_awb_and_courier() {
    let bench = workbench().await;
    let bench = bench.answers(answer(200, &body(ORDER_ANSWER))).await;
    let LookUp::Booking(booking) = bench.look_up(&Clickpost, &known()).await.unwrap() else {
        panic!("nothing found");
    };
    assert_eq!(booking.order_id.unwrap().as_str(), "300100200");
    assert_eq!(
        bench.asked().await,
        ["GET /v3/create-order/?username=brand&key=k+1%262&awb=7000001234&cp_id=4"]
    );
}

#[tokio::test]
async fn the_account_s_default_courier_is_tried_if_none_is_known() {
    let mut bench = workbench_abroad().await;
    bench.account.default_courier = Some("138".parse().unwrap());
    let bench = bench.answers(answer(200, &body(ABROAD_ANSWER))).await;
    let names = names(Some("254000777"), None);
    let found = bench.look_up(&Clickpost, &names).await;
    assert!(matches!(found, Ok(LookUp::Booking(_))));
    assert_eq!(
        bench.asked().await,
        ["GET /v4/create-order/?username=brand&key=k+1%262&awb=254000777&cp_id=138"]
    );
}

/// Looks up an order without a label, with this response to the label call.
async fn without_label(label: ResponseTemplate, names: &Names) -> (Booking, Vec<String>) {
    let bench = workbench().await;
    let order = changed(ORDER_ANSWER, &[("/result/label", Value::Null)]);
    for (at, template) in [
        ("/v3/create-order/", answer(200, &order)),
        ("/v1/fetch/shippinglabel/", label),
    ] {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(template)
            .mount(&bench.server)
            .await;
    }
    let LookUp::Booking(booking) = bench.look_up(&Clickpost, names).await.unwrap() else {
        panic!("nothing found");
    };
    (booking, bench.asked().await)
}

fn label(url: &str) -> Value {
    json!({"meta": {"status": 200, "success": true}, "result": {"shipping_label": url}})
}

#[tokio::test]
async fn a_missing_label_is_requested() {
    let url = "https://labels.example/again.pdf";
    let (booking, asked) = without_label(answer(200, &label(url)), &known()).await;
    assert_eq!(booking.label_url.unwrap().as_str(), url);
    assert_eq!(
        asked[1],
        "GET /v1/fetch/shippinglabel/?username=brand&key=k+1%262&waybill=7000001234&cp_id=4"
    );
}

#[tokio::test]
async fn an_order_whose_label_is_unavailable_is_found() {
    for template in [
        answer(200, &meta(500, "Ops! Internal server error")),
        ResponseTemplate::new(503),
        answer(200, &label("soon")),
    ] {
        let (booking, asked) = without_label(template, &known()).await;
        assert_eq!(booking.label_url, None);
        assert_eq!(asked.len(), 2);
    }
}

#[tokio::test]
async fn a_return_needs_no_label() {
    let names = Names {
        shipment_type: ShipmentType::Return,
        ..known()
    };
    let (booking, asked) = without_label(ResponseTemplate::new(500), &names).await;
    assert_eq!((booking.label_url, asked.len()), (None, 1));
}

#[tokio::test]
async fn a_response_about_another_order_is_inconclusive() {
    let other = changed(ORDER_ANSWER, &[("/result/waybill", json!("7000009999"))]);
    for template in [
        answer(400, &json!({})),
        answer(200, &json!({})),
        answer(200, &meta(330, "waybill unknown")),
        answer(200, &meta(102, "still processing")),
        answer(200, &meta(200, "no result")),
        answer(200, &other),
    ] {
        assert_eq!(found(template).await.unwrap(), LookUp::CannotTell);
    }
}

#[tokio::test]
async fn a_bad_key_garbage_and_a_missing_response_are_reported() {
    let failure = found(answer(200, &meta(301, "Invalid Token"))).await;
    assert!(matches!(failure, Err(PartnerFailure::BadCredentials)));
    let garbage = ResponseTemplate::new(200).set_body_string("<html>");
    let failure = found(garbage).await;
    assert!(matches!(failure, Err(PartnerFailure::Unreadable)));
    for template in [ResponseTemplate::new(500), answer(200, &meta(500, "Oops"))] {
        let failure = found(template).await;
        assert!(matches!(failure, Err(PartnerFailure::Unreachable)));
    }
}
