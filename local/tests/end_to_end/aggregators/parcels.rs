//! Orders that are booked in parcels only, and order numbers that cannot stand in a path.

use serde_json::{Value, json};

use crate::aggregators::requests;
use crate::aggregators::world::{LABELS, World};
use crate::vendors::{ALL, Vendor};

#[tokio::test]
async fn an_order_of_parcels_alone_is_told_with_each_of_them() {
    let world = World::start().await;
    for &Vendor { alias, .. } in ALL {
        let number = format!("WH/OUT/{alias}");
        let mut expected = Vec::new();
        for code in ["p1", "p2"] {
            let mut request = requests::label(alias, &number);
            request["shipmentCode"] = json!(code);
            let label = world.post(LABELS, &request).await.ok();
            expected.push(json!({
                "shipmentCode": code, "state": "LABEL_READY", "awb": label["awb"],
                "carrierName": label["carrierName"], "logisticAccountAlias": alias,
            }));
        }
        let order = world.get("/shipments", &number).await.ok();
        assert_eq!(order["parcels"], json!(expected), "{alias}");
        let whole = ["state", "awb", "shipmentCode"].map(|name| &order[name]);
        assert_eq!(whole, [&Value::Null; 3], "{alias}");
        let query = format!("/shipments?orderNumber=WH%2FOUT%2F{alias}&shipmentCode=p2");
        let parcel = world.query(&query).await.ok();
        assert_eq!(parcel["awb"], expected[1]["awb"], "{alias}");
        assert_eq!(parcel["shipmentCode"], "p2", "{alias}");
    }
}

#[tokio::test]
async fn an_order_number_that_a_path_cannot_hold_is_asked_for_in_the_query() {
    let world = World::start().await;
    for number in ["WH/OUT/1", "50%", "a?b", "a#b", "A-1"] {
        let label = world.label("magic", number).await.ok();
        let shipment = world.get("/shipments", number).await.ok();
        assert_eq!(shipment["awb"], label["awb"], "{number}");
        assert_eq!(shipment["orderNumber"], number);
    }
    let plain = world.query("/shipments/A-1").await.ok();
    assert_eq!(plain, world.get("/shipments", "A-1").await.ok());
    // As on AWS, a path is decoded before the route is looked for.
    let slashes = world.query("/shipments/WH%2FOUT%2F1").await;
    slashes.problem(404, "not-found");
    let without = world.query("/shipments").await;
    without.problem(400, "invalid-parameter");
}
