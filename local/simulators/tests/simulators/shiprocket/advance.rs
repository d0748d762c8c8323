//! The webhook in both formats.

use jiff::Timestamp;
use jiff::civil::DateTime;
use reqwest::Method;
use serde_json::{Value, json};
use simulators::sink::Behaviour;

use crate::shiprocket::{Running, awb_of, text};

impl Running {
    pub(crate) async fn advance(&self, awb: &str, to: &str) -> (u16, Value) {
        let body = json!({ "awb": awb, "to": to });
        self.control(Method::POST, "advance", &body).await
    }

    async fn advance_in(&self, dialect: &str, awb: &str, to: &str) -> (u16, Value) {
        let body = json!({ "awb": awb, "to": to, "dialect": dialect });
        self.control(Method::POST, "advance", &body).await
    }

    /// The bodies that RMS received, oldest first.
    fn pushed(&self) -> Vec<Value> {
        let received = self.rms.received();
        let bodies = received
            .iter()
            .map(|request| serde_json::from_str(&request.body));
        bodies.collect::<Result<_, _>>().unwrap()
    }
}

/// The status ids of the order and of the shipment.
type Ids = (u64, Option<u64>);

fn ids(body: &Value) -> Ids {
    let order = body["current_status_id"].as_u64().unwrap();
    (order, body["shipment_status_id"].as_u64())
}

fn labels(body: &Value) -> (String, Option<String>) {
    let shipment = body["shipment_status"].as_str().map(str::to_owned);
    (text(&body["current_status"]), shipment)
}

#[tokio::test]
async fn every_way_is_pushed_with_both_tables() {
    let ways: [(&str, &[(u64, u64)]); 4] = [
        ("DELIVERED", &[(3, 1), (51, 42), (20, 18), (19, 17), (7, 7)]),
        (
            "RTO_DELIVERED",
            &[
                (3, 1),
                (51, 42),
                (20, 18),
                (19, 17),
                (36, 21),
                (15, 9),
                (16, 10),
            ],
        ),
        ("CANCELLED", &[(3, 1), (5, 8)]),
        ("LOST", &[(3, 1), (51, 42), (20, 18), (33, 12)]),
    ];
    for (to, steps) in ways {
        let running = Running::start().await;
        let awb = running.forward_awb("A-1").await;
        let (status, answer) = running.advance(&awb, to).await;
        assert_eq!(status, 200, "{answer}");
        let told: Vec<_> = running.pushed().iter().map(ids).collect();
        let expected: Vec<_> = steps
            .iter()
            .map(|(order, parcel)| (*order, Some(*parcel)))
            .collect();
        assert_eq!(told, expected, "{to}");
        assert!(running.pushed().iter().all(|body| body["is_return"] == 0));
    }
}

#[tokio::test]
async fn a_return_has_only_the_order_s_status_where_the_shipment_has_none() {
    let ways: [(&str, &[Ids]); 3] = [
        (
            "DELIVERED",
            &[
                (21, None),
                (47, Some(19)),
                (32, Some(42)),
                (25, Some(18)),
                (26, Some(7)),
            ],
        ),
        (
            "PICKUP_CANCELLED",
            &[(21, None), (47, Some(19)), (30, None)],
        ),
        ("CANCELLED", &[(21, None), (27, Some(8))]),
    ];
    for (to, steps) in ways {
        let running = Running::start().await;
        let awb = running.return_awb("R-1").await;
        assert_eq!(running.advance(&awb, to).await.0, 200, "{to}");
        let told: Vec<_> = running.pushed().iter().map(ids).collect();
        assert_eq!(told, steps, "{to}");
        let first = &running.pushed()[0];
        assert_eq!(
            (&first["is_return"], &first["order_id"]),
            (&json!(1), &json!("R-1"))
        );
        assert!(
            first.get("shipment_status").is_none() && first.get("shipment_status_id").is_none()
        );
    }
}

#[tokio::test]
async fn the_format_of_2023_follows_the_documents() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let awb = awb_of(&running.assign(&order, 43).await.1);
    running.advance(&awb, "IN_TRANSIT").await;
    let body = running.pushed().remove(2);
    assert_eq!(
        (&body["awb"], &body["courier_name"]),
        (&json!(awb), &json!("Delhivery Surface"))
    );
    assert_eq!(
        (&body["order_id"], &body["sr_order_id"]),
        (&json!("A-1"), &json!(order.id))
    );
    assert_eq!(
        labels(&body),
        ("IN TRANSIT".to_owned(), Some("IN TRANSIT".to_owned()))
    );
    assert_is_now_in_india(&body["current_timestamp"], "%d %m %Y %H:%M:%S");
    assert_is_now_in_india(&body["awb_assigned_date"], "%Y-%m-%d %H:%M:%S");
    let scans: Vec<_> = body["scans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scan| (text(&scan["sr-status"]), text(&scan["sr-status-label"])))
        .collect();
    let expected = [
        ("5", "MANIFEST GENERATED"),
        ("42", "PICKED UP"),
        ("NA", "NA"),
        ("18", "IN TRANSIT"),
    ];
    assert_eq!(
        scans,
        expected.map(|(id, label)| (id.to_owned(), label.to_owned()))
    );
    assert_eq!(body.as_object().unwrap().len(), 19);
    let received = &running.rms.received()[0];
    assert_eq!(received.headers["x-api-key"], "webhook-key");
}

#[tokio::test]
async fn before_the_pickup_there_are_no_scans() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    running.advance(&awb, "CANCELLED").await;
    for body in running.pushed() {
        assert_eq!((&body["scans"], &body["etd"]), (&json!([]), &Value::Null));
    }
}

#[tokio::test]
async fn the_format_of_2021_has_fewer_fields() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    running.advance_in("2021", &awb, "OUT_FOR_DELIVERY").await;
    let body = running.pushed().remove(3);
    assert_eq!(body["awb"], json!(awb.parse::<u64>().unwrap()));
    let expected = (
        "Out for Delivery".to_owned(),
        Some("Out For Delivery".to_owned()),
    );
    assert_eq!(labels(&body), expected);
    assert_eq!(ids(&body), (19, Some(17)));
    assert_is_now_in_india(&body["current_timestamp"], "%Y-%m-%d %H:%M:%S");
    let scans = body["scans"].as_array().unwrap();
    assert_eq!(scans[0]["activity"], "OUT FOR DELIVERY", "newest first");
    assert!(
        scans
            .iter()
            .all(|scan| scan.as_object().unwrap().len() == 3)
    );
    for absent in [
        "is_return",
        "sr_order_id",
        "channel_id",
        "awb_assigned_date",
    ] {
        assert_eq!(body.get(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn an_awb_with_letters_stays_a_text() {
    let running = Running::start().await;
    let order = running.forward_order("A-1").await;
    let awb = awb_of(&running.assign(&order, 58).await.1);
    running.advance_in("2021", &awb, "AWB_GENERATED").await;
    assert_eq!(running.pushed()[0]["awb"], json!(awb));
}

#[tokio::test]
async fn a_repeat_is_the_same_to_the_byte() {
    for dialect in ["2023", "2021"] {
        let running = Running::start().await;
        let awb = running.forward_awb("A-1").await;
        running.advance_in(dialect, &awb, "PICKED_UP").await;
        let down = Behaviour {
            status: 201,
            fail_next: Some(1),
            ..Behaviour::default()
        };
        running.rms.behave(down).unwrap();
        let (status, answer) = running.advance_in(dialect, &awb, "DELIVERED").await;
        assert_eq!(
            (status, &answer["pushed"][0]["status"]),
            (502, &json!(201)),
            "only 200 counts"
        );
        assert_eq!(
            running
                .advance_in(dialect, &awb, "OUT_FOR_DELIVERY")
                .await
                .0,
            200
        );
        let received = running.rms.received();
        assert_eq!(received.len(), 5);
        assert_eq!(received[2].body, received[3].body);
        assert_ne!(received[3].body, received[4].body);
    }
}

#[tokio::test]
async fn the_reads_show_what_happened() {
    let running = Running::start().await;
    let awb = running.return_awb("R-1").await;
    running.advance(&awb, "DELIVERED").await;
    let (_, orders) = running.get("orders?search=R-1").await;
    assert_eq!(orders["data"][0]["status"], "RETURN DELIVERED");
    assert_eq!(orders["data"][0]["status_code"], 26);
    let (_, shipment) = running
        .get(&format!("shipments/{}", orders["data"][0]["shipment_id"]))
        .await;
    assert_eq!(shipment["data"]["status"], 7);
}

#[tokio::test]
async fn an_impossible_advance_is_refused() {
    let running = Running::start().await;
    let awb = running.forward_awb("A-1").await;
    let (status, body) = running.advance_in("1999", &awb, "DELIVERED").await;
    assert_eq!(status, 422);
    assert!(text(&body["message"]).contains("2023, 2021"), "{body}");
    assert_eq!(running.advance(&awb, "RETURN_PICKED_UP").await.0, 422);
    assert_eq!(running.advance("123", "DELIVERED").await.0, 404);
    assert!(running.pushed().is_empty());
}

/// Asserts a time within one minute of now, without an offset.
fn assert_is_now_in_india(value: &Value, format: &str) {
    let told = DateTime::strptime(format, text(value)).unwrap();
    let in_utc = told - jiff::SignedDuration::from_mins(330);
    let told = in_utc
        .to_zoned(jiff::tz::TimeZone::UTC)
        .unwrap()
        .timestamp();
    let age = Timestamp::now().duration_since(told);
    assert!((0..60).contains(&age.as_secs()), "{value} is {age:?} old");
}
