//! A request → a return order.

use super::*;
use crate::channels::return_prime::request;
use crate::domain::channel_return::{ChannelReturn, ChannelReturnStep, StatusMeaning};

fn read(request: &Value) -> ChannelReturn {
    request::read(&store(), request).unwrap()
}

fn steps(changes: &Value) -> Vec<(String, StatusMeaning)> {
    let mut request = request();
    for (name, value) in changes.as_object().unwrap() {
        request[name] = value.clone();
    }
    let steps = read(&request).steps.into_iter();
    steps.map(|step| (step.status, step.meaning)).collect()
}

#[test]
fn a_request_becomes_a_return_order_with_one_item_per_piece() {
    let order = read(&request()).order;
    assert_eq!(order.return_order_code.as_str(), "RET777");
    assert_eq!(order.forward_order_code.as_str(), "1042");
    assert_eq!(order.location_code.as_str(), "wh-7");
    assert_eq!(order.alias.as_ref().unwrap().as_str(), "courier");
    assert_eq!(order.currency_code.as_deref(), Some("INR"));
    assert_eq!(order.return_order_status.as_deref(), Some("approved"));
    let placed = "2026-11-20T09:00:00Z".parse().unwrap();
    assert_eq!(order.return_order_time, Some(placed));
    let items = order.items.iter();
    let items: Vec<_> = items
        .map(|item| {
            let price = item.price.unwrap().value().to_string();
            (
                item.item_code.as_str(),
                item.channel_sku_code.as_str(),
                item.reason.as_str(),
                price,
            )
        })
        .collect();
    let small = |code| (code, "KUR-M-BLU", "Size too small", "799.5".to_owned());
    assert_eq!(
        items,
        [
            small("14500000000000001"),
            small("14500000000000001-2"),
            small("14500000000000001-3"),
            ("14500000000000002", "882", "Torn", "250".to_owned()),
        ]
    );
}

#[test]
fn two_lines_with_one_id_are_different_pieces() {
    let mut request = request();
    request["line_items"][1]["id"] = request["line_items"][0]["id"].clone();
    let order = read(&request).order;
    assert_eq!(order.items[3].item_code.as_str(), "14500000000000001-4");
}

#[test]
fn the_first_awb_of_the_line_items_counts() {
    let order = read(&request()).order;
    assert_eq!(order.awb.unwrap().as_str(), "AWB-1");
    assert_eq!(order.transporter.as_deref(), Some("Delhivery"));
    let mut request = request();
    request["line_items"][0]["shipping"] = json!([{ "awb": null }, { "awb": 889_900_u64 }, {}]);
    let order = read(&request).order;
    assert_eq!(order.awb.unwrap().as_str(), "889900");
    assert_eq!(order.transporter, None);
    request["line_items"] = json!([request["line_items"][0]]);
    request["line_items"][0]["shipping"] = json!([]);
    assert_eq!(read(&request).order.awb, None);
}

#[test]
fn a_request_without_what_a_return_order_needs_says_what_is_missing() {
    for (pointer, field) in [
        ("/request_number", "request_number"),
        ("/order/name", "order.name"),
        ("/line_items", "line_items"),
        ("/line_items/0/id", "line_items.id"),
    ] {
        let mut request = request();
        *request.pointer_mut(pointer).unwrap() = Value::Null;
        assert_eq!(request::read(&store(), &request).unwrap_err().field, field);
    }
    let mut many = request();
    many["line_items"][0]["quantity"] = json!(501);
    assert_eq!(
        request::read(&store(), &many).unwrap_err().field,
        "line_items"
    );
    many["line_items"][0]["quantity"] = json!(0);
    let wrong = request::read(&store(), &many).unwrap_err();
    assert_eq!(wrong.field, "line_items.quantity");
}

#[test]
fn the_customer_s_data_is_not_taken() {
    let kept = format!(
        "{:?}",
        serde_json::to_string(&read(&request()).order).unwrap()
    );
    assert!(!kept.contains("Asha") && !kept.contains("000111222333"));
}

#[test]
fn an_open_request_has_no_steps() {
    for status in ["requested", "pending", "approved", "Approved", "created"] {
        assert_eq!(steps(&json!({ "status": status })), [], "{status}");
    }
}

#[test]
fn steps_come_from_the_status_and_from_the_objects_with_their_times() {
    let received = json!({ "status": true, "created_at": "2026-11-23T08:00:00Z" });
    let mut request = request();
    request["received"] = received;
    request["status"] = json!("inspected");
    let at = |text: &str| Some(text.parse().unwrap());
    let step = |at, status: &str, meaning| ChannelReturnStep {
        at,
        status: status.to_owned(),
        meaning,
    };
    assert_eq!(
        read(&request).steps,
        [
            step(
                at("2026-11-23T08:00:00Z"),
                "RECEIVED",
                StatusMeaning::Received
            ),
            step(None, "INSPECTED", StatusMeaning::Noted),
        ]
    );
}

#[test]
fn a_rejected_or_archived_request_is_cancelled_unless_it_was_taken_up_again() {
    let cancelled = |status: &str| vec![(status.to_owned(), StatusMeaning::Cancelled)];
    assert_eq!(
        steps(&json!({ "status": "rejected" })),
        cancelled("REJECTED")
    );
    let archived = json!({ "status": true, "created_at": null });
    assert_eq!(
        steps(&json!({ "archived": archived })),
        cancelled("ARCHIVED")
    );
    let again = json!({ "archived": archived, "unarchived": archived });
    let noted = |status: &str| (status.to_owned(), StatusMeaning::Noted);
    assert_eq!(steps(&again), [noted("ARCHIVED"), noted("UNARCHIVED")]);
}

#[test]
fn an_unknown_status_is_kept_as_it_is_written() {
    let unknown = ("Under_Review".to_owned(), StatusMeaning::Unknown);
    assert_eq!(steps(&json!({ "status": "Under_Review" })), [unknown]);
}
