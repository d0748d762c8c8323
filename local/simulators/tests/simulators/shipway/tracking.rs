//! Tracking by AWB.

use serde_json::{Value, json};

use crate::shipway::{Running, returned, text};

#[tokio::test]
async fn each_awb_is_answered_separately() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    let answer = running.get(&format!("tracking/?awb_numbers={awb},1")).await;
    assert_eq!(
        answer[0],
        json!({
            "awb": awb,
            "tracking_details": {
                "shipment_status": "NFI",
                "shipment_details": [{
                    "courier_id": "7102",
                    "courier_name": "Xpressbees",
                    "order_id": "A-1",
                    "pickup_date": null,
                    "delivered_date": null,
                    "weight": "200",
                    "packages": 1,
                    "current_status": "Status Pending",
                    "delivered_to": null,
                    "destination": "Ahmedabad",
                    "consignee_name": "Noor Jahan",
                    "origin": "Bengaluru",
                }],
                "track_url": format!("{}/shipway/t/{awb}", running.url),
            },
        })
    );
    assert_eq!(answer[1]["awb"], "1");
    assert!(answer[1]["error"].is_string() && answer[1].get("tracking_details").is_none());
}

#[tokio::test]
async fn the_history_is_included_on_request() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    running
        .advance(json!({ "awb": awb, "to": "DELIVERED" }))
        .await;
    let answer = running
        .get(&format!("tracking?awb_numbers={awb}&tracking_history=1"))
        .await;
    let details = &answer[0]["tracking_details"];
    assert_eq!(details["shipment_status"], "DEL");
    let parcel = &details["shipment_details"][0];
    assert_eq!(parcel["delivered_to"], "Noor Jahan");
    assert!(parcel["pickup_date"].is_string() && parcel["delivered_date"].is_string());
    let history = details["tracking_history"].as_array().unwrap();
    let codes: Vec<_> = history.iter().map(|scan| text(&scan["status"])).collect();
    assert_eq!(codes, ["SCH", "INT", "OOD", "DEL"]);
    assert_eq!(history[1]["remarks"], "In Transit");
    let row = running.row("A-1").await.unwrap();
    assert_eq!(
        (&row["status"], &row["shipment_status"]),
        (&json!("G"), &json!("DEL"))
    );
    assert_eq!(row["shipment_status_scan"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn returns_are_tracked_too() {
    let running = Running::start().await;
    let answer = running.post("Createreturns", &returned("R-1")).await;
    let awb = text(&answer["awb_response"]["AWB"]);
    running
        .advance(json!({ "awb": awb, "to": "RETURN_PICKED_UP" }))
        .await;
    let answer = running.get(&format!("tracking?awb_numbers={awb}")).await;
    let details = &answer[0]["tracking_details"];
    assert_eq!(details["shipment_status"], "RPKP");
    assert_eq!(details["shipment_details"][0]["origin"], "Ahmedabad");
    assert_eq!(details["shipment_details"][0]["destination"], "Thane");
}

#[tokio::test]
async fn a_hundred_awbs_are_the_most() {
    let running = Running::start().await;
    let track = async |count: usize| {
        let awbs = vec!["1"; count].join(",");
        running.get(&format!("tracking?awb_numbers={awbs}")).await
    };
    assert_eq!(track(100).await.as_array().map(Vec::len), Some(100));
    let refused = track(101).await;
    let told = refused.as_array().unwrap();
    assert!(
        told.iter()
            .all(|each| matches!(&each["error"], Value::String(_)))
    );
}
