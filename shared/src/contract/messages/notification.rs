//! The body of a NOTIFICATION (docs/webhooks.md), with the fields in the documented order.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::booking::MetaData;
use crate::domain::notification::{Notification, NotificationType, NotifiedItem, NotifiedReturn};

/// A forward or a return notification.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ForwardedNotification)]
pub struct NotificationBody {
    /// The client's number of the forward order.
    pub forward_order_code: String,
    /// One of several parcels of the order; null if unknown.
    pub forward_shipment_code: Option<String>,
    /// The forward AWB; null if unknown.
    pub forward_awb: Option<String>,
    /// The forward courier; null if unknown.
    pub courier_name: Option<String>,
    /// What happened.
    pub notification_type: NotificationType,
    /// When we received it, in epoch seconds.
    #[schema(example = 1_678_949_844)]
    pub notification_update_time: i64,
    /// The aggregator.
    pub logistic_aggregator_info: AggregatorBody,
    /// Null for a forward order; present if the event is about a return.
    pub return_order_info: Option<ReturnOrderBody>,
    /// The warehouse; null if unknown.
    pub warehouse_code: Option<String>,
    /// The items; null if unknown.
    pub items: Option<Vec<NotifiedItemBody>>,
    /// When it happened, if the aggregator says so; otherwise the field is absent.
    #[schema(format = "date-time", example = "2026-11-21T08:35:00Z")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_time: Option<String>,
}

/// The aggregator of a notification.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LogisticAggregatorInfo)]
pub struct AggregatorBody {
    /// The aggregator's name.
    pub logistic_aggregator_name: String,
    /// Additional data of the aggregator, such as the reason of a failed delivery and the location of the parcel. The names
    /// are listed in docs/webhooks.md.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub logistic_aggregator_meta_data: MetaData,
}

/// The return of a notification.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReturnOrderInfo)]
pub struct ReturnOrderBody {
    /// The client's number of the return order.
    pub return_order_id: String,
    /// The return's AWB; null if unknown.
    pub return_awb: Option<String>,
    /// The return's courier; null if unknown.
    pub transporter: Option<String>,
    /// When the return was placed, in epoch seconds; null if unknown.
    pub return_order_time: Option<i64>,
}

/// An item.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NotifiedItem)]
pub struct NotifiedItemBody {
    /// The client's id of the line; null if unknown.
    pub item_id: Option<String>,
    /// Stock keeping unit; null if the aggregator's line has none.
    pub sku: Option<String>,
    /// Number of pieces; null if the aggregator's line has no valid number.
    pub quantity: Option<u32>,
}

impl From<&NotifiedItem> for NotifiedItemBody {
    fn from(item: &NotifiedItem) -> Self {
        Self {
            item_id: item.item_id.clone(),
            sku: item.sku.clone(),
            quantity: item.quantity,
        }
    }
}

impl From<&Notification> for NotificationBody {
    fn from(notification: &Notification) -> Self {
        let items: Vec<_> = notification
            .items
            .iter()
            .map(NotifiedItemBody::from)
            .collect();
        Self {
            forward_order_code: notification.forward_order.to_string(),
            forward_shipment_code: notification.shipment_code.as_ref().map(ToString::to_string),
            forward_awb: notification.forward_awb.as_ref().map(ToString::to_string),
            courier_name: notification.carrier_name.clone(),
            notification_type: notification.notification_type,
            notification_update_time: notification.received_at.as_second(),
            logistic_aggregator_info: AggregatorBody {
                logistic_aggregator_name: notification.aggregator_name.clone(),
                logistic_aggregator_meta_data: notification.meta_data.clone(),
            },
            return_order_info: notification.returning.as_ref().map(ReturnOrderBody::from),
            warehouse_code: notification.warehouse.as_ref().map(ToString::to_string),
            items: (!items.is_empty()).then_some(items),
            event_time: notification.occurred_at.map(|at| at.to_string()),
        }
    }
}

impl From<&NotifiedReturn> for ReturnOrderBody {
    fn from(returning: &NotifiedReturn) -> Self {
        Self {
            return_order_id: returning.number.to_string(),
            return_awb: returning.awb.as_ref().map(ToString::to_string),
            transporter: returning.carrier_name.clone(),
            return_order_time: returning.placed_at,
        }
    }
}
