//! What a notification has of the push, and what of our own lines.

use crate::flows::notifying::resolve_shipment::tests::*;

#[test]
fn a_pushed_line_without_a_quantity_has_that_of_our_line_and_else_none() {
    let known = goods(&[(Some("1"), "sku-1", 5)]);
    let unsaid = |sku: &str| NotifiedItem {
        item_id: None,
        sku: Some(sku.to_owned()),
        quantity: None,
    };
    let told = items(&[unsaid("sku-1"), unsaid("sku-9")], &known);
    assert_eq!(told, [known[0].clone(), unsaid("sku-9")]);
    let nameless = NotifiedItem {
        item_id: None,
        sku: None,
        quantity: Some(1),
    };
    let nameless = [nameless];
    assert_eq!(items(&nameless, &known), nameless);
}

#[test]
fn what_a_push_says_of_its_event_is_told_and_not_learned() {
    let mut event = event(None);
    event.occurred_at = Some("2026-03-04T03:45:00Z".parse().unwrap());
    event.details = [("Reason".to_owned(), "Door closed".to_owned().into())].into();
    event.meta_data = [("Account Code".to_owned(), "A".to_owned().into())].into();
    let moving = known(ShipmentType::Forward, "order-1");
    let told = told(&resolved(&event, Some(moving), None));
    assert_eq!(told.meta_data["Reason"].expose(), "Door closed");
    assert_eq!(told.meta_data["Account Code"].expose(), "A");
    assert_eq!(told.occurred_at, event.occurred_at);
}
