//! The ways of shipments, in both of Shipway's dialects.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use serde_json::{Value, json};
use simulators::sink::Behaviour;

use crate::shipway::{Running, returned, text};

impl Running {
    /// The bodies that RMS received, oldest first.
    fn pushed(&self) -> Vec<Value> {
        let received = self.rms.received();
        let bodies = received
            .iter()
            .map(|request| serde_json::from_str(&request.body));
        bodies.collect::<Result<_, _>>().unwrap()
    }

    /// The codes of the classic feeds.
    fn codes(&self) -> Vec<String> {
        let codes = |body: &Value| text(&body["status_feed"][0]["current_status"]);
        self.pushed().iter().map(codes).collect()
    }

    async fn return_awb(&self, order_id: &str) -> String {
        let answer = self.post("Createreturns", &returned(order_id)).await;
        text(&answer["awb_response"]["AWB"])
    }

    fn fail_next(&self, status: u16) {
        let down = Behaviour {
            status,
            fail_next: Some(1),
            ..Behaviour::default()
        };
        self.rms.behave(down).unwrap();
    }
}

#[tokio::test]
async fn every_way_is_pushed_with_shipways_codes() {
    let ways: [(&str, &[&str]); 5] = [
        ("DELIVERED", &["SCH", "INT", "OOD", "DEL"]),
        ("RTO_DELIVERED", &["SCH", "INT", "OOD", "UND", "RTO", "RTD"]),
        ("CANCELLED", &["SCH", "CAN"]),
        ("TRANSIT", &["SCH", "INT"]),
        ("PICKED_UP", &["SCH"]),
    ];
    for (to, codes) in ways {
        let running = Running::start().await;
        let awb = running.booked("A-1").await;
        let (status, answer) = running.advance(json!({ "awb": awb, "to": to })).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(running.codes(), codes, "{to}");
        let told = answer["pushed"].as_array().unwrap();
        assert_eq!(told.len(), codes.len());
        assert_eq!(told[0]["notificationType"], "AWB_GENERATED");
    }
}

#[tokio::test]
async fn every_way_of_a_return_is_pushed_with_shipways_codes() {
    let ways: [(&str, &[&str]); 3] = [
        ("DELIVERED", &["RSCH", "ROOP", "RPKP", "RINT", "RDEL"]),
        ("PICKUP_CANCELLED", &["RSCH", "ROOP", "PCAN"]),
        ("CANCELLED", &["RSCH", "RCAN"]),
    ];
    for (to, codes) in ways {
        let running = Running::start().await;
        let awb = running.return_awb("R-1").await;
        assert_eq!(
            running.advance(json!({ "awb": awb, "to": to })).await.0,
            200
        );
        assert_eq!(running.codes(), codes, "{to}");
    }
}

#[tokio::test]
async fn a_classic_push_is_a_feed_of_texts_under_the_accounts_hash() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    let dialect = json!({ "awb": awb, "to": "IN_TRANSIT", "dialect": "classic" });
    running.advance(dialect).await;

    let body = running.pushed().remove(1);
    let event = &body["status_feed"][0];
    let times: BTreeSet<_> = [&event["status_time"], &event["pickupdate"]]
        .map(text)
        .into();
    assert_eq!(times.len(), 1, "it was picked up by then");
    let time = times.first().unwrap();
    let first_time = text(&event["scans"][0]["time"]);
    assert_eq!(
        body,
        json!({
            "hash": "b8c3973d8081a9f042f70053e26fde67",
            "status_feed": [{
                "order_id": "A-1",
                "awbno": awb,
                "phone": "9000000003",
                "first_name": "Noor",
                "last_name": "Jahan",
                "country_code": "IN",
                "pickupdate": time,
                "current_status": "INT",
                "current_status_desc": "In Transit",
                "from": "Bengaluru",
                "to": "Ahmedabad",
                "status_time": time,
                "order_data": "",
                "carrier": "Xpressbees",
                "carrier_id": "7102",
                "tracking_url": format!("{}/shipway/t/{awb}", running.url),
                "scans": [
                    { "time": first_time, "status": "Shipment Booked", "location": "Bengaluru" },
                    { "time": time, "status": "In Transit", "location": "Bengaluru" },
                ],
            }],
        })
    );
    let received = &running.rms.received()[0];
    assert_eq!(received.path, "/webhooks/a-token");
    assert_eq!(received.headers["x-proof"], "given");
    assert_ne!(
        received.headers.get("user-agent").map(String::as_str),
        Some("Shipway")
    );
}

#[tokio::test]
async fn times_are_indian_without_an_offset() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    running
        .advance(json!({ "awb": awb, "to": "AWB_GENERATED" }))
        .await;
    let time = text(&running.pushed()[0]["status_feed"][0]["status_time"]);
    let told = DateTime::strptime("%Y-%m-%d %H:%M:%S", &time).unwrap();
    let received: jiff::Timestamp = running.rms.received()[0].received_at.parse().unwrap();
    let india = jiff::tz::Offset::from_seconds(19_800).unwrap();
    let since = india.to_datetime(received).since(told).unwrap();
    let seconds = since.total(jiff::Unit::Second).unwrap();
    assert!((0.0..60.0).contains(&seconds), "{time}: {seconds} s");
}

#[tokio::test]
async fn a_panel_push_has_only_the_order_and_the_code() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    let panel = json!({ "awb": awb, "to": "OUT_FOR_DELIVERY", "dialect": "panel" });
    assert_eq!(running.advance(panel).await.0, 200);
    let told =
        ["SCH", "INT", "OOD"].map(|code| json!({ "order_id": "A-1", "current_status": code }));
    assert_eq!(running.pushed(), told);
    let received = &running.rms.received()[0];
    assert_eq!(received.headers["user-agent"], "Shipway");
    assert_eq!(received.headers["x-proof"], "given");
}

#[tokio::test]
async fn the_dialect_may_change_on_the_way() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    running
        .advance(json!({ "awb": awb, "to": "TRANSIT", "dialect": "panel" }))
        .await;
    running
        .advance(json!({ "awb": awb, "to": "DELIVERED" }))
        .await;
    let pushed = running.pushed();
    assert_eq!(pushed.len(), 4);
    assert_eq!(pushed[1]["current_status"], "INT");
    let event = &pushed[2]["status_feed"][0];
    assert_eq!(event["current_status"], "OOD");
    assert_eq!(event["scans"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_repeat_of_a_step_is_the_same_to_the_byte() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    running.fail_next(503);
    let (status, answer) = running
        .advance(json!({ "awb": awb, "to": "DELIVERED" }))
        .await;
    assert_eq!(
        (status, answer["pushed"].as_array().unwrap().len()),
        (502, 1)
    );
    running
        .advance(json!({ "awb": awb, "to": "IN_TRANSIT" }))
        .await;
    assert_eq!(running.codes(), ["SCH", "SCH", "INT"]);
    let received = running.rms.received();
    assert_eq!(received[0].body, received[1].body);
    let tracked = running
        .get(&format!("tracking?awb_numbers={awb}&tracking_history=1"))
        .await;
    let history = &tracked[0]["tracking_details"]["tracking_history"];
    assert_eq!(history.as_array().unwrap().len(), 2, "it happened once");
}

#[tokio::test]
async fn a_passed_step_is_not_pushed_again() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    running
        .advance(json!({ "awb": awb, "to": "DELIVERED" }))
        .await;
    let (status, again) = running
        .advance(json!({ "awb": awb, "to": "TRANSIT" }))
        .await;
    assert_eq!((status, again), (200, json!({ "awb": awb, "pushed": [] })));
    running
        .advance(json!({ "awb": awb, "to": "RTO_DELIVERED" }))
        .await;
    assert_eq!(running.codes()[4..], ["UND", "RTO", "RTD"]);
}

#[tokio::test]
async fn an_impossible_advance_is_refused() {
    let running = Running::start().await;
    let awb = running.booked("A-1").await;
    for (body, expected, words) in [
        (json!({ "awb": "1", "to": "DELIVERED" }), 404, "AWB"),
        (
            json!({ "awb": awb, "to": "RETURN_PICKED_UP" }),
            422,
            "no way leads",
        ),
        (
            json!({ "awb": awb, "to": "LOST" }),
            422,
            "Shipway has no code for LOST",
        ),
        (
            json!({ "awb": awb, "to": "DELIVERED", "dialect": "morse" }),
            422,
            "classic, panel",
        ),
    ] {
        let (status, answer) = running.advance(body).await;
        assert_eq!(status, expected, "{answer}");
        assert!(text(&answer["message"]).contains(words), "{answer}");
    }
    assert!(running.pushed().is_empty());
}
