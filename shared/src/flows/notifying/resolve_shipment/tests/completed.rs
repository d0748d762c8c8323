//! Which values of a notification are pushed, and which are our own.

use crate::flows::notifying::resolve_shipment::tests::*;

#[test]
fn stored_items_are_used_if_none_were_pushed() {
    let known = goods(&[(Some("1"), "sku-1", 2), (None, "sku-2", 1)]);
    assert_eq!(items(&[], &known), known);
    assert_eq!(items(&[], &[]), []);
}

#[test]
fn pushed_items_keep_their_quantity_and_get_the_client_s_line_id() {
    let known = goods(&[(Some("1"), "sku-1", 5), (Some("2"), "sku-2", 1)]);
    let pushed = goods(&[(None, "sku-2", 1), (None, "sku-1", 3), (None, "sku-9", 1)]);
    assert_eq!(
        items(&pushed, &known),
        goods(&[
            (Some("2"), "sku-2", 1),
            (Some("1"), "sku-1", 3),
            (None, "sku-9", 1)
        ])
    );
}

#[test]
fn a_pushed_line_id_is_not_replaced() {
    let known = goods(&[(Some("1"), "sku-1", 1)]);
    let pushed = goods(&[(Some("7"), "sku-1", 1)]);
    assert_eq!(items(&pushed, &known), pushed);
}

#[test]
fn two_lines_of_one_sku_are_distinguished() {
    let known = goods(&[(Some("1"), "sku-1", 1), (Some("2"), "sku-1", 1)]);
    let both = goods(&[(None, "sku-1", 1), (None, "sku-1", 1)]);
    assert_eq!(items(&both, &known), known);
    let second_is_named = goods(&[(Some("2"), "sku-1", 1), (None, "sku-1", 1)]);
    assert_eq!(
        items(&second_is_named, &known),
        goods(&[(Some("2"), "sku-1", 1), (Some("1"), "sku-1", 1)])
    );
}

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
