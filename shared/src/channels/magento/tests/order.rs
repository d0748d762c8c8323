//! A shop's order → ours. The shape is that of the documents, with a test's own values.

use super::*;
use crate::channels::magento::order::read as read_order;
use crate::domain::order::PaymentType;
use crate::domain::selling::order::{ShopItem, UnusableOrder};

/// Sold in a shop with taxes, a fee for cash on delivery and store credit.
const ORDER: &str = r#"{
  "base_currency_code": "USD", "base_grand_total": 312.4000, "created_at": "2022-02-17 07:24:49",
  "updated_at": "2022-02-18 23:59:59", "discount_amount": -50.10, "entity_id": 11254, "grand_total": 25980.0000,
  "increment_id": "M000013856", "order_currency_code": "INR", "shipping_amount": 60, "state": "new", "status": "pending",
  "items": [
    {"item_id": 11593, "product_type": "configurable", "sku": "TEE-M", "name": "Tee", "qty_ordered": 2, "qty_canceled": 1,
     "qty_refunded": 0, "price": 5982.203390, "price_incl_tax": 7059.000000000001, "original_price": 7100,
     "row_total_incl_tax": 14118, "tax_amount": 2153.59, "discount_amount": 25.05},
    {"item_id": 11594, "parent_item_id": 11593, "product_type": "simple", "sku": "TEE-M", "name": "Tee M", "qty_ordered": 2,
     "qty_canceled": 1, "price": 0, "price_incl_tax": null, "original_price": 0, "row_total_incl_tax": "0.0000",
     "tax_amount": 0, "discount_amount": 0,
     "parent_item": {"item_id": 11593, "product_type": "configurable", "price": 1}},
    {"item_id": 11595, "product_type": "virtual", "sku": "WARRANTY", "qty_ordered": 1, "price": 9}
  ],
  "billing_address": {"city": "Pune", "country_id": "IN", "email": "a@example.com", "firstname": "Asha", "lastname": "Rao",
    "middlename": null, "postcode": "411001", "region": "Maharashtra", "street": ["1 MG Road", "Flat 2", "Near the park", "Gate 3"],
    "telephone": "9999999999"},
  "payment": {"method": "cashondelivery"},
  "extension_attributes": {
    "shipping_assignments": [{"shipping": {"address": {"city": "Mumbai", "country_id": "IN", "firstname": "Ravi",
      "lastname": "Rao", "postcode": "400001", "region": "Maharashtra", "street": ["5 Link Road"], "telephone": "8888888888"}}}],
    "cash_on_delivery_fee": 50.00, "amstorecredit_amount": 120.5,
    "applied_taxes": [{"code": "GST-18", "title": "GST 18%", "percent": 18, "amount": 3963.05, "base_amount": 47.6}],
    "item_applied_taxes": [
      {"type": "product", "item_id": 11593, "applied_taxes": [{"code": "GST-18", "percent": 18, "amount": 2153.59}]},
      {"type": "shipping", "item_id": null, "applied_taxes": [{"code": "GST-18", "percent": 18, "amount": 9.15}]}
    ]
  }
}"#;

fn translated(json: &str) -> Result<ShopOrder, UnusableOrder> {
    read_order(&account_with(INTEGRATION, &[]), json)
}

fn changed(change: impl FnOnce(&mut Value)) -> Result<ShopOrder, UnusableOrder> {
    let mut order = small_order(7);
    change(&mut order);
    translated(&order.to_string())
}

/// An order with these rows.
fn items(rows: &Value) -> Vec<ShopItem> {
    changed(|order| order["items"] = rows.clone())
        .unwrap()
        .items
}

fn ids(rows: &Value) -> Vec<(String, Option<String>)> {
    let items = items(rows).into_iter();
    items.map(|item| (item.id, item.parent_id)).collect()
}

#[test]
fn an_order_of_the_documents_is_read_with_the_shop_s_digits() {
    let order = translated(ORDER).unwrap();
    assert_eq!(order.id.as_str(), "11254");
    assert_eq!(order.number.as_deref(), Some("M000013856"));
    assert_eq!(order.status.as_deref(), Some("pending"));
    assert_eq!(order.created_at.to_string(), "2022-02-17T07:24:49Z");
    assert_eq!(order.updated_at.to_string(), "2022-02-18T23:59:59Z");
    assert_eq!(order.required_by().to_string(), "2022-02-19T07:24:49Z");
    assert_eq!(order.payment, PaymentType::Cod);
    assert_eq!(order.currency.as_str(), "INR");
    assert_eq!(order.base.currency.unwrap().as_str(), "USD");
    let digits = [
        Some(order.amounts.grand_total),
        order.amounts.shipping,
        order.amounts.discount,
        order.amounts.cod_fee,
        order.amounts.store_credit,
        order.base.grand_total,
    ];
    let digits = digits.map(|amount| amount.unwrap().to_string());
    assert_eq!(
        digits,
        ["25980.0000", "60", "50.10", "50.00", "120.5", "312.4000"]
    );
    let tax = &order.taxes[0];
    assert_eq!(tax.title.as_deref(), Some("GST 18%"));
    assert_eq!(tax.percent.unwrap().to_string(), "18");
    assert_eq!(tax.amount.unwrap().to_string(), "3963.05");
}

#[test]
fn addresses_are_those_of_billing_and_of_the_shipment() {
    let order = translated(ORDER).unwrap();
    let billing = order.billing.unwrap();
    let lines = billing.lines.map(|line| line.unwrap().expose().to_owned());
    assert_eq!(lines, ["1 MG Road", "Flat 2", "Near the park, Gate 3"]);
    assert_eq!(billing.first_name.unwrap().expose(), "Asha");
    assert!(billing.middle_name.is_none());
    let shipping = order.shipping.unwrap();
    assert_eq!(shipping.city.as_deref(), Some("Mumbai"));
    assert_eq!(shipping.country_code.as_deref(), Some("IN"));
    assert!(shipping.lines[1].is_none() && shipping.email.is_none());
}

#[test]
fn only_simple_products_are_articles_with_the_prices_of_their_configurable_parent() {
    let order = translated(ORDER).unwrap();
    let [item] = &order.items[..] else {
        panic!("{:?}", order.items);
    };
    assert_eq!(
        (item.id.as_str(), item.parent_id.as_deref()),
        ("11593", Some("11593"))
    );
    assert_eq!(
        (item.sku.as_str(), item.name.as_deref()),
        ("TEE-M", Some("Tee M"))
    );
    let quantity = item.quantity;
    let quantities = [quantity.ordered, quantity.cancelled, quantity.refunded];
    assert_eq!(quantities.map(|some| some.to_string()), ["2", "1", "0"]);
    let price = item.price;
    let digits = [
        price.price,
        price.price_incl_tax,
        price.original_price,
        price.row_total_incl_tax,
        price.tax,
        price.discount,
    ];
    assert_eq!(
        digits.map(|amount| amount.unwrap().to_string()),
        [
            "5982.203390",
            "7059.000000000001",
            "7100",
            "14118",
            "2153.59",
            "25.05"
        ]
    );
    assert_eq!(item.taxes.len(), 1);
    assert_eq!(item.taxes[0].title.as_deref(), Some("GST-18"));
    assert_eq!(item.gift_card, None);
}

#[test]
fn an_item_has_the_id_that_shipping_and_invoicing_take() {
    let child = |id: u64, parent: u64| json!({ "item_id": id, "parent_item_id": parent, "product_type": "simple", "sku": "C", "qty_ordered": 1 });
    let parent = |id: u64, kind: &str| json!({ "item_id": id, "product_type": kind, "sku": "P", "qty_ordered": 1 });
    let of = |id: &str, parent: Option<&str>| (id.to_owned(), parent.map(str::to_owned));
    let mut separately = parent(30, "bundle");
    separately["shipment_type"] = json!(1);
    let mut together = parent(20, "bundle");
    together["shipment_type"] = json!("0");
    let rows = json!([
        parent(1, "simple"),
        parent(5, "configurable"),
        child(6, 5),
        parent(10, "bundle"),
        child(11, 10),
        together,
        child(21, 20),
        child(22, 20),
        separately,
        child(31, 30),
        parent(40, "grouped"),
        child(41, 40),
        child(51, 50),
    ]);
    assert_eq!(
        ids(&rows),
        [
            of("1", None),
            of("5", Some("5")),
            of("10", Some("10")),
            of("20", Some("20")),
            of("20", Some("20")),
            of("31", Some("30")),
            of("41", Some("40")),
            of("51", Some("50")),
        ]
    );
}

#[test]
fn a_parent_may_be_inside_its_child_alone() {
    let rows = json!([{
        "item_id": 6, "product_type": "simple", "sku": "C", "qty_ordered": 1, "price": 0,
        "parent_item": { "item_id": 5, "product_type": "configurable", "price": 12.5 },
    }, { "item_id": 7, "product_type": "simple", "sku": "D", "qty_ordered": 1, "price": 3, "parent_item": {} }]);
    let items = items(&rows);
    assert_eq!(
        (items[0].id.as_str(), items[0].parent_id.as_deref()),
        ("5", Some("5"))
    );
    assert_eq!(items[0].price.price.unwrap().to_string(), "12.5");
    assert_eq!(
        (items[1].id.as_str(), items[1].parent_id.as_deref()),
        ("7", None)
    );
}

#[test]
fn a_bundle_s_children_keep_their_own_prices() {
    let rows = json!([
        { "item_id": 10, "product_type": "bundle", "sku": "B", "qty_ordered": 1, "price": 100 },
        { "item_id": 11, "parent_item_id": 10, "product_type": "simple", "sku": "C", "qty_ordered": 3, "price": 0 },
    ]);
    assert_eq!(items(&rows)[0].price.price.unwrap().to_string(), "0");
}

#[test]
fn a_gift_card_is_read_unless_it_is_empty() {
    let with = |option: &Value| {
        let mut row = small_order(7)["items"][0].clone();
        row["product_option"] =
            json!({ "extension_attributes": { "giftcard_item_option": option } });
        items(&json!([row])).remove(0).gift_card
    };
    assert_eq!(with(&json!({})), None);
    assert_eq!(with(&json!([])), None);
    let card = with(&json!({ "giftcard_amount": "25.0000", "giftcard_recipient_name": "Asha" }));
    let card = card.unwrap();
    assert_eq!(card.amount.as_deref(), Some("25.0000"));
    assert_eq!(card.recipient_name.unwrap().expose(), "Asha");
}

#[test]
fn what_a_shop_leaves_out_is_absent_and_a_status_may_be_null() {
    let order = changed(|order| order["status"] = Value::Null).unwrap();
    assert_eq!(
        (order.status, order.number, order.updated_at),
        (None, None, order.created_at)
    );
    assert_eq!(order.payment, PaymentType::Prepaid);
    assert!(order.billing.is_none() && order.shipping.is_none() && order.taxes.is_empty());
    let amounts = order.amounts;
    assert_eq!(
        [
            amounts.shipping,
            amounts.discount,
            amounts.cod_fee,
            amounts.store_credit
        ],
        [None; 4]
    );
    let empty = changed(|order| order["extension_attributes"] = json!([])).unwrap();
    assert!(empty.taxes.is_empty());
    let credit = json!({ "customer_balance_amount": 3 });
    let adobe = changed(|order| order["extension_attributes"] = credit).unwrap();
    assert_eq!(adobe.amounts.store_credit.unwrap().to_string(), "3");
}

#[test]
fn an_order_that_cannot_be_used_says_why() {
    for (change, words) in [
        (
            ("order_currency_code", json!("rupees")),
            "order_currency_code is missing or invalid",
        ),
        (
            ("grand_total", Value::Null),
            "grand_total is missing or invalid",
        ),
        (
            ("grand_total", json!("a lot")),
            "the order is invalid at grand_total",
        ),
        (
            (
                "extension_attributes",
                json!({ "taxes": [], "cash_on_delivery_fee": "a lot", "z": 1 }),
            ),
            "the order is invalid at cash_on_delivery_fee",
        ),
        (
            ("billing_address", json!({ "city": "A", "street": "a lot" })),
            "the order is invalid at street",
        ),
        (
            ("created_at", json!("yesterday")),
            "created_at is missing or invalid",
        ),
        (
            (
                "items",
                json!([{ "item_id": 1, "product_type": "simple", "qty_ordered": 1 }]),
            ),
            "items.sku is missing",
        ),
        (
            (
                "items",
                json!([{ "product_type": "simple", "sku": "A", "qty_ordered": 1 }]),
            ),
            "items.item_id is missing",
        ),
        (
            (
                "items",
                json!([{ "item_id": 1, "product_type": "simple", "sku": "A", "qty_ordered": -1 }]),
            ),
            "items.qty_ordered is negative",
        ),
        (("entity_id", json!("x")), "is invalid at entity_id"),
    ] {
        let unusable = changed(|order| order[change.0] = change.1.clone()).unwrap_err();
        let told = unusable.to_string();
        assert!(told.contains(words), "{change:?}: {told}");
        assert!(
            !told.contains("a lot") && !told.contains("rupees"),
            "{told}"
        );
    }
}
