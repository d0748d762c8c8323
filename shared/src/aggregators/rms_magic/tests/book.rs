//! Buying a label or a return AWB.

use crate::aggregators::rms_magic::tests::*;
use crate::aggregators::workbench;
use crate::contract::shipment::body::ShipmentBody;

#[tokio::test]
async fn a_label_is_requested_and_read() {
    let (server, magic) = answering(body(LABEL_ANSWER)).await;
    assert_eq!(magic.label().await.unwrap(), Booked::Now(label_booking()));
    let request = received(&server).await;
    assert_call(&request, "POST", "/generateShippingLabel");
    assert_eq!(header(&request, "content-type"), Some("application/json"));
    assert_eq!(
        request.body_json::<Value>().unwrap(),
        json_of(LABEL_REQUEST)
    );
}

#[tokio::test]
async fn a_return_awb_is_requested_and_read() {
    let (server, magic) = answering(body(RETURN_ANSWER)).await;
    let booked = magic.return_awb().await.unwrap();
    assert_eq!(booked, Booked::Now(return_booking()));
    let request = received(&server).await;
    assert_call(&request, "POST", "/generateReturnAwb");
    assert_eq!(header(&request, "content-type"), Some("application/json"));
    assert_eq!(
        request.body_json::<Value>().unwrap(),
        json_of(RETURN_REQUEST)
    );
}

#[tokio::test]
async fn another_order_s_booking_leaves_a_creating_call_unknown() {
    for answer in [LABEL_ANSWER, RETURN_ANSWER] {
        let mut other = json_of(answer);
        other["orderNumber"] = json!("other");
        let (_server, magic) = answering(body(&other.to_string())).await;
        for ask in CREATING {
            let failure = magic.ask(ask).await.unwrap_err();
            assert!(
                matches!(failure, PartnerFailure::OutcomeUnknown),
                "{failure:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_booking_without_an_order_number_is_accepted() {
    let mut nameless = json_of(LABEL_ANSWER);
    nameless.as_object_mut().unwrap().remove("orderNumber");
    let (_server, magic) = answering(body(&nameless.to_string())).await;
    assert_eq!(magic.label().await.unwrap(), Booked::Now(label_booking()));
}

#[tokio::test]
async fn what_an_address_abroad_does_not_have_is_null() {
    let mut body = json_of(LABEL_REQUEST);
    let to = &mut body["dropAddress"];
    to["state"] = json!("");
    to["zip"] = json!("");
    to["country"] = json!("UAE");
    to["countryCode"] = json!("ae");
    body["pickupAddress"]["country"] = json!("Bharat");
    let request = workbench::request(&body);
    let sent = serde_json::to_value(ShipmentBody::to_send(&request)).unwrap();
    assert_eq!(sent.pointer("/dropAddress/state"), Some(&Value::Null));
    assert_eq!(sent.pointer("/dropAddress/zip"), Some(&Value::Null));
    assert_eq!(sent["dropAddress"]["country"], "United Arab Emirates");
    assert_eq!(sent["dropAddress"]["countryCode"], "AE");
    assert_eq!(sent["pickupAddress"]["country"], "India");
}
