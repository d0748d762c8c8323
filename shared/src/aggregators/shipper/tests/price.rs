//! Prices in Shipper's own terms.

use crate::aggregators::pricing::{PricesShipments, ToldPrices};
use crate::aggregators::shipper::tests::*;
use crate::contract::fields::read_value;
use crate::contract::pricing::{read_goods, read_parcel};
use crate::domain::pricing::PriceQuestion;

const PRICED: &str = include_str!("../fixtures/priced.json");
const PARCEL: &str = "POST /v3/pricing/domestic";
const EXPRESS: &str = "POST /v3/pricing/domestic/express";
const GOODS: &str = "POST /v3/fulfillment/pricing/domestic";

fn parcel() -> Value {
    json!({
        "origin": { "area_id": 30101, "suburb_id": 5, "lat": "-6.1926", "lng": "106.8386" },
        "destination": { "area_id": 31501 },
        "for_order": false, "cod": true, "height": 10, "length": 10.5, "width": 0.1, "weight": 0.005,
        "item_value": 0, "item_categories": ["Buku"], "limit": 30, "page": 2, "sort_by": ["final_price"],
    })
}

fn goods() -> Value {
    let sku = json!({ "height": 10, "length": 10, "width": 10, "weight": 0.7, "quantity": 3 });
    json!({
        "origin": { "area_id": 30101 }, "destination": { "area_id": 31501 }, "for_order": true,
        "rate_type_id": "same-day", "cod": false, "with_insurance": true, "order_price": 1_000_000, "skus": [sku],
    })
}

fn of_parcel(body: &Value, rate: Option<&str>) -> PriceQuestion {
    let rate = rate.map(|rate| rate.parse().unwrap());
    read_value(body, |fields| read_parcel(fields, rate))
        .unwrap()
        .question
}

fn of_goods(body: &Value) -> PriceQuestion {
    read_value(body, read_goods).unwrap().question
}

async fn prices(bench: &Workbench, question: &PriceQuestion) -> Result<ToldPrices, PartnerFailure> {
    Shipper.prices(bench.call(), question).await
}

#[tokio::test]
async fn a_question_passes_as_it_is_and_so_does_the_answer() {
    for (call, rate) in [(PARCEL, None), (EXPRESS, Some("express"))] {
        let bench = shipper().await;
        on(&bench, call, 200, PRICED).await;
        let told = prices(&bench, &of_parcel(&parcel(), rate)).await.unwrap();
        let priced = json_of(PRICED);
        assert_eq!(told.data, priced["data"]);
        assert_eq!(told.pagination.as_ref(), priced.get("pagination"));
        assert_eq!(bench.body(0).await, parcel());
    }
    let bench = shipper().await;
    on(&bench, GOODS, 200, r#"{"data": {"pricings": []}}"#).await;
    let mut goods = goods();
    for end in ["origin", "destination"] {
        goods[end]["lat"] = json!("-6.19");
        goods[end]["lng"] = json!("106.84");
    }
    let told = prices(&bench, &of_goods(&goods)).await.unwrap();
    assert_eq!(told.pagination, None);
    assert_eq!(bench.body(0).await, goods);
}

#[tokio::test]
async fn the_answer_about_goods_may_have_any_form() {
    let mut goods = goods();
    goods["rate_type_id"] = json!("regular");
    for data in [json!([{ "price": 1 }]), json!({ "rates": [] })] {
        let bench = shipper().await;
        on(&bench, GOODS, 200, &with_data(data.clone())).await;
        let told = prices(&bench, &of_goods(&goods)).await.unwrap();
        assert_eq!(told.data, data);
    }
    for nothing in [json!(null), json!("none")] {
        let bench = shipper().await;
        on(&bench, GOODS, 200, &with_data(nothing)).await;
        let failure = prices(&bench, &of_goods(&goods)).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::Unreadable));
    }
}

#[tokio::test]
async fn what_an_end_lacks_is_named_before_anything_is_sent() {
    let bench = shipper().await;
    let failure = prices(&bench, &of_goods(&goods())).await.unwrap_err();
    let at_once = [
        "/origin/lat",
        "/origin/lng",
        "/destination/lat",
        "/destination/lng",
    ];
    assert_eq!(pointers(failure), at_once);
    let mut lone = parcel();
    lone["origin"] = json!({ "lat": "-6.1926" });
    lone["destination"] = json!({ "suburb_id": 5 });
    let failure = prices(&bench, &of_parcel(&lone, None)).await.unwrap_err();
    assert_eq!(pointers(failure), ["/origin/lng", "/destination/area_id"]);
    assert!(bench.received().await.is_empty());
}

#[tokio::test]
async fn failures_are_distinguished() {
    let failed = async |status, body: &str| {
        let bench = shipper().await;
        on(&bench, PARCEL, status, body).await;
        prices(&bench, &of_parcel(&parcel(), None))
            .await
            .unwrap_err()
    };
    assert!(matches!(
        failed(400, REFUSED).await,
        PartnerFailure::Refused(_)
    ));
    assert!(matches!(
        failed(200, REFUSED).await,
        PartnerFailure::Refused(_)
    ));
    assert!(matches!(
        failed(403, "{}").await,
        PartnerFailure::BadCredentials
    ));
    assert!(matches!(failed(503, "").await, PartnerFailure::Unreachable));
    for nonsense in [
        "<html>",
        "{}",
        r#"{"data": null}"#,
        r#"{"data": {"pricings": null}}"#,
    ] {
        assert!(
            matches!(failed(200, nonsense).await, PartnerFailure::Unreadable),
            "{nonsense}"
        );
    }
    let mut bench = shipper().await;
    bench.deadline = IMPATIENCE;
    late(&bench, PARCEL, PRICED).await;
    let failure = prices(&bench, &of_parcel(&parcel(), None))
        .await
        .unwrap_err();
    assert!(matches!(failure, PartnerFailure::Unreachable));
}
