//! The sample of a channel's order.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::domain::money::Currency;
use crate::domain::order::PaymentType;
use crate::domain::personal::Personal;
use crate::domain::selling::order::{
    BaseTotal, ItemPrice, ItemQuantity, OrderAmounts, ShopAddress, ShopItem, ShopOrder,
};
use crate::domain::text::NotAllowed;

/// An order with this id, number and SKU.
pub(super) fn sample_order(name: &str, now: Timestamp) -> Result<ShopOrder, NotAllowed> {
    let address = ShopAddress {
        first_name: Some(Personal::from(name.to_owned())),
        country_code: Some("IN".to_owned()),
        ..ShopAddress::default()
    };
    Ok(ShopOrder {
        id: name.parse()?,
        number: Some(name.to_owned()),
        status: Some("pending".to_owned()),
        state: Some("new".to_owned()),
        created_at: now,
        updated_at: now,
        currency: Currency::INR,
        payment: PaymentType::Prepaid,
        amounts: OrderAmounts {
            grand_total: Decimal::ONE,
            shipping: None,
            discount: None,
            cod_fee: None,
            store_credit: None,
        },
        base: BaseTotal {
            currency: Some(Currency::INR),
            grand_total: Some(Decimal::ONE),
        },
        billing: Some(address.clone()),
        shipping: Some(address),
        taxes: Vec::new(),
        items: vec![ShopItem {
            id: "1".to_owned(),
            parent_id: None,
            sku: name.to_owned(),
            name: None,
            quantity: ItemQuantity {
                ordered: Decimal::ONE,
                cancelled: Decimal::ZERO,
                refunded: Decimal::ZERO,
            },
            price: ItemPrice::default(),
            taxes: Vec::new(),
            gift_card: None,
        }],
    })
}
