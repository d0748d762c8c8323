//! Converts the lines of an order to Shipway's form.

use crate::aggregators::shipway::book::request::NONE;
use crate::aggregators::shipway::wire::{ShipwayProduct, ShipwayQualityCheck, TextCapture};
use crate::domain::order::LineItem;
use crate::domain::text::Text;

pub(crate) fn product(line: &LineItem) -> ShipwayProduct<'_> {
    ShipwayProduct {
        product: &line.name,
        product_code: &line.sku,
        price: line.price_per_unit.value().to_string(),
        product_quantity: line.quantity.to_string(),
        discount: NONE,
        hsn_code: line.hs_code.as_ref().map(Text::as_str),
        returned: None,
    }
}

/// The quality checks of all lines at the door. If there are several lines, each text contains its SKU.
pub(crate) fn quality_check(lines: &[LineItem]) -> Option<ShipwayQualityCheck<'_>> {
    let checks: Vec<_> = lines
        .iter()
        .filter_map(|line| Some((line, line.quality_check.as_ref()?)))
        .collect();
    if checks.is_empty() {
        return None;
    }
    let mut texts = Vec::new();
    for (line, check) in &checks {
        let wanted = [
            ("Brand", &check.brand),
            ("Color", &check.color),
            ("Size", &check.size),
            ("Serial number", &check.serial_number),
            ("EAN", &check.ean),
            ("IMEI", &check.imei),
            ("Instructions", &check.instructions),
        ];
        for (label, value) in wanted {
            let Some(value) = value else { continue };
            texts.push(TextCapture {
                qc_text_capture_label: match lines {
                    [_] => label.to_owned(),
                    _ => format!("{} {label}", line.sku),
                },
                qc_text_capture_value: value,
                value_to_check: value,
            });
        }
    }
    Some(ShipwayQualityCheck {
        quality_check: "1",
        qc_checkurl: checks
            .iter()
            .flat_map(|(_, check)| check.image_urls.iter().map(url::Url::as_str))
            .collect(),
        qc_text_capture: texts,
    })
}
