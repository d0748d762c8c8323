//! Tracking by polling.

use serde_json::{Value, json};

use crate::clickpost::{Running, forward, forward_with};

#[tokio::test]
async fn scans_are_newest_first() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    running.advance(&awb, "RTO_DELIVERED").await;
    let (_, answer) = running
        .get(&format!("/v2/track-order/?waybill={awb}&cp_id=4"))
        .await;
    let shipment = &answer["result"][&awb];
    let scans = shipment["scans"].as_array().unwrap();
    let codes: Vec<_> = scans
        .iter()
        .map(|scan| scan["clickpost_status_code"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [14, 12, 9, 6, 5, 4, 28, 1]);
    assert_eq!(shipment["latest_status"]["clickpost_status_code"], 14);
    assert_eq!(shipment["latest_status"]["clickpost_status_bucket"], 7);
    assert_eq!(shipment["additional"]["ndr"]["ndr_bucket_code"], 1);
    assert_eq!(shipment["additional"]["sku"], json!(["jeans-1", "shirt-2"]));
    for scan in scans {
        let time = scan["timestamp"].as_str().unwrap();
        assert!(time.len() == 19 && time.as_bytes()[10] == b' ', "{time}");
    }
}

#[tokio::test]
async fn only_known_shipments_are_returned() {
    let running = Running::start().await;
    let first = running.awb(&forward("SHIP-1")).await;
    let second = running.awb(&forward("SHIP-2")).await;
    let other = running.awb(&forward_with(5, "SHIP-3")).await;
    let path = format!("/v2/track-order/?waybill={first},123,{second},{other}&cp_id=4");
    let (_, answer) = running.get(&path).await;
    let result = answer["result"].as_object().unwrap();
    assert_eq!(result.len(), 2);
    assert!(result.contains_key(&first) && result.contains_key(&second));

    let (http, nothing) = running.get("/v2/track-order/?waybill=123&cp_id=4").await;
    assert_eq!((http, &nothing["meta"]["status"]), (200, &json!(200)));
    assert_eq!(nothing["result"], Value::Null);
    let (_, many) = running
        .get("/v2/track-order/?waybill=1,2,3,4,5,6&cp_id=4")
        .await;
    assert_eq!(many["meta"]["status"], 400);
}
