//! Converts the lines of an order to Shiprocket's form.

use std::collections::{BTreeMap, BTreeSet};

use crate::aggregators::shiprocket::wire::{ShiprocketItem, ShiprocketQualityCheck};
use crate::contract::number::json_number;
use crate::domain::order::LineItem;
use crate::domain::text::Text;
use crate::partners::violations::Violations;

/// The lines of any order.
pub(crate) fn items(lines: &[LineItem]) -> Vec<ShiprocketItem<'_>> {
    let skus = told_apart(lines);
    let items = lines.iter().zip(skus);
    items
        .map(|(line, sku)| ShiprocketItem {
            name: &line.name,
            sku,
            units: line.quantity,
            selling_price: json_number(line.price_per_unit.value()),
            hsn: line.hs_code.as_ref().map(Text::as_str),
            return_reason: None,
            quality_check: None,
        })
        .collect()
}

/// The SKUs of the lines. Shiprocket refuses duplicates: a repeated SKU gets the suffix -1, -2, … so that it is unique.
fn told_apart(lines: &[LineItem]) -> Vec<String> {
    let mut taken: BTreeSet<String> = lines.iter().map(|line| line.sku.clone()).collect();
    let mut repeats: BTreeMap<&str, u32> = BTreeMap::new();
    let mut told = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(repeat) = repeats.get_mut(line.sku.as_str()) else {
            repeats.insert(&line.sku, 0);
            told.push(line.sku.clone());
            continue;
        };
        let sku = loop {
            *repeat += 1;
            let sku = format!("{}-{repeat}", line.sku);
            if taken.insert(sku.clone()) {
                break sku;
            }
        };
        told.push(sku);
    }
    told
}

/// A courier can check only one product, by its picture.
pub(crate) fn check_quality_checks(violations: &mut Violations, lines: &[LineItem]) {
    let checked = lines.iter().enumerate();
    for (index, line) in checked.filter(|(_, line)| line.quality_check.is_some()) {
        let pointer = format!("/orderDetails/orderLineItems/{index}/qualityCheck");
        if lines.len() > 1 {
            violations.add(
                pointer.clone(),
                "is possible only for a return of one line item at Shiprocket: split the return",
            );
        }
        if line
            .quality_check
            .as_ref()
            .is_some_and(|check| check.image_urls.is_empty())
        {
            violations.add(
                format!("{pointer}/imageUrls"),
                "must have a picture of the product: Shiprocket's quality check requires one",
            );
        }
    }
}

/// The quality check of a line.
pub(crate) fn quality_check(line: &LineItem) -> Option<ShiprocketQualityCheck<'_>> {
    let check = line.quality_check.as_ref()?;
    Some(ShiprocketQualityCheck {
        qc_enable: true,
        qc_product_name: &line.name,
        qc_product_image: check.image_urls.first()?.as_str(),
        qc_brand: check.brand.as_deref(),
        qc_color: check.color.as_deref(),
        qc_size: check.size.as_deref(),
        qc_serial_no: check.serial_number.as_deref(),
        qc_ean_barcode: check.ean.as_deref(),
        qc_product_imei: check.imei.as_deref(),
    })
}
