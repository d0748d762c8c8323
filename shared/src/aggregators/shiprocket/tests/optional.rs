//! Optional fields of a booking. The AWB has been bought: it is kept whatever the other values are.

use crate::aggregators::shiprocket::book::{AwbAssignment, assignment, label};
use crate::aggregators::shiprocket::look_up::shown;
use crate::aggregators::shiprocket::tests::*;
use crate::aggregators::workbench::{with_odd_bytes, with_odd_values};
use crate::outbound::client::Reply;

fn reply(body: Vec<u8>) -> Reply {
    Reply {
        status: 200,
        retry_after: None,
        content_type: None,
        body,
        truncated: false,
    }
}

fn assigned(body: Vec<u8>) -> (String, Option<String>) {
    match assignment(&reply(body)) {
        Ok(AwbAssignment::Now(assigned)) => (assigned.awb.to_string(), assigned.carrier_name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_assigned_awb_is_kept_whatever_the_other_values_are() {
    let needed = ["/response", "/response/data", "/response/data/awb_code"];
    for (pointer, odd) in with_odd_values(&json_of(ASSIGNED), &needed) {
        let (awb, carrier_name) = assigned(odd.to_string().into_bytes());
        assert_eq!(awb, "77300145020", "{pointer}");
        let name = carrier_name.unwrap_or_default();
        assert!(name.chars().count() <= 500 && !name.contains(char::is_control));
    }
    let whole = ("77300145020".to_owned(), Some("Amazon Surface".to_owned()));
    assert_eq!(assigned(with_odd_bytes(&json_of(ASSIGNED))), whole);
}

#[test]
fn the_awb_of_an_order_is_kept_whatever_the_other_values_are() {
    let needed = [
        "/data",
        "/data/id",
        "/data/status",
        "/data/status_code",
        "/data/shipments",
        "/data/shipments/id",
        "/data/shipments/awb",
    ];
    for (pointer, odd) in with_odd_values(&json_of(SHOWN), &needed) {
        let order = shown(&reply(odd.to_string().into_bytes()))
            .unwrap()
            .unwrap();
        assert_eq!(
            order.assigned.unwrap().awb.as_str(),
            "77300145020",
            "{pointer}"
        );
    }
}

#[test]
fn an_unusable_label_is_dropped_and_a_password_is_removed() {
    for (pointer, odd) in with_odd_values(&json_of(LABEL), &[]) {
        let label = label(&reply(odd.to_string().into_bytes()));
        let told = label.map(String::from);
        assert!(told.is_none_or(|url| url == LABEL_URL), "{pointer}");
    }
    let secret = with(
        LABEL,
        &[("/label_url", json!("https://a:s3cret@l.example/1"))],
    );
    let label = label(&reply(secret.to_string().into_bytes()));
    assert_eq!(label.unwrap().as_str(), "https://***@l.example/1");
}
