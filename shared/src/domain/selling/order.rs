//! An order as a sales channel keeps it.
//!
//! Money is in the order's currency, exact, with the digits that the channel wrote. A positive discount reduces.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::domain::money::Currency;
use crate::domain::order::PaymentType;
use crate::domain::personal::Personal;
use crate::domain::text::ChannelOrderId;

/// How long after its creation an order must be on its way.
const REQUIRED_AFTER: SignedDuration = SignedDuration::from_hours(48);

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopOrder {
    /// The channel's id of the order.
    pub id: ChannelOrderId,
    /// The number that its customer sees.
    pub number: Option<String>,
    /// Its status, in the channel's words; `None` if the channel has none for it.
    pub status: Option<String>,
    /// The part of its life that the status belongs to, in the channel's words.
    pub state: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The currency of its money.
    pub currency: Currency,
    /// How its customer pays.
    pub payment: PaymentType,
    /// Its sums.
    pub amounts: OrderAmounts,
    /// The shop's own currency, and the grand total in it.
    pub base: BaseTotal,
    /// Who pays.
    pub billing: Option<ShopAddress>,
    /// Where it goes; `None` if nothing is shipped.
    pub shipping: Option<ShopAddress>,
    /// The taxes of the whole order.
    pub taxes: Vec<AppliedTax>,
    /// The articles.
    pub items: Vec<ShopItem>,
}

impl ShopOrder {
    /// When it must be on its way.
    pub fn required_by(&self) -> Timestamp {
        let by = self.created_at.checked_add(REQUIRED_AFTER);
        by.unwrap_or(Timestamp::MAX)
    }
}

/// The status of an order, in the channel's words; `None` if the channel has none for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStatus(pub Option<String>);

/// The sums of an order; `None` if the channel has no such sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderAmounts {
    /// What the customer pays.
    pub grand_total: Decimal,
    /// The shipping.
    pub shipping: Option<Decimal>,
    /// The discount.
    pub discount: Option<Decimal>,
    /// The fee for cash on delivery.
    pub cod_fee: Option<Decimal>,
    /// What was paid with store credit.
    pub store_credit: Option<Decimal>,
}

/// The grand total in the shop's own currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BaseTotal {
    /// The currency.
    pub currency: Option<Currency>,
    /// The total.
    pub grand_total: Option<Decimal>,
}

/// An address of an order. The channel may know any part of it or not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShopAddress {
    /// First name.
    pub first_name: Option<Personal>,
    /// Middle name.
    pub middle_name: Option<Personal>,
    /// Last name.
    pub last_name: Option<Personal>,
    /// The street: its first two lines, and the others joined.
    pub lines: [Option<Personal>; 3],
    /// City.
    pub city: Option<String>,
    /// State, province or emirate.
    pub state: Option<String>,
    /// Pincode or postal code.
    pub zip: Option<String>,
    /// The country's two-letter code.
    pub country_code: Option<String>,
    /// E-mail address.
    pub email: Option<Personal>,
    /// Phone number.
    pub phone: Option<Personal>,
}

/// A tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedTax {
    /// Its name.
    pub title: Option<String>,
    /// Its rate.
    pub percent: Option<Decimal>,
    /// Its sum.
    pub amount: Option<Decimal>,
}

/// An article of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopItem {
    /// The id that shipping and invoicing take.
    pub id: String,
    /// The id of the article that this one is a part or a variant of.
    pub parent_id: Option<String>,
    /// The SKU.
    pub sku: String,
    /// The name.
    pub name: Option<String>,
    /// How much of it was ordered, cancelled and refunded.
    pub quantity: ItemQuantity,
    /// Its prices.
    pub price: ItemPrice,
    /// Its taxes.
    pub taxes: Vec<AppliedTax>,
    /// The gift card that it is.
    pub gift_card: Option<GiftCard>,
}

/// Quantities of an article. A shop may sell fractions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemQuantity {
    /// Ordered.
    pub ordered: Decimal,
    /// Cancelled of it.
    pub cancelled: Decimal,
    /// Refunded of it.
    pub refunded: Decimal,
}

/// The prices of an article; `None` if the channel says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ItemPrice {
    /// Of one piece, without tax.
    pub price: Option<Decimal>,
    /// Of one piece, with tax.
    pub price_incl_tax: Option<Decimal>,
    /// Of one piece, before reductions.
    pub original_price: Option<Decimal>,
    /// Of all pieces, with tax.
    pub row_total_incl_tax: Option<Decimal>,
    /// The tax of all pieces.
    pub tax: Option<Decimal>,
    /// The discount of all pieces.
    pub discount: Option<Decimal>,
}

/// A gift card that was bought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GiftCard {
    /// Its value, in the channel's words.
    pub amount: Option<String>,
    /// The value that the customer chose.
    pub custom_amount: Option<Decimal>,
    /// Who gives it.
    pub sender_name: Option<Personal>,
    /// The e-mail address of who gives it.
    pub sender_email: Option<Personal>,
    /// Who gets it.
    pub recipient_name: Option<Personal>,
    /// The e-mail address of who gets it.
    pub recipient_email: Option<Personal>,
    /// What is written in it.
    pub message: Option<Personal>,
}

/// The order cannot be used: why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {detail}")]
pub struct UnusableOrder {
    /// The channel's name of the field.
    pub field: &'static str,
    /// What is wrong with it.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_required_two_days_after_its_creation() {
        let order = ShopOrder {
            id: "1".parse().unwrap(),
            number: None,
            status: None,
            state: None,
            created_at: "2026-11-01T23:30:00Z".parse().unwrap(),
            updated_at: "2026-11-20T00:00:00Z".parse().unwrap(),
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
                currency: None,
                grand_total: None,
            },
            billing: None,
            shipping: None,
            taxes: Vec::new(),
            items: Vec::new(),
        };
        assert_eq!(order.required_by().to_string(), "2026-11-03T23:30:00Z");
    }
}
