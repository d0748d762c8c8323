//! The items of return requests: no line is dropped.

use crate::aggregators::clickpost::tests::push::*;
use crate::domain::notification::NotifiedItem;

/// A SKU and a quantity, if known.
type Line<'a> = (Option<&'a str>, Option<u32>);

fn goods(item_info: &Value) -> Vec<NotifiedItem> {
    event(PLACED, &[("/additional/item_info", item_info.clone())]).items
}

fn lines(goods: &[NotifiedItem]) -> Vec<Line<'_>> {
    goods
        .iter()
        .map(|item| (item.sku.as_deref(), item.quantity))
        .collect()
}

#[test]
fn a_quantity_is_read_in_every_format() {
    for quantity in [json!(1), json!(1.0), json!("1"), json!(" 1 "), json!("1.0")] {
        let goods = goods(&json!([{"sku": "LMP-1", "quantity": quantity}]));
        assert_eq!(lines(&goods), [(Some("LMP-1"), Some(1))], "{quantity}");
    }
    let none = goods(&json!([{"sku": "LMP-1", "quantity": 0}]));
    assert_eq!(lines(&none), [(Some("LMP-1"), Some(0))]);
}

#[test]
fn a_line_with_an_invalid_quantity_is_kept() {
    for quantity in [
        json!(null),
        json!("two"),
        json!(1.5),
        json!(-1),
        json!({}),
        json!(1e12),
    ] {
        let goods = goods(&json!([{"sku": "LMP-1", "quantity": quantity}, {"sku": "LMP-2"}]));
        let expected = [(Some("LMP-1"), None), (Some("LMP-2"), None)];
        assert_eq!(lines(&goods), expected, "{quantity}");
    }
}

#[test]
fn lines_without_a_sku_and_lines_that_are_not_objects_are_kept() {
    let goods = goods(&json!([{"quantity": 2}, {"sku": "NA", "quantity": 1}, "LMP-1", null]));
    let expected = [(None, Some(2)), (None, Some(1)), (None, None), (None, None)];
    assert_eq!(lines(&goods), expected);
}

#[test]
fn lines_are_read_from_a_list_an_object_or_a_single_line() {
    let one = json!({"sku": "LMP-1", "quantity": 1});
    let by_key = json!({"0": one, "1": {"sku": "LMP-2", "quantity": 2}});
    let first = (Some("LMP-1"), Some(1));
    assert_eq!(lines(&goods(&one)), [first]);
    assert_eq!(lines(&goods(&by_key)), [first, (Some("LMP-2"), Some(2))]);
    assert_eq!(lines(&goods(&json!("LMP-1"))), [(None, None)]);
    for nothing in [json!(null), json!([]), json!({}), json!("NA")] {
        assert_eq!(lines(&goods(&nothing)), [], "{nothing}");
    }
}
