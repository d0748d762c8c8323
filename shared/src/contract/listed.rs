//! Notifications as they are listed.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::shipment::ShipmentType;

/// A page of notifications, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Notifications)]
pub struct ListBody {
    /// The notifications.
    pub notifications: Vec<ListedBody>,
    /// Give it as `cursor` for the next page; null at the end. A page may be empty and not be the last.
    pub cursor: Option<String>,
}

/// One notification.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ListedNotification)]
pub struct ListedBody {
    /// Our id of the notification.
    pub notification_id: String,
    /// What became of it.
    #[schema(value_type = String, example = "UNMAPPED")]
    pub status: &'static str,
    /// The aggregator whose code it is.
    #[schema(example = "CLICKPOST")]
    pub aggregator: String,
    /// The account that pushed it.
    pub logistic_account_alias: String,
    /// The order that it is about, as the push names it.
    pub order_number: String,
    /// Forward or return.
    pub shipment_type: ShipmentType,
    /// The aggregator's code.
    #[schema(example = "1005")]
    pub pushed_type: String,
    /// When it came.
    #[schema(value_type = String, format = "date-time")]
    pub received_at: Timestamp,
}
