//! A shop's JSON. A number is read as it is written, because a float would lose digits; older shops write some as strings.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A list of things; each is read by itself, so that one of them does not make the others unreadable.
#[derive(Deserialize)]
pub(super) struct WireList<'a> {
    #[serde(borrow)]
    pub(super) items: Option<Vec<&'a RawValue>>,
}

/// What an order is known by, whatever else it is.
#[derive(Deserialize)]
pub(super) struct WireKey<'a> {
    pub(super) entity_id: WireId,
    #[serde(borrow, default)]
    pub(super) created_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) updated_at: Option<Text<'a>>,
}

/// An order.
#[derive(Deserialize)]
pub(super) struct WireOrder<'a> {
    pub(super) entity_id: WireId,
    #[serde(borrow, default)]
    pub(super) increment_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) status: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) state: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) created_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) updated_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) order_currency_code: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) base_currency_code: Option<Text<'a>>,
    #[serde(default)]
    pub(super) grand_total: Option<WireNumber>,
    #[serde(default)]
    pub(super) base_grand_total: Option<WireNumber>,
    #[serde(default)]
    pub(super) shipping_amount: Option<WireNumber>,
    #[serde(default)]
    pub(super) discount_amount: Option<WireNumber>,
    #[serde(borrow, default)]
    pub(super) items: Option<Vec<WireItem<'a>>>,
    #[serde(borrow, default)]
    pub(super) billing_address: Option<WireAddress<'a>>,
    #[serde(borrow, default)]
    pub(super) payment: Option<WirePayment<'a>>,
    #[serde(borrow, default)]
    pub(super) extension_attributes: Object<WireOrderExtension<'a>>,
}

/// What modules add to an order.
#[derive(Deserialize, Default)]
pub(super) struct WireOrderExtension<'a> {
    #[serde(borrow, default)]
    pub(super) shipping_assignments: Option<Vec<WireAssignment<'a>>>,
    /// Of the cash-on-delivery module that the documents show.
    #[serde(default)]
    pub(super) cash_on_delivery_fee: Option<WireNumber>,
    /// Of the store credit module that the documents show.
    #[serde(default)]
    pub(super) amstorecredit_amount: Option<WireNumber>,
    /// Of Adobe Commerce's own store credit.
    #[serde(default)]
    pub(super) customer_balance_amount: Option<WireNumber>,
    #[serde(borrow, default)]
    pub(super) applied_taxes: Option<Vec<WireTax<'a>>>,
    #[serde(borrow, default)]
    pub(super) item_applied_taxes: Option<Vec<WireItemTaxes<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct WireAssignment<'a> {
    #[serde(borrow, default)]
    pub(super) shipping: Option<WireShipping<'a>>,
}

#[derive(Deserialize)]
pub(super) struct WireShipping<'a> {
    #[serde(borrow, default)]
    pub(super) address: Option<WireAddress<'a>>,
}

#[derive(Deserialize)]
pub(super) struct WirePayment<'a> {
    #[serde(borrow, default)]
    pub(super) method: Option<Text<'a>>,
}

/// A tax, of an order or of one of its rows.
#[derive(Deserialize)]
pub(super) struct WireTax<'a> {
    #[serde(borrow, default)]
    pub(super) code: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) title: Option<Text<'a>>,
    #[serde(default)]
    pub(super) percent: Option<WireNumber>,
    #[serde(default)]
    pub(super) amount: Option<WireNumber>,
}

/// The taxes of a row.
#[derive(Deserialize)]
pub(super) struct WireItemTaxes<'a> {
    #[serde(default)]
    pub(super) item_id: Option<WireId>,
    #[serde(borrow, default)]
    pub(super) applied_taxes: Option<Vec<WireTax<'a>>>,
}

#[derive(Deserialize)]
pub(super) struct WireAddress<'a> {
    #[serde(borrow, default)]
    pub(super) firstname: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) middlename: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) lastname: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) street: Option<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    pub(super) city: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) region: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) postcode: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) country_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) email: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) telephone: Option<Text<'a>>,
}

/// A row of an order.
#[derive(Deserialize)]
pub(super) struct WireItem<'a> {
    #[serde(default)]
    pub(super) item_id: Option<WireId>,
    #[serde(default)]
    pub(super) parent_item_id: Option<WireId>,
    #[serde(borrow, default)]
    pub(super) parent_item: Option<Box<WireItem<'a>>>,
    #[serde(borrow, default)]
    pub(super) product_type: Option<Text<'a>>,
    /// Whether the children of a bundle ship separately (`1`). No shop is known to say so unless a module adds it.
    #[serde(borrow, default)]
    pub(super) shipment_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) sku: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) name: Option<Text<'a>>,
    #[serde(default)]
    pub(super) qty_ordered: Option<WireNumber>,
    #[serde(default)]
    pub(super) qty_canceled: Option<WireNumber>,
    #[serde(default)]
    pub(super) qty_refunded: Option<WireNumber>,
    #[serde(default)]
    pub(super) price: Option<WireNumber>,
    #[serde(default)]
    pub(super) price_incl_tax: Option<WireNumber>,
    #[serde(default)]
    pub(super) original_price: Option<WireNumber>,
    #[serde(default)]
    pub(super) row_total_incl_tax: Option<WireNumber>,
    #[serde(default)]
    pub(super) tax_amount: Option<WireNumber>,
    #[serde(default)]
    pub(super) discount_amount: Option<WireNumber>,
    #[serde(borrow, default)]
    pub(super) product_option: Object<WireOption<'a>>,
}

#[derive(Deserialize, Default)]
pub(super) struct WireOption<'a> {
    #[serde(borrow, default)]
    pub(super) extension_attributes: Object<WireOptionExtension<'a>>,
}

#[derive(Deserialize, Default)]
pub(super) struct WireOptionExtension<'a> {
    #[serde(borrow, default)]
    pub(super) giftcard_item_option: Object<WireGiftCard<'a>>,
}

#[derive(Deserialize, Default)]
pub(super) struct WireGiftCard<'a> {
    #[serde(borrow, default)]
    pub(super) giftcard_amount: Option<Text<'a>>,
    #[serde(default)]
    pub(super) custom_giftcard_amount: Option<WireNumber>,
    #[serde(borrow, default)]
    pub(super) giftcard_sender_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) giftcard_sender_email: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) giftcard_recipient_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) giftcard_recipient_email: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) giftcard_message: Option<Text<'a>>,
}

/// A text, or a number in its digits.
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw.starts_with('"') {
            return plain(raw).map(Self).map_err(D::Error::custom);
        }
        if raw.starts_with(['{', '[', 't', 'f', 'n']) {
            return Err(D::Error::custom("must be a text"));
        }
        Ok(Self(Cow::Borrowed(raw)))
    }
}

fn plain(raw: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    if raw.contains('\\') {
        return serde_json::from_str(raw).map(Cow::Owned);
    }
    Ok(Cow::Borrowed(raw.trim_matches('"')))
}

/// The id of an entity: a positive whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WireId(pub(super) u64);

impl<'de> Deserialize<'de> for WireId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let digits = raw.trim_matches('"');
        let id = digits
            .parse()
            .map_err(|_| D::Error::custom("must be an id"))?;
        Ok(Self(id))
    }
}

/// A number, exact, with its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WireNumber(pub(super) Decimal);

impl<'de> Deserialize<'de> for WireNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let digits = raw.trim_matches('"');
        let number = Decimal::from_str_exact(digits).or_else(|_| Decimal::from_scientific(digits));
        let number = number.map_err(|_| D::Error::custom("must be a number"))?;
        Ok(Self(number))
    }
}

/// An object; an empty one is a list in PHP, and counts as absent.
#[derive(Default)]
pub(super) struct Object<T>(pub(super) Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectOrNothing(PhantomData))
    }
}

struct ObjectOrNothing<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectOrNothing<T> {
    type Value = Object<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object, an empty list or null")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let object = T::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Object(Some(object)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Object(None))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Object(None))
    }
}
