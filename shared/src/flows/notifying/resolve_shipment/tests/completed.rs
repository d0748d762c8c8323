//! Which values of a notification are pushed, and which are our own.

use crate::flows::notifying::resolve_shipment::tests::*;

#[test]
fn a_pushed_line_without_a_quantity_gets_that_of_our_line_if_any() {
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
fn details_of_an_event_are_sent_but_not_stored_with_the_shipment() {
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
