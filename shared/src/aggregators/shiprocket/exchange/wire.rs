//! The body of `orders/create/exchange`, in Shiprocket's own spelling.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Number;

use crate::aggregators::shiprocket::wire::ShiprocketItem;
use crate::domain::personal::Personal;

/// The body of `orders/create/exchange`.
#[derive(Debug, Serialize)]
pub(super) struct ExchangeBody<'a> {
    pub(super) exchange_order_id: &'a str,
    pub(super) return_order_id: &'a str,
    pub(super) seller_pickup_location_id: String,
    pub(super) seller_shipping_location_id: String,
    pub(super) order_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) channel_id: Option<u64>,
    pub(super) payment_method: &'static str,
    #[serde(flatten)]
    pub(super) buyer_shipping: BTreeMap<String, Personal>,
    #[serde(flatten)]
    pub(super) buyer_pickup: BTreeMap<String, Personal>,
    pub(super) order_items: Vec<ExchangeItem<'a>>,
    pub(super) sub_total: Number,
    pub(super) return_length: Number,
    pub(super) return_breadth: Number,
    pub(super) return_height: Number,
    pub(super) return_weight: Number,
    pub(super) exchange_length: Number,
    pub(super) exchange_breadth: Number,
    pub(super) exchange_height: Number,
    pub(super) exchange_weight: Number,
    pub(super) return_reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) qc_check: Option<&'static str>,
}

/// A line: the returned article and what replaces it.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "Shiprocket's own spelling")]
pub(super) struct ExchangeItem<'a> {
    #[serde(flatten)]
    pub(super) returned: ShiprocketItem<'a>,
    pub(super) exchange_item_name: &'a str,
    pub(super) exchange_item_sku: String,
}
