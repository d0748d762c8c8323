//! Pushes: their proof, what they say, duplicates, and the table of codes.

use crate::aggregators::shipper::push::body_proof;
use crate::aggregators::shipper::tests::*;
use crate::aggregators::{PushRejection, Pushes, push_proofs};
use crate::contract::event_details::NOT_READ;
use crate::contract::fields::Unreadable;
use crate::domain::account::LogisticAccount;
use crate::domain::notification::{Direction, Identity, Meaning, NotificationType, PushedEvent};

const PUSH: &str = include_str!("../fixtures/push.json");
/// `md5("k3y" "https://rms.example/notifications/t0ken" "json")`, computed with md5sum.
const AUTH: &str = "70fa0c46b6f4ac5af134330962c7c78f";

async fn account() -> LogisticAccount {
    let account = LogisticAccount {
        push_name: Some("t0ken".into()),
        ..shipper().await.account
    };
    LogisticAccount {
        proofs: push_proofs(&account, "https://rms.example", None),
        ..account
    }
}

fn push() -> Value {
    let mut push = json_of(PUSH);
    push["auth"] = json!(AUTH);
    push
}

async fn read(push: &Value) -> Result<PushedEvent, PushRejection> {
    let events = Shipper.read_push(&account().await, push.to_string().as_bytes());
    events.map(|mut events| {
        assert_eq!(events.len(), 1);
        events.remove(0)
    })
}

/// The event after one change.
async fn with(name: &str, value: Value) -> PushedEvent {
    let mut push = push();
    push[name] = value;
    read(&push).await.unwrap()
}

#[tokio::test]
async fn a_push_is_read() {
    let event = read(&push()).await.unwrap();
    let shipment = &event.shipment;
    assert_eq!(shipment.forward_order_code.as_str(), "SO-71");
    assert_eq!(shipment.round, Some(1));
    assert_eq!(shipment.awb().unwrap().as_str(), "010045678901234");
    assert_eq!(event.direction, Direction::Unknown);
    assert_eq!(event.pushed_type, "1330");
    assert_eq!(event.meaning, Meaning::Word(NotificationType::Undelivered));
    assert_eq!(
        event.occurred_at.unwrap().to_string(),
        "2026-11-28T09:43:21Z"
    );
    assert_eq!(event.aggregator_name.as_str(), "SHIPPER");
    let identity =
        r#"["26BXK7TNQ2M4D","SO-71","010045678901234","1330","1330","2026-11-28T09:43:21+00:00"]"#;
    assert_eq!(event.identity, Identity::Event(identity.to_owned()));
    let raw: Value = serde_json::from_slice(event.raw.as_ref().unwrap()).unwrap();
    let mut without = push();
    without.as_object_mut().unwrap().remove("auth");
    assert_eq!(raw, without);
}

#[tokio::test]
async fn a_failed_delivery_has_its_reason_and_any_other_status_a_remark() {
    let exposed = |event: PushedEvent| -> Value {
        let details = event.details.iter();
        let details = details.map(|(name, value)| (name.clone(), json!(value.expose())));
        details.collect()
    };
    assert_eq!(
        exposed(read(&push()).await.unwrap()),
        json!({
            "Courier Status": "Tidak Ada Penerima",
            "Reason": "Penerima tidak di tempat",
            "Reason Code": "1330",
        })
    );
    let other = json!({ "code": 2000, "name": "Paket Terkirim", "description": "" });
    assert_eq!(
        exposed(with("internal_status", other).await),
        json!({ "Courier Status": "Tidak Ada Penerima", "Remark": "Paket Terkirim" })
    );
}

#[tokio::test]
async fn only_the_proof_of_key_and_url_is_accepted() {
    for auth in [json!(AUTH), json!(AUTH.to_uppercase())] {
        assert!(with("auth", auth).await.raw.is_some());
    }
    for auth in [json!("0".repeat(32)), json!(""), json!(null), json!(7)] {
        let mut push = push();
        push["auth"] = auth.clone();
        let rejection = read(&push).await.unwrap_err();
        assert_eq!(rejection, PushRejection::Unproved, "{auth}");
    }
    let mut push = push();
    push.as_object_mut().unwrap().remove("auth");
    assert_eq!(read(&push).await.unwrap_err(), PushRejection::Unproved);
    let no_object = read(&json!([1])).await.unwrap_err();
    assert!(matches!(no_object, PushRejection::Unreadable(_)));
    assert!(body_proof(&[].into(), Some("https://rms.example")).is_none());
}

#[tokio::test]
async fn the_order_is_ours_else_theirs_else_the_awb() {
    let mut told = push();
    let mut order_of = |absent: &'static str| {
        told[absent] = json!(null);
        told.clone()
    };
    for (absent, code) in [
        ("external_id", ORDER_ID),
        ("tracking_id", "010045678901234"),
    ] {
        let event = read(&order_of(absent)).await.unwrap();
        assert_eq!(event.shipment.forward_order_code.as_str(), code);
        assert_eq!(event.shipment.round, None);
    }
    let nothing = order_of("awb");
    let PushRejection::Unreadable(Unreadable::Invalid(wrong)) = read(&nothing).await.unwrap_err()
    else {
        panic!("it was read")
    };
    assert_eq!(wrong[0].pointer, "/external_id");
    let second = with("external_id", json!("SO-71-.Pbox-.2")).await;
    assert_eq!(second.shipment.shipment_code.unwrap().as_str(), "box");
    assert_eq!(second.shipment.round, Some(2));
}

#[tokio::test]
async fn a_code_is_required_and_may_be_a_text() {
    let event = with("internal_status", json!({ "code": "2000" })).await;
    assert_eq!(event.meaning, Meaning::Word(NotificationType::Delivered));
    for status in [json!(null), json!({}), json!({ "code": "x" }), json!([1])] {
        let mut push = push();
        push["internal_status"] = status.clone();
        let rejection = read(&push).await.unwrap_err();
        let PushRejection::Unreadable(Unreadable::Invalid(wrong)) = rejection else {
            panic!("{status}: {rejection:?}")
        };
        assert_eq!(wrong[0].pointer, "/internal_status", "{status}");
    }
}

#[tokio::test]
async fn a_time_without_an_offset_is_in_the_accounts_zone() {
    let event = with("status_date", json!("2026-11-28 16:43:21")).await;
    assert_eq!(
        event.occurred_at.unwrap().to_string(),
        "2026-11-28T09:43:21Z"
    );
    let event = with("status_date", json!("soon")).await;
    assert_eq!(event.occurred_at, None);
    assert_eq!(event.details["Event Time"].expose(), "soon");
    assert!(matches!(event.identity, Identity::Event(_)));
    let event = with("status_date", json!(null)).await;
    assert!(matches!(event.identity, Identity::Digest(_)));
}

#[tokio::test]
async fn an_event_is_another_one_by_code_time_awb_or_order() {
    let first = read(&push()).await.unwrap().identity;
    for (name, value) in [
        ("internal_status", json!({ "code": 1320 })),
        ("status_date", json!("2026-11-28T09:43:22+00:00")),
        ("awb", json!("010045678901235")),
        ("external_id", json!("SO-72")),
        ("tracking_id", json!("26BXK7TNQ2M4E")),
    ] {
        assert_ne!(with(name, value).await.identity, first, "{name}");
    }
    for (name, value) in [
        ("order_tracking_id", json!("other")),
        ("internal", json!({ "id": 4 })),
    ] {
        assert_eq!(with(name, value).await.identity, first, "{name}");
    }
}

#[tokio::test]
async fn ids_that_cannot_be_read_are_named() {
    let event = with("awb", json!(["x"])).await;
    assert_eq!(event.shipment.awb(), None);
    assert_eq!(event.details[NOT_READ].expose(), "awb");
    let event = with("external_id", json!({ "x": 1 })).await;
    assert_eq!(event.details[NOT_READ].expose(), "external_id");
    let event = with("awb", json!("")).await;
    assert!(!event.details.contains_key(NOT_READ));
}

#[tokio::test]
async fn codes_between_known_ones_are_unknown() {
    for code in [0, 998, 1002, 1200, 1311, 1360, 1370, 1410, 1420, 1999, 2001] {
        let event = with("internal_status", json!({ "code": code })).await;
        assert_eq!(event.meaning, Meaning::Unmapped, "{code}");
        assert_eq!(event.pushed_type, code.to_string());
    }
}
