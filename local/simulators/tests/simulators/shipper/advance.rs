//! The ways of orders, and their pushes.

use jiff::Timestamp;
use serde_json::{Value, json};
use simulators::sink::Behaviour;

use crate::shipper::{Running, order, text};

fn to(to: &str) -> Value {
    json!({ "externalId": "SO-1", "to": to })
}

fn codes(pushed: &[Value], status: &str) -> Vec<u64> {
    let codes = pushed.iter().map(|push| push[status]["code"].as_u64());
    codes.collect::<Option<_>>().unwrap()
}

async fn ordered() -> (Running, String) {
    let running = Running::start().await;
    let id = running.created(&order("SO-1")).await;
    (running, id)
}

#[tokio::test]
async fn every_way_is_pushed_with_shippers_codes() {
    let ways: [(&str, &[u64]); 6] = [
        ("DELIVERED", &[1000, 1040, 1180, 2000]),
        ("RTO_DELIVERED", &[1000, 1040, 1180, 1330, 1410, 1340]),
        ("CANCELLED", &[1000, 999]),
        ("LOST", &[1000, 1040, 1180, 1380]),
        ("TRANSIT", &[1000, 1040, 1180]),
        ("AWB_GENERATED", &[1000]),
    ];
    for (state, expected) in ways {
        let (running, _) = ordered().await;
        let (status, answer) = running.advance(to(state)).await;
        assert_eq!(status, 200, "{answer}");
        let pushed = running.pushed();
        assert_eq!(codes(&pushed, "external_status"), expected, "{state}");
        let internal = codes(&pushed, "internal_status");
        assert_eq!(internal[0], 1001, "as in the vendor's example");
        assert_eq!(internal[1..], expected[1..], "{state}");
        assert_eq!(answer["pushed"][0]["notificationType"], "AWB_GENERATED");
        assert_eq!(answer["awb"], pushed[0]["awb"]);
    }
}

#[tokio::test]
async fn any_code_can_be_asked_for() {
    for (code, expected) in [
        ("1310", vec![1000, 1040, 1180, 1310]),
        ("1320", vec![1000, 1040, 1180, 1320]),
        ("1370", vec![1000, 1040, 1180, 1370]),
        ("1420", vec![1000, 1040, 1180, 1420]),
        ("1020", vec![1000, 1020]),
        ("1190", vec![1000, 1190]),
    ] {
        let (running, _) = ordered().await;
        assert_eq!(running.advance(to(code)).await.0, 200);
        assert_eq!(codes(&running.pushed(), "external_status"), expected);
    }
}

#[tokio::test]
async fn a_push_has_the_vendors_fields_and_the_constant_auth() {
    let (running, id) = ordered().await;
    running.advance(to("IN_TRANSIT")).await;
    let push = running.pushed().remove(2);
    let auth = text(&push["auth"]);
    assert_eq!(auth.len(), 32);
    let date = text(&push["status_date"]);
    assert!(date.ends_with("+00:00") && date.len() == 25, "{date}");
    assert!(date.parse::<Timestamp>().is_ok());
    let (object, tracking) = (text(&push["order_id"]), text(&push["order_tracking_id"]));
    assert_eq!((object.len(), tracking.len()), (24, 24));
    assert_ne!(object, tracking);
    let name = "Paket Dalam Perjalanan Bersama JNE";
    let description = "Order Dalam Perjalanan dengan JNE";
    let status = json!({ "code": 1180, "name": name, "description": description });
    assert_eq!(
        push,
        json!({
            "auth": auth,
            "order_id": object,
            "tracking_id": id,
            "order_tracking_id": tracking,
            "external_id": "SO-1",
            "status_date": date,
            "internal": { "id": 3, "name": name, "description": description },
            "external": { "id": 99, "name": name, "description": description },
            "internal_status": status,
            "external_status": status,
            "awb": push["awb"],
        })
    );
    let awb = text(&push["awb"]);
    assert!(awb.len() == 15 && awb.starts_with('0'), "{awb}");
    let first = &running.pushed()[0];
    assert_eq!(first["internal_status"]["name"], "Valid");
    assert_eq!(first["auth"], push["auth"], "the same for each body");
    assert_eq!(first["order_id"], push["order_id"]);
    assert_ne!(first["order_tracking_id"], push["order_tracking_id"]);
    let received = &running.rms.received()[0];
    assert_eq!(received.path, "/webhooks/a-token");
    assert_eq!(received.headers["x-proof"], "given");
}

#[tokio::test]
async fn the_awb_comes_with_the_first_push_and_then_names_the_order() {
    let (running, id) = ordered().await;
    assert_eq!(running.detail(&id).await["awb_number"], "");
    let (_, answer) = running.advance(to("AWB_GENERATED")).await;
    let awb = text(&answer["awb"]);
    assert_eq!(running.detail(&id).await["awb_number"], awb.as_str());
    let (status, answer) = running
        .advance(json!({ "awb": awb, "to": "DELIVERED" }))
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["awb"], awb.as_str());
    let detail = running.detail(&id).await;
    assert_eq!(detail["shipment_status"]["code"], 2000);
    let description = "Paket sudah diterima oleh Sari";
    assert_eq!(detail["shipment_status"]["description"], description);
    let trackings = detail["trackings"].as_array().unwrap();
    let tracked = trackings
        .iter()
        .map(|tracking| tracking["shipper_status"]["code"].as_u64().unwrap());
    assert_eq!(tracked.collect::<Vec<_>>(), [1000, 1040, 1180, 2000]);
}

#[tokio::test]
async fn an_exceptions_name_is_the_reason() {
    for (code, reason) in [
        ("1310", "Salah Alamat Tujuan"),
        ("1320", "Antar Ulang"),
        ("1330", "Tidak Ada Penerima"),
        ("2000", ""),
    ] {
        let (running, id) = ordered().await;
        running.advance(to(code)).await;
        let status = running.detail(&id).await["shipment_status"].clone();
        assert_eq!(status["reason"], reason);
    }
}

#[tokio::test]
async fn two_orders_have_two_awbs() {
    let (running, _) = ordered().await;
    running.created(&order("SO-2")).await;
    let (_, first) = running.advance(to("AWB_GENERATED")).await;
    let second = json!({ "externalId": "SO-2", "to": "AWB_GENERATED" });
    let (_, second) = running.advance(second).await;
    assert_ne!(first["awb"], second["awb"]);
}

#[tokio::test]
async fn a_repeat_of_a_step_is_the_same_to_the_byte() {
    let (running, id) = ordered().await;
    let down = Behaviour {
        status: 503,
        fail_next: Some(1),
        ..Behaviour::default()
    };
    running.rms.behave(down).unwrap();
    let (status, answer) = running.advance(to("DELIVERED")).await;
    assert_eq!(status, 502, "{answer}");
    assert_eq!(answer["pushed"].as_array().unwrap().len(), 1);
    running.advance(to("PICKED_UP")).await;
    assert_eq!(
        codes(&running.pushed(), "external_status"),
        [1000, 1000, 1040]
    );
    let received = running.rms.received();
    assert_eq!(received[0].body, received[1].body);
    let trackings = running.detail(&id).await["trackings"].clone();
    assert_eq!(trackings.as_array().unwrap().len(), 2, "it happened once");
}

#[tokio::test]
async fn a_passed_step_is_not_pushed_again() {
    let (running, _) = ordered().await;
    running.advance(to("DELIVERED")).await;
    let (status, again) = running.advance(to("IN_TRANSIT")).await;
    assert_eq!((status, &again["pushed"]), (200, &json!([])));
    running.advance(to("RTO_DELIVERED")).await;
    let pushed = codes(&running.pushed(), "external_status");
    assert_eq!(pushed[4..], [1330, 1410, 1340]);
}

#[tokio::test]
async fn an_impossible_advance_is_refused() {
    let (running, _) = ordered().await;
    let no_code = "Shipper has no code for OUT_FOR_DELIVERY";
    for (body, expected, words) in [
        (
            json!({ "externalId": "SO-9", "to": "DELIVERED" }),
            404,
            "SO-9",
        ),
        (json!({ "awb": "1", "to": "DELIVERED" }), 404, "AWB"),
        (json!({ "to": "DELIVERED" }), 422, "awb"),
        (to("RETURN_PICKED_UP"), 422, "no way leads"),
        (to("4711"), 422, "no way leads"),
        (to("OUT_FOR_DELIVERY"), 422, no_code),
        (
            json!({ "externalId": "SO-1", "to": "DELIVERED", "dialect": "morse" }),
            422,
            "only one dialect",
        ),
    ] {
        let (status, answer) = running.advance(body).await;
        assert_eq!(status, expected, "{answer}");
        assert!(text(&answer["message"]).contains(words), "{answer}");
    }
    assert!(running.pushed().is_empty());
}

#[tokio::test]
async fn without_a_push_url_nothing_advances() {
    let running = Running::without_push_url().await;
    let id = running.created(&order("SO-1")).await;
    assert_eq!(running.advance(to("DELIVERED")).await.0, 409);
    assert_eq!(running.detail(&id).await["awb_number"], "");
    assert_eq!(running.push_url, "");
}
