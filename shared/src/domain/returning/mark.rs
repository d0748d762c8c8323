//! What a return order says about the parcel in which its goods come back. The parcel's record has a copy, so that a
//! push about it needs no further read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::account::LogisticAccount;
use crate::domain::booking::MetaData;
use crate::domain::facts::ShipmentFacts;
use crate::domain::notification::NotifiedItem;
use crate::domain::returning::return_order::{ReturnItem, ReturnOrder};
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{Awb, NotAllowed, OrderNumber, ShipmentCode};

/// The return order of a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReturnMark {
    /// The order whose goods come back.
    pub forward_order: OrderNumber,
    /// One of several parcels of that order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_shipment: Option<ShipmentCode>,
    /// The AWB with which they were delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_awb: Option<Awb>,
    /// The courier who delivered them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_carrier: Option<String>,
    /// Whether the AWB of the return was made without RMS: then RMS does not cancel it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub made_elsewhere: bool,
}

impl ReturnMark {
    /// The mark of a return order's parcel, whose AWB RMS does not buy. `forward` is the shipment that is returned, if it
    /// is known.
    pub fn of(order: &ReturnOrder, forward: Option<&ShipmentFacts>) -> Self {
        let forward = forward.filter(|facts| facts.order_number == order.forward_order_code);
        let details = order.order_details.as_ref();
        let told = details.and_then(|details| details.forward_shipment_number.clone());
        Self {
            forward_order: order.forward_order_code.clone(),
            forward_shipment: told.or_else(|| forward?.shipment_code.clone()),
            forward_awb: forward.and_then(|forward| forward.awb.clone()),
            forward_carrier: forward.and_then(|forward| forward.carrier_name.clone()),
            made_elsewhere: true,
        }
    }

    /// The same if RMS buys the AWB.
    #[must_use]
    pub fn bought(self) -> Self {
        Self {
            made_elsewhere: false,
            ..self
        }
    }
}

impl ReturnOrder {
    /// When the customer placed it; if that is not known, when RMS accepted it.
    pub fn placed_at(&self, created_at: Timestamp) -> Timestamp {
        self.return_order_time.unwrap_or(created_at)
    }

    /// Its pieces, as notifications list them.
    pub fn notified_items(&self) -> Vec<NotifiedItem> {
        self.items.iter().map(ReturnItem::notified).collect()
    }

    /// The facts of its parcel at an account, as far as the return order tells them.
    pub fn parcel(
        &self,
        created_at: Timestamp,
        account: &LogisticAccount,
        mark: ReturnMark,
    ) -> Result<ShipmentFacts, NotAllowed> {
        Ok(ShipmentFacts {
            order_number: self.return_order_code.order_number()?,
            shipment_code: None,
            shipment_type: ShipmentType::Return,
            alias: account.alias.clone(),
            aggregator: account.aggregator.clone(),
            order_id: None,
            awb: self.awb.clone(),
            carrier_name: self.transporter.clone(),
            warehouse: Some(self.location_code.clone()),
            ordered_at: Some(self.placed_at(created_at).as_second()),
            items: self.notified_items(),
            meta_data: MetaData::new(),
            return_of: Some(Box::new(mark)),
        })
    }
}

impl ReturnItem {
    /// One piece.
    fn notified(&self) -> NotifiedItem {
        NotifiedItem {
            item_id: Some(self.item_code.to_string()),
            sku: Some(self.channel_sku_code.clone()),
            quantity: Some(1),
        }
    }
}
