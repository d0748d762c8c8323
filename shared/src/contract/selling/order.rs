//! An order of a sales channel as callers see it. Amounts are JSON numbers with the digits that the channel wrote.

use std::io::Write as _;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::contract::shipment::body::PaymentWord;
use crate::domain::money::Currency;
use crate::domain::personal::Personal;
use crate::domain::selling::order::{
    AppliedTax, GiftCard, OrderAmounts, ShopAddress, ShopItem, ShopOrder,
};

/// An exact number.
#[derive(Debug, Clone, Copy)]
pub struct Digits(Decimal);

/// More than the sign, the digits and the point of any exact number.
const LONGEST_NUMBER: usize = 40;

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // An order has dozens of numbers: none needs an allocation.
        let mut text = [0; LONGEST_NUMBER];
        let mut free = text.as_mut_slice();
        write!(free, "{}", self.0).map_err(S::Error::custom)?;
        let written = LONGEST_NUMBER.saturating_sub(free.len());
        let digits = text.get(..written).unwrap_or_default();
        let digits: &RawValue = serde_json::from_slice(digits).map_err(S::Error::custom)?;
        digits.serialize(serializer)
    }
}

/// An order of a sales channel.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelOrder)]
pub struct ShopOrderBody<'a> {
    /// The channel's id of the order.
    #[schema(example = "11254")]
    pub channel_order_id: &'a str,
    /// The number that the customer sees.
    #[schema(example = "M000013856")]
    pub parent_order_id: Option<&'a str>,
    /// The status in the channel's words; null if the channel has none for it.
    #[schema(example = "processing")]
    pub status: Option<&'a str>,
    /// When it was created.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = "date-time")]
    pub updated_at: Timestamp,
    /// When it must be on its way: two days after its creation.
    #[schema(value_type = String, format = "date-time")]
    pub required_by: Timestamp,
    /// The currency of all amounts but `baseGrandTotal`.
    #[schema(example = "INR")]
    pub currency_code: &'a str,
    /// The shop's own currency.
    #[schema(example = "INR")]
    pub base_currency_code: Option<&'a str>,
    /// The grand total in the shop's own currency.
    #[schema(value_type = Option<f64>)]
    pub base_grand_total: Option<Digits>,
    /// How the buyer pays.
    #[schema(value_type = PaymentWord)]
    pub payment_type: String,
    /// The sums.
    pub amounts: OrderAmountsBody,
    /// Who pays.
    pub billing_address: Option<ShopAddressBody<'a>>,
    /// Where it goes; null if nothing is shipped.
    pub shipping_address: Option<ShopAddressBody<'a>>,
    /// The taxes of the whole order.
    pub taxes: Vec<AppliedTaxBody<'a>>,
    /// The articles: simple products only.
    pub items: Vec<ShopItemBody<'a>>,
}

/// The sums of an order; null if the shop has no such sum.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelOrderAmounts)]
pub struct OrderAmountsBody {
    /// What the customer pays.
    #[schema(value_type = f64)]
    pub grand_total: Digits,
    /// The shipping.
    #[schema(value_type = Option<f64>)]
    pub shipping: Option<Digits>,
    /// The discount; a positive one reduces.
    #[schema(value_type = Option<f64>)]
    pub discount: Option<Digits>,
    /// The fee for cash on delivery.
    #[schema(value_type = Option<f64>)]
    pub cod_fee: Option<Digits>,
    /// What was paid with store credit.
    #[schema(value_type = Option<f64>)]
    pub store_credit: Option<Digits>,
}

/// An address of an order.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelAddress)]
pub struct ShopAddressBody<'a> {
    /// First name.
    #[schema(value_type = Option<String>)]
    pub first_name: Option<&'a Personal>,
    /// Middle name.
    #[schema(value_type = Option<String>)]
    pub middle_name: Option<&'a Personal>,
    /// Last name.
    #[schema(value_type = Option<String>)]
    pub last_name: Option<&'a Personal>,
    /// First line of the street.
    #[schema(value_type = Option<String>)]
    pub address_line1: Option<&'a Personal>,
    /// Second line.
    #[schema(value_type = Option<String>)]
    pub address_line2: Option<&'a Personal>,
    /// All further lines.
    #[schema(value_type = Option<String>)]
    pub address_line3: Option<&'a Personal>,
    /// City.
    pub city: Option<&'a str>,
    /// State.
    pub state: Option<&'a str>,
    /// Pincode or postal code.
    pub zip: Option<&'a str>,
    /// Country, as the channel writes it.
    pub country: Option<&'a str>,
    /// The country's two-letter code.
    #[schema(example = "IN")]
    pub country_code: Option<&'a str>,
    /// E-mail address.
    #[schema(value_type = Option<String>)]
    pub email: Option<&'a Personal>,
    /// Phone number.
    #[schema(value_type = Option<String>)]
    pub phone: Option<&'a Personal>,
}

/// A tax.
#[derive(Debug, serde::Serialize, ToSchema)]
#[schema(as = ChannelTax)]
pub struct AppliedTaxBody<'a> {
    /// Its name.
    #[schema(example = "GST-18")]
    pub title: Option<&'a str>,
    /// Its rate.
    #[schema(value_type = Option<f64>)]
    pub percent: Option<Digits>,
    /// Its sum.
    #[schema(value_type = Option<f64>)]
    pub amount: Option<Digits>,
}

/// An article of an order.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelOrderItem)]
pub struct ShopItemBody<'a> {
    /// The id that shipments and invoices take. Parts of a bundle that ships together have the same one, the bundle's.
    pub item_id: &'a str,
    /// The id of the article that this one is a part or a variant of.
    pub parent_item_id: Option<&'a str>,
    /// The stock keeping unit.
    pub sku: &'a str,
    /// The name.
    pub name: Option<&'a str>,
    /// How much was ordered.
    #[schema(value_type = f64)]
    pub quantity: Digits,
    /// How much of it was cancelled.
    #[schema(value_type = f64)]
    pub cancelled: Digits,
    /// How much of it was refunded.
    #[schema(value_type = f64)]
    pub refunded: Digits,
    /// The price of one piece, without tax.
    #[schema(value_type = Option<f64>)]
    pub price: Option<Digits>,
    /// The price of one piece, with tax.
    #[schema(value_type = Option<f64>)]
    pub price_incl_tax: Option<Digits>,
    /// The price of one piece before reductions.
    #[schema(value_type = Option<f64>)]
    pub original_price: Option<Digits>,
    /// The price of all pieces, with tax.
    #[schema(value_type = Option<f64>)]
    pub row_total_incl_tax: Option<Digits>,
    /// The tax of all pieces.
    #[schema(value_type = Option<f64>)]
    pub tax: Option<Digits>,
    /// The discount of all pieces; a positive one reduces.
    #[schema(value_type = Option<f64>)]
    pub discount: Option<Digits>,
    /// Its taxes.
    pub taxes: Vec<AppliedTaxBody<'a>>,
    /// The gift card that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gift_card: Option<GiftCardBody<'a>>,
}

/// A gift card.
#[derive(Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelGiftCard)]
pub struct GiftCardBody<'a> {
    /// Its value, in the channel's words.
    pub amount: Option<&'a str>,
    /// The value that the customer chose.
    #[schema(value_type = Option<f64>)]
    pub custom_amount: Option<Digits>,
    /// Who gives it.
    #[schema(value_type = Option<String>)]
    pub sender_name: Option<&'a Personal>,
    /// The e-mail address of who gives it.
    #[schema(value_type = Option<String>)]
    pub sender_email: Option<&'a Personal>,
    /// Who gets it.
    #[schema(value_type = Option<String>)]
    pub recipient_name: Option<&'a Personal>,
    /// The e-mail address of who gets it.
    #[schema(value_type = Option<String>)]
    pub recipient_email: Option<&'a Personal>,
    /// What is written in it.
    #[schema(value_type = Option<String>)]
    pub message: Option<&'a Personal>,
}

impl<'a> From<&'a ShopOrder> for ShopOrderBody<'a> {
    fn from(order: &'a ShopOrder) -> Self {
        Self {
            channel_order_id: order.id.as_str(),
            parent_order_id: order.number.as_deref(),
            status: order.status.as_deref(),
            created_at: order.created_at,
            updated_at: order.updated_at,
            required_by: order.required_by(),
            currency_code: order.currency.as_str(),
            base_currency_code: order.base.currency.as_ref().map(Currency::as_str),
            base_grand_total: order.base.grand_total.map(Digits),
            payment_type: order.payment.to_string(),
            amounts: OrderAmountsBody::from(&order.amounts),
            billing_address: order.billing.as_ref().map(ShopAddressBody::from),
            shipping_address: order.shipping.as_ref().map(ShopAddressBody::from),
            taxes: taxes(&order.taxes),
            items: order.items.iter().map(ShopItemBody::from).collect(),
        }
    }
}

impl From<&OrderAmounts> for OrderAmountsBody {
    fn from(amounts: &OrderAmounts) -> Self {
        Self {
            grand_total: Digits(amounts.grand_total),
            shipping: amounts.shipping.map(Digits),
            discount: amounts.discount.map(Digits),
            cod_fee: amounts.cod_fee.map(Digits),
            store_credit: amounts.store_credit.map(Digits),
        }
    }
}

impl<'a> From<&'a ShopAddress> for ShopAddressBody<'a> {
    fn from(address: &'a ShopAddress) -> Self {
        let [line1, line2, line3] = address.lines.each_ref().map(Option::as_ref);
        Self {
            first_name: address.first_name.as_ref(),
            middle_name: address.middle_name.as_ref(),
            last_name: address.last_name.as_ref(),
            address_line1: line1,
            address_line2: line2,
            address_line3: line3,
            city: address.city.as_deref(),
            state: address.state.as_deref(),
            zip: address.zip.as_deref(),
            country: address.country_code.as_deref(),
            country_code: address.country_code.as_deref(),
            email: address.email.as_ref(),
            phone: address.phone.as_ref(),
        }
    }
}

impl<'a> From<&'a ShopItem> for ShopItemBody<'a> {
    fn from(item: &'a ShopItem) -> Self {
        let (quantity, price) = (&item.quantity, &item.price);
        Self {
            item_id: &item.id,
            parent_item_id: item.parent_id.as_deref(),
            sku: &item.sku,
            name: item.name.as_deref(),
            quantity: Digits(quantity.ordered),
            cancelled: Digits(quantity.cancelled),
            refunded: Digits(quantity.refunded),
            price: price.price.map(Digits),
            price_incl_tax: price.price_incl_tax.map(Digits),
            original_price: price.original_price.map(Digits),
            row_total_incl_tax: price.row_total_incl_tax.map(Digits),
            tax: price.tax.map(Digits),
            discount: price.discount.map(Digits),
            taxes: taxes(&item.taxes),
            gift_card: item.gift_card.as_ref().map(GiftCardBody::from),
        }
    }
}

impl<'a> From<&'a GiftCard> for GiftCardBody<'a> {
    fn from(card: &'a GiftCard) -> Self {
        Self {
            amount: card.amount.as_deref(),
            custom_amount: card.custom_amount.map(Digits),
            sender_name: card.sender_name.as_ref(),
            sender_email: card.sender_email.as_ref(),
            recipient_name: card.recipient_name.as_ref(),
            recipient_email: card.recipient_email.as_ref(),
            message: card.message.as_ref(),
        }
    }
}

fn taxes(taxes: &[AppliedTax]) -> Vec<AppliedTaxBody<'_>> {
    let taxes = taxes.iter();
    taxes
        .map(|tax| AppliedTaxBody {
            title: tax.title.as_deref(),
            percent: tax.percent.map(Digits),
            amount: tax.amount.map(Digits),
        })
        .collect()
}
