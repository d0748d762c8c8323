//! Outbound orders, as they are read.

use serde_json::{Value, json};

use super::*;
use crate::contract::fields::Violation;

fn order(number: &str) -> Value {
    json!({
        "warehouse_id": "WH-1", "customer_id": "C-1", "so_number": number, "order_type": "SO", "delivery_no": "T-1",
        "order_identification_code": 1, "internal_order_status": "0", "tenant_name": "Shop", "consignee": "Budi",
        "consignee_phone": "628123456789", "consignee_email": "budi@example.com", "consignee_full_address": "Jalan 1",
        "consignee_state": "DKI", "consignee_province": "DKI Jakarta", "consignee_city": "Jakarta", "zipcode": "10110",
        "order_source": "", "cod": false, "details": [{ "sku": "S-1", "qty": 2 }],
    })
}

fn read_body(body: &Value) -> Result<Vec<RequestedOrder>, Unreadable> {
    read_orders(body.to_string().as_bytes())
}

fn wrong(body: &Value) -> Vec<Violation> {
    match read_body(body) {
        Err(Unreadable::Invalid(wrong)) => wrong,
        read => panic!("{read:?}"),
    }
}

fn pointers(body: &Value) -> Vec<String> {
    wrong(body).into_iter().map(|wrong| wrong.pointer).collect()
}

fn with(name: &str, value: Value) -> Value {
    let mut order = order("SO-1");
    order[name] = value;
    order
}

#[test]
fn an_order_or_a_list_is_read() {
    let one = read_body(&order("SO-1")).unwrap();
    let list = read_body(&json!([order("SO-1")])).unwrap();
    assert_eq!(one, list);
    assert_eq!(one[0].number.as_str(), "SO-1");
    assert_eq!(one[0].order_type, Some(OutboundType::So));
    assert_eq!(one[0].tracking.as_str(), "T-1");
    let most: Vec<_> = (0..100).map(|number| order(&number.to_string())).collect();
    assert_eq!(read_body(&json!(most)).unwrap().len(), 100);
}

#[test]
fn an_order_is_passed_on_as_it_came() {
    let text = order("SO-1").to_string();
    let text = text.replace(
        "\"cod\":false",
        "\"amount\" : 1.10, \"big\":123456789012345678901234567890, \"odd\": 1e400",
    );
    let read = read_orders(text.as_bytes()).unwrap();
    assert_eq!(read[0].document.expose(), text);
    let list = format!(" [ {text}\n]");
    assert_eq!(
        read_orders(list.as_bytes()).unwrap()[0].document.expose(),
        text
    );
    let half = text.replace("Budi", "Budi \\ud83d");
    let read = read_orders(half.as_bytes()).unwrap();
    assert!(read[0].document.expose().contains("Budi \\ufffd"));
}

#[test]
fn the_order_of_fields_does_not_change_the_content() {
    let content = |body: &str| read_orders(body.as_bytes()).unwrap()[0].content.clone();
    let text = order("SO-1").to_string();
    let inner = text.strip_prefix('{').unwrap();
    let moved = inner.replacen("\"cod\":false,", "", 1);
    let moved = format!("{{\"cod\": false, {moved}");
    assert_ne!(text, moved);
    assert_eq!(content(&text), content(&moved));
    assert_ne!(content(&text), content(&text.replace("Budi", "Rini")));
}

#[test]
fn each_mandatory_field_that_is_missing_or_empty_is_named() {
    for name in [
        "warehouse_id",
        "customer_id",
        "so_number",
        "order_identification_code",
        "internal_order_status",
        "tenant_name",
        "consignee",
        "consignee_phone",
        "consignee_email",
        "consignee_full_address",
        "consignee_state",
        "consignee_province",
        "consignee_city",
        "zipcode",
    ] {
        for absent in [json!(null), json!("")] {
            assert_eq!(pointers(&with(name, absent)), [format!("/{name}")]);
        }
    }
    let mut list = vec![order("SO-1"), order("SO-2")];
    list[1].as_object_mut().unwrap().remove("consignee");
    assert_eq!(pointers(&json!(list)), ["/1/consignee"]);
}

#[test]
fn a_delivery_has_a_tracking_id_under_one_of_two_names() {
    let mut order = with("delivery_no", json!(""));
    assert_eq!(pointers(&order), ["/delivery_no"]);
    order["tracking_id"] = json!(4_711);
    assert_eq!(read_body(&order).unwrap()[0].tracking.as_str(), "4711");
    order["delivery_no"] = json!("T-2");
    assert_eq!(read_body(&order).unwrap()[0].tracking.as_str(), "T-2");
}

#[test]
fn wrong_values_are_named() {
    let long = "x".repeat(51);
    for number in ["SO 1", "SO/1", "SO#1", "sö", &long] {
        assert_eq!(pointers(&order(number)), ["/so_number"], "{number}");
    }
    for (name, value) in [
        ("order_type", json!("XX")),
        ("order_identification_code", json!(2)),
        ("order_identification_code", json!("x")),
        ("order_identification_code", json!(1e300)),
        ("details", json!({})),
        ("zipcode", json!(1.5)),
        ("consignee", json!(["Budi"])),
    ] {
        assert_eq!(pointers(&with(name, value)), [format!("/{name}")]);
    }
    for quantity in [json!(-1), json!("-1"), json!(-0.5), json!(-1e300)] {
        let line = json!([{ "sku": "a", "qty": 0 }, { "sku": "b", "order_qty": quantity }]);
        assert_eq!(pointers(&with("details", line)), ["/details/1/order_qty"]);
    }
}

#[test]
fn a_list_has_1_to_100_orders_each_once() {
    assert_eq!(pointers(&json!([])), [""]);
    let many: Vec<_> = (0..101).map(|number| order(&number.to_string())).collect();
    assert_eq!(pointers(&json!(many)), [""]);
    let mut list: Vec<_> = (0..4).map(|number| order(&number.to_string())).collect();
    list[3]["so_number"] = json!("1");
    assert_eq!(pointers(&json!(list)), ["/3/so_number"]);
    assert_eq!(pointers(&json!([1, order("SO-1")])), ["/0"]);
    for odd in [json!(1), json!("x"), json!(null)] {
        assert_eq!(pointers(&odd), [""]);
    }
    assert!(matches!(read_orders(b"[{]"), Err(Unreadable::NotJson(_))));
}
