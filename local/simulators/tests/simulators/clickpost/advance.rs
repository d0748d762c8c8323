//! The webhooks in each dialect.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulators::sink::Behaviour;

use crate::clickpost::{Running, forward, forward_with, returned, text};

fn codes(pushed: &[Value]) -> Vec<u64> {
    pushed
        .iter()
        .map(|body| body["clickpost_status_code"].as_u64().unwrap())
        .collect()
}

fn events(pushed: &[Value]) -> Vec<u64> {
    pushed
        .iter()
        .map(|body| {
            body["additional"]["notification_event_id"]
                .as_u64()
                .unwrap()
        })
        .collect()
}

#[tokio::test]
async fn all_statuses_are_pushed_and_contain_the_latest() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    assert_eq!(running.advance(&awb, "OUT_FOR_DELIVERY").await.0, 200);
    let mut pushed = running.pushed();
    assert_eq!(codes(&pushed), [28, 4, 5, 6]);
    let mut last = pushed.pop().unwrap();
    let time = last["timestamp"].take();
    assert_eq!(
        last["additional"]["latest_status"]["timestamp"].take(),
        time
    );
    assert_eq!(
        last,
        json!({
            "waybill": awb,
            "cp_id": 4,
            "clickpost_status_code": 6,
            "clickpost_status_description": "OutForDelivery",
            "status": "Dispatched",
            "remark": "Out for delivery",
            "location": "Ahmedabad",
            "clickpost_city": "NSZ_HUB-2",
            "timestamp": null,
            "account_code": "delhivery-surface",
            "additional": {
                "latest_status": {
                    "clickpost_status_code": 6,
                    "clickpost_status_description": "OutForDelivery",
                    "clickpost_status_bucket": 4,
                    "clickpost_status_bucket_description": "Out for delivery",
                    "status": "Dispatched",
                    "remark": "Out for delivery",
                    "location": "Ahmedabad",
                    "timestamp": null,
                    "reference_number": "SHIP-1",
                },
                "order_id": "ORDER-1",
                "is_rvp": false,
                "ndr_status_code": null,
                "ndr_status_description": null,
                "npr_status_code": null,
                "npr_status_description": null,
                "courier_partner_edd": null,
                "destination_hub_inscan_ts": null,
            },
        })
    );
    let received = &running.rms.received()[0];
    assert_eq!(received.path, "/notifications");
    assert_eq!(received.headers["webhook_key"], "push-secret");
}

#[tokio::test]
async fn times_are_indias_although_they_end_in_z() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    running.advance(&awb, "AWB_GENERATED").await;
    let said: Timestamp = text(&running.pushed()[0]["timestamp"]).parse().unwrap();
    let meant = said - SignedDuration::from_mins(330);
    let age = Timestamp::now().duration_since(meant);
    assert!(age.abs() < SignedDuration::from_mins(1), "{said}");
}

#[tokio::test]
async fn a_failed_delivery_has_a_reason() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    running.advance(&awb, "RTO_DELIVERED").await;
    let pushed = running.pushed();
    assert_eq!(codes(&pushed), [28, 4, 5, 6, 9, 12, 14]);
    let additional = &pushed[4]["additional"];
    assert_eq!(additional["ndr_status_code"], 1);
    assert_eq!(additional["ndr_status_description"], "Customer Unavailable");
    assert_eq!(pushed[4]["waybill"], awb);
}

#[tokio::test]
async fn selected_statuses_carry_their_event() {
    let ways: [(&str, &[u64], &[u64]); 4] = [
        ("DELIVERED", &[28, 4, 5, 6, 8], &[9, 2, 2, 3, 5]),
        (
            "RTO_DELIVERED",
            &[28, 4, 5, 6, 9, 21, 14],
            &[9, 2, 2, 3, 4, 6, 12],
        ),
        ("CANCELLED", &[28, 10], &[9, 10]),
        ("LOST", &[28, 4, 5, 16], &[9, 2, 2, 19]),
    ];
    for (to, told, selected) in ways {
        let running = Running::start().await;
        let awb = running.awb(&forward("SHIP-1")).await;
        assert_eq!(running.advance_in("selected", &awb, to).await.0, 200);
        let pushed = running.pushed();
        assert_eq!(codes(&pushed), told, "{to}");
        assert_eq!(events(&pushed), selected, "{to}");
        assert!(pushed[0]["additional"]["latest_status"].is_object());
    }
}

#[tokio::test]
async fn a_return_begins_with_its_request() {
    let running = Running::start().await;
    let forward_awb = running.awb(&forward("SHIP-1")).await;
    let awb = running.awb(&returned("RET-1")).await;
    running.advance(&awb, "DELIVERED").await;
    let mut pushed = running.pushed();
    assert_eq!(codes(&pushed), [101, 25, 4, 5, 8]);
    assert_eq!(pushed[1]["waybill"], awb);
    assert_eq!(pushed[1]["additional"]["is_rvp"], true);

    let mut request = pushed.remove(0);
    let time = text(&request["timestamp"].take());
    assert!(time.len() == 26 && !time.ends_with('Z'), "{time}");
    let items = request["additional"]["item_info"].take();
    let latest = request["additional"]["latest_status"].take();
    assert_eq!(latest["clickpost_status_code"], 101);
    assert_eq!(items[1]["sku"], "shirt-2");
    assert_eq!(items[1]["quantity"], 2);
    assert_eq!(items[1]["return_reason"], "Too small");
    assert_eq!(
        request,
        json!({
            "waybill": "",
            "cp_id": -1,
            "account_code": null,
            "location": "",
            "remark": "Return Order Placed",
            "status": "Return Order Placed",
            "notification_event": 11,
            "timestamp": null,
            "clickpost_status_code": 101,
            "clickpost_status_description": "Return Order Placed",
            "clickpost_status_bucket": 8,
            "clickpost_status_bucket_description": "Return Order Placed",
            "additional": {
                "latest_status": null,
                "is_rvp": true,
                "notification_event_id": 11,
                "forward_awb": forward_awb,
                "forward_reference_number": "SHIP-1",
                "forward_order_id": "ORDER-1",
                "return_reference_number": "RET-1",
                "self_shipped": false,
                "drop_store_id": null,
                "source": null,
                "item_info": null,
            },
        })
    );
}

#[tokio::test]
async fn a_pickup_can_fail_and_a_return_can_be_approved() {
    for (to, told, selected) in [
        ("PICKUP_CANCELLED", [101, 25, 3], [11, 1, 16]),
        ("AWB_GENERATED", [101, 102, 28], [11, 22, 9]),
    ] {
        let running = Running::start().await;
        let awb = running.awb(&returned("RET-1")).await;
        running.advance_in("selected", &awb, to).await;
        let pushed = running.pushed();
        assert_eq!(codes(&pushed), told, "{to}");
        assert_eq!(events(&pushed), selected, "{to}");
        assert_eq!(pushed[0]["additional"]["forward_awb"], Value::Null);
    }
}

#[tokio::test]
async fn only_return_requests_are_wrapped_in_an_envelope() {
    let running = Running::start().await;
    let awb = running.awb(&returned("RET-1")).await;
    running.advance_in("wrapped", &awb, "AWB_GENERATED").await;
    let pushed = running.pushed();
    let payload = &pushed[1]["payload"];
    assert_eq!(payload["clickpost_status_code"], 102);
    assert_eq!(payload["clickpost_status_bucket_description"], 22);
    assert_eq!(payload["additional"]["return_reference_number"], "RET-1");
    assert_eq!(pushed[0]["payload"]["notification_event"], 11);
    let internal = &pushed[1]["internal"];
    assert_eq!(internal["notification_event"], 22);
    assert_eq!(internal["key"], "None");
    assert_eq!(pushed[2]["waybill"], awb);
    assert_eq!(pushed[2]["additional"]["notification_event_id"], 9);
}

#[tokio::test]
async fn a_repeat_is_the_same_bytes() {
    let running = Running::start().await;
    let awb = running.awb(&forward_with(5, "SHIP-1")).await;
    let down = Behaviour {
        status: 503,
        fail_next: Some(1),
        ..Behaviour::default()
    };
    running.rms.behave(down).unwrap();
    assert_eq!(running.advance(&awb, "DELIVERED").await.0, 502);
    assert_eq!(running.advance(&awb, "DELIVERED").await.0, 200);
    let received = running.rms.received();
    assert_eq!(received.len(), 6);
    assert_eq!(received[0].body, received[1].body);
    let path = format!("/v2/track-order/?waybill={awb}&cp_id=5");
    let (_, tracked) = running.get(&path).await;
    let scans = tracked["result"][&awb]["scans"].as_array().unwrap();
    assert_eq!(scans.len(), 6, "a repeat is no scan");
}

#[tokio::test]
async fn couriers_have_their_peculiarities() {
    let running = Running::start().await;
    let mut lagging = forward_with(6, "SHIP-1");
    lagging["shipment_details"]["account_code"] = json!("xpressbees-surface");
    let awb = running.awb(&lagging).await;
    running.advance(&awb, "IN_TRANSIT").await;
    let latest: Vec<_> = running
        .pushed()
        .iter()
        .map(|body| body["additional"]["latest_status"]["clickpost_status_code"].clone())
        .collect();
    assert_eq!(latest, [1, 28, 4]);

    let mut omitting = forward_with(1, "SHIP-2");
    omitting["additional"]["vendor_code"] = json!("WH-1");
    let awb = running.awb(&omitting).await;
    running.advance(&awb, "FAILED_DELIVERY").await;
    let failed = running.pushed().pop().unwrap();
    assert_eq!(failed["waybill"], "");
    let latest = &failed["additional"]["latest_status"];
    assert_eq!(latest["reference_number"], "SHIP-2");

    let awb = running.awb(&forward_with(3, "SHIP-3")).await;
    running.advance(&awb, "AWB_GENERATED").await;
    let time = text(&running.pushed().pop().unwrap()["timestamp"]);
    assert_eq!(time.matches(": ").count(), 2, "{time}");
}

#[tokio::test]
async fn an_impossible_advance_is_refused() {
    let running = Running::start().await;
    let awb = running.awb(&forward("SHIP-1")).await;
    let (status, body) = running.advance_in("loud", &awb, "DELIVERED").await;
    assert_eq!(status, 422);
    let message = text(&body["message"]);
    for dialect in ["all", "selected", "wrapped"] {
        assert!(message.contains(dialect), "{message}");
    }
    assert_eq!(running.advance("123", "DELIVERED").await.0, 404);
    assert_eq!(running.advance(&awb, "RETURN_PICKED_UP").await.0, 422);
    assert!(running.pushed().is_empty());
}
