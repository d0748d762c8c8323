//! The lines of an order, and the quality checks that a return may request.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::shiprocket::fields::{Reader, is_set};
use crate::shiprocket::kind::Kind;

const SHORTEST_HSN_ABROAD: usize = 8;

#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) sku: String,
    pub(super) units: u64,
    pub(super) selling_price: f64,
    pub(super) hsn: String,
}

/// Checks only for lines.
impl Reader<'_> {
    pub(super) fn items(&mut self, kind: Kind) -> Vec<Item> {
        let items: Vec<Item> = (0..self.length("order_items"))
            .map(|index| self.item(&format!("order_items.{index}"), kind))
            .collect();
        let skus = || {
            items
                .iter()
                .map(|item| &item.sku)
                .filter(|sku| !sku.is_empty())
        };
        if skus().collect::<BTreeSet<_>>().len() < skus().count() {
            self.wrong("order_items", "SKU cannot be repeated");
        }
        items
    }

    fn item(&mut self, line: &str, kind: Kind) -> Item {
        let hsn_field = format!("{line}.hsn");
        let hsn = match kind {
            Kind::International => self.code(&hsn_field),
            Kind::Domestic | Kind::Return => self.optional_code(&hsn_field).unwrap_or_default(),
        };
        if kind == Kind::International && (1..SHORTEST_HSN_ABROAD).contains(&hsn.len()) {
            let message = format!("The {hsn_field} must be at least 8 characters.");
            self.wrong(&hsn_field, message);
        }
        Item {
            name: self.text(&format!("{line}.name")),
            sku: self.text(&format!("{line}.sku")),
            units: self.count(&format!("{line}.units")),
            selling_price: self.number(&format!("{line}.selling_price")),
            hsn,
        }
    }

    /// Whether a return's article is to be checked at pickup.
    pub(super) fn quality_checks(&mut self, kind: Kind) -> bool {
        let lines: Vec<String> = (0..self.length_of_items())
            .map(|index| format!("order_items.{index}"))
            .filter(|line| self.value(&format!("{line}.qc_enable")).is_some_and(is_set))
            .collect();
        if kind != Kind::Return || lines.is_empty() {
            return false;
        }
        if self.length_of_items() > 1 {
            let message = "Only one SKU is allowed in an order with QC enabled";
            self.wrong("order_items", message);
        }
        for line in lines {
            self.quality_check(&line);
        }
        true
    }

    fn quality_check(&mut self, line: &str) {
        for mandatory in ["qc_product_name", "qc_product_image"] {
            self.text(&format!("{line}.{mandatory}"));
        }
        for flag in ["qc_brand_tag", "qc_used_check", "qc_sealtag_check"] {
            self.optional_one_of(&format!("{line}.{flag}"), &["0", "1"]);
        }
        let damaged = format!("{line}.qc_check_damaged_product");
        self.optional_one_of(&damaged, &["yes", "no"]);
    }

    fn length_of_items(&self) -> usize {
        let items = self.value("order_items").and_then(Value::as_array);
        items.map_or(0, Vec::len)
    }
}
