//! Where a field of the request for a return AWB is in a return order, so that what an aggregator asks for is named as the
//! caller wrote it.

use crate::contract::fields::Violation;

/// The members of an address and of a line that have other names in a return order.
const RENAMED: [(&str, &str); 5] = [
    ("firstName", "name"),
    ("addressLine1", "line1"),
    ("addressLine2", "line2"),
    ("addressLine3", "line3"),
    ("sellingPricePerUnit", "price"),
];
/// Fields that are elsewhere in a return order.
const MOVED: [(&str, &str); 7] = [
    ("/orderDetails/orderNumber", "/returnOrderCode"),
    ("/orderDetails/orderDate", "/returnOrderTime"),
    ("/orderDetails/orderAmount", "/orderItems"),
    ("/orderDetails/paymentType", "/orderDetails/isCod"),
    ("/invoice/number", "/orderDetails/invoiceNumber"),
    ("/invoice/date", "/orderDetails/invoiceTime"),
    ("/warehouseCode", "/locationCode"),
];

/// The violation with the pointer of a return order.
pub fn in_return_order(violation: Violation) -> Violation {
    Violation {
        pointer: moved(&violation.pointer),
        detail: violation.detail,
    }
}

fn moved(pointer: &str) -> String {
    if let Some((_, there)) = MOVED.iter().find(|(here, _)| *here == pointer) {
        return (*there).to_owned();
    }
    let pointer = pointer.replacen("/orderDetails/orderLineItems", "/orderItems", 1);
    // The wish for a check at the door names what is checked beside it.
    let pointer = pointer.replacen("/qualityCheck/imageUrls", "/imageUrl", 1);
    let pointer = pointer.replacen("/qualityCheck/", "/", 1);
    let parts = pointer.split('/').map(|part| {
        let renamed = RENAMED.iter().find(|(here, _)| *here == part);
        renamed.map_or(part, |(_, there)| *there)
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_as_in_a_return_order() {
        for (here, there) in [
            ("/pickupAddress/firstName", "/pickupAddress/name"),
            ("/dropAddress/zip", "/dropAddress/zip"),
            (
                "/orderDetails/orderLineItems/3/sellingPricePerUnit",
                "/orderItems/3/price",
            ),
            (
                "/orderDetails/orderLineItems/0/qualityCheck/imageUrls/0",
                "/orderItems/0/imageUrl/0",
            ),
            (
                "/orderDetails/orderLineItems/0/qualityCheck/brand",
                "/orderItems/0/brand",
            ),
            ("/invoice/number", "/orderDetails/invoiceNumber"),
            ("/returnReason", "/returnReason"),
        ] {
            assert_eq!(moved(here), there);
        }
    }
}
