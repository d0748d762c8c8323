//! Converts the lines of an order to Clickpost's form.

use crate::aggregators::clickpost::wire::{CheckedItem, ClickpostItem};
use crate::contract::number::json_number;
use crate::domain::order::{LineItem, QualityCheck};
use crate::domain::text::Text;

/// A line; lines of a return (which have a reason) may request a check at the door.
pub(crate) fn item<'a>(line: &'a LineItem, reason: Option<&'a str>) -> ClickpostItem<'a> {
    let check = line.quality_check.as_ref();
    ClickpostItem {
        sku: &line.sku,
        description: &line.name,
        quantity: line.quantity,
        price: json_number(line.price_per_unit.value()),
        weight: line.weight.map(|weight| json_number(weight.value())),
        hs_code: line.hs_code.as_ref().map(Text::as_str),
        manufacture_country_code: line.made_in.as_ref().map(Text::as_str),
        additional: check
            .zip(reason)
            .map(|(check, reason)| checked(check, reason)),
    }
}

fn checked<'a>(check: &'a QualityCheck, return_reason: &'a str) -> CheckedItem<'a> {
    let images: Vec<String> = check
        .image_urls
        .iter()
        .map(|url| url.as_str().replace(',', "%2C"))
        .collect();
    CheckedItem {
        brand: check.brand.as_deref(),
        color: check.color.as_deref(),
        size: check.size.as_deref(),
        imei: check.imei.as_deref(),
        serial_no: check.serial_number.as_deref(),
        ean: check.ean.as_deref(),
        images: (!images.is_empty()).then(|| images.join(",")),
        special_instructions: check.instructions.as_deref(),
        return_reason,
    }
}
