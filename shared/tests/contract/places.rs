//! Postal codes, countries and codes of digits, as requests and pushes have them.

use logistics::contract::fields::Unreadable;
use serde_json::{Value, json};

use crate::reading::{FORWARD_PUSH, LABEL_REQUEST, label, push, route};

/// The pointers of all violations.
fn pointers<T>(read: Result<T, Unreadable>) -> Vec<String> {
    match read {
        Ok(_) => Vec::new(),
        Err(Unreadable::Invalid(found)) => found.into_iter().map(|wrong| wrong.pointer).collect(),
        Err(Unreadable::NotJson(detail)) => panic!("{detail}"),
    }
}

fn json_of(sample: &str) -> Value {
    serde_json::from_str(sample).unwrap()
}

fn to(country: &str, code: Value, zip: Value) -> Vec<u8> {
    let mut body = json_of(LABEL_REQUEST);
    body["dropAddress"]["country"] = json!(country);
    body["dropAddress"]["countryCode"] = code;
    body["dropAddress"]["zip"] = zip;
    serde_json::to_vec(&body).unwrap()
}

#[test]
fn an_address_has_no_postal_code_where_none_exists() {
    for code in [
        "AE", "QA", "HK", "SA", "KW", "BH", "OM", "JO", "EG", "TH", "PH", "VN", "ID", "IE", "ae",
    ] {
        for zip in [json!(""), Value::Null, json!("Deira")] {
            let read = label(&to("as written", json!(code), zip));
            assert_eq!(pointers(read), [""; 0], "{code}");
        }
    }
    for name in ["United Arab Emirates", "UAE", "Qatar", "KSA"] {
        let read = label(&to(name, Value::Null, json!("")));
        assert_eq!(pointers(read), [""; 0], "{name}");
    }
}

#[test]
fn an_address_has_a_postal_code_everywhere_else() {
    for (country, code) in [
        ("India", json!("IN")),
        ("India", Value::Null),
        ("US", json!("US")),
        ("Singapore", Value::Null),
        ("Atlantis", Value::Null),
        ("Kosovo", json!("XK")),
    ] {
        for zip in [json!(""), Value::Null] {
            let read = label(&to(country, code.clone(), zip));
            assert_eq!(pointers(read), ["/dropAddress/zip"], "{country} {code}");
        }
        let read = label(&to(country, code, json!("560001")));
        assert_eq!(pointers(read), [""; 0], "{country}");
    }
}

#[test]
fn an_indian_pincode_has_six_digits() {
    for (country, code) in [
        ("India", Value::Null),
        ("Bharat", Value::Null),
        ("x", json!("in")),
    ] {
        for zip in [json!("560001"), json!("560 001"), json!(560_001)] {
            let read = label(&to(country, code.clone(), zip));
            assert_eq!(pointers(read), [""; 0], "{country}");
        }
        for zip in [
            json!("56000"),
            json!("060001"),
            json!("Deira"),
            json!(56_000),
            json!(560_001.5),
        ] {
            let read = label(&to(country, code.clone(), zip.clone()));
            assert_eq!(pointers(read), ["/dropAddress/zip"], "{country} {zip}");
        }
    }
}

#[test]
fn a_route_has_no_postal_code_where_none_exists() {
    let asked = |code: Value, pincode: Value| {
        let body = json!({
            "pickupPincode": 560_102, "dropPincode": pincode, "paymentType": "PREPAID", "shipmentType": "FORWARD",
            "orderAmount": 100, "pickupCountryCode": "IN", "dropCountryCode": code,
        });
        pointers(route(&serde_json::to_vec(&body).unwrap()))
    };
    for pincode in [json!(""), Value::Null, json!("Deira")] {
        assert_eq!(asked(json!("AE"), pincode.clone()), [""; 0]);
        assert_eq!(asked(json!("in"), pincode), ["/dropPincode"]);
    }
    assert_eq!(asked(Value::Null, json!("")), ["/dropPincode"]);
    assert_eq!(asked(Value::Null, json!("1")), [""; 0]);
}

#[test]
fn codes_of_digits_may_be_numbers() {
    let mut body = json_of(LABEL_REQUEST);
    body["orderDetails"]["orderNumber"] = json!(18_446_744_073_709_551_615_u64);
    body["orderDetails"]["orderLineItems"][0]["hsCode"] = json!(62_034_200);
    body["orderDetails"]["orderLineItems"][0]["sku"] = json!(4_711);
    body["dropAddress"]["zip"] = json!(395_007);
    body["dropAddress"]["phone"] = json!(9_999_999_999_u64);
    body["dropAddress"]["phoneCode"] = json!(91);
    let read = label(&serde_json::to_vec(&body).unwrap()).unwrap();
    assert_eq!(read.request.order_number.as_str(), "18446744073709551615");
    assert_eq!(read.request.drop.zip, "395007");
    let mut body = json_of(FORWARD_PUSH);
    body["forwardAwb"] = json!(71_902_671);
    body["forwardOrderCode"] = json!(100_234);
    let event = push(&serde_json::to_vec(&body).unwrap()).unwrap();
    assert_eq!(event.shipment.forward_awb.unwrap().as_str(), "71902671");
    assert_eq!(event.shipment.forward_order_code.as_str(), "100234");
}

#[test]
fn half_of_a_surrogate_pair_refuses_no_body() {
    let body = LABEL_REQUEST.replace("\"Ahmedabad\"", "\"Ahmedabad \\ud83d\"");
    let read = label(body.as_bytes()).unwrap();
    assert_eq!(read.request.drop.city, "Ahmedabad \u{fffd}");
    let body = FORWARD_PUSH.replacen('{', "{\"remark\": \"\\ude00 left\",", 1);
    assert!(push(body.as_bytes()).is_ok());
}
