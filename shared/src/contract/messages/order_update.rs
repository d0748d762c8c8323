//! The body of an `ORDER_UPDATE` (docs/webhooks.md), with the fields in the documented order.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::channel_order::history::AppliedEvent;
use crate::domain::channel_order::{CancelledQuantity, OrderChange};
use crate::domain::text::{ChannelName, ChannelOrderId};

/// A change of an order in a sales channel.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OrderUpdate)]
pub struct OrderUpdateBody {
    /// The channel.
    #[schema(example = "SHOPIFY")]
    pub channel: String,
    /// The domain of the shop; null if the channel has none.
    #[schema(example = "brand.myshopify.com")]
    pub shop_domain: Option<String>,
    /// The shop's name of the order, without `#`; null if unknown.
    #[schema(example = "1001")]
    pub order_code: Option<String>,
    /// The channel's id of the order.
    #[schema(example = "820982911946154508")]
    pub channel_order_id: String,
    /// What changed.
    pub change: OrderChange,
    /// Whether the order replaces another one.
    pub is_replacement: bool,
    /// Whether the order must not be fulfilled yet.
    pub on_hold: bool,
    /// What this event cancelled; empty if nothing.
    pub cancelled_items: Vec<CancelledItemBody>,
    /// The order's tags; null if unknown.
    pub tags: Option<Vec<String>>,
    /// When the order was changed, RFC 3339 in UTC; null if unknown.
    #[schema(format = "date-time", example = "2026-11-21T10:00:00Z")]
    pub updated_at: Option<String>,
}

/// A cancelled line, or a part of one.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CancelledItem)]
pub struct CancelledItemBody {
    /// The channel's id of the line.
    pub item_id: String,
    /// Its stock keeping unit; null if unknown.
    pub sku: Option<String>,
    /// The cancelled number of pieces.
    pub quantity: u64,
}

impl OrderUpdateBody {
    /// The body that tells a change of an order: the order as it is known now, and what the event cancelled.
    pub fn of(
        channel: &ChannelName,
        shop_domain: Option<&str>,
        id: &ChannelOrderId,
        change: OrderChange,
        applied: &AppliedEvent,
    ) -> Self {
        let known = &applied.history.known;
        let cancelled = applied.cancelled.iter();
        Self {
            channel: channel.to_string(),
            shop_domain: shop_domain.map(str::to_owned),
            order_code: known.code.clone(),
            channel_order_id: id.to_string(),
            change,
            is_replacement: known.is_replacement,
            on_hold: known.is_on_hold,
            cancelled_items: cancelled.map(CancelledItemBody::from).collect(),
            tags: known.tags.clone(),
            updated_at: known.updated_at.map(|at| at.to_string()),
        }
    }
}

impl From<&CancelledQuantity> for CancelledItemBody {
    fn from(cancelled: &CancelledQuantity) -> Self {
        Self {
            item_id: cancelled.line_id.clone(),
            sku: cancelled.sku.clone(),
            quantity: cancelled.quantity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::channel_order::history::{Judgement, OrderHistory};
    use crate::domain::channel_order::{OrderEvent, OrderSnapshot, SnapshotLine};

    fn body(order: OrderSnapshot) -> String {
        let event = OrderEvent {
            id: "event-1".to_owned(),
            triggered_at: None,
            order,
        };
        let Judgement::Applied(applied) = OrderHistory::judge(None, &event) else {
            panic!("the first event is applied")
        };
        let body = OrderUpdateBody::of(
            &"SHOPIFY".parse().unwrap(),
            Some("brand.myshopify.com"),
            &event.order.id,
            applied.change.unwrap(),
            &applied,
        );
        serde_json::to_string(&body).unwrap()
    }

    fn unknown() -> OrderSnapshot {
        OrderSnapshot {
            id: "820982911946154508".parse().unwrap(),
            code: None,
            tags: None,
            is_replacement: None,
            is_on_hold: None,
            is_cancelled: None,
            lines: None,
            updated_at: None,
        }
    }

    #[test]
    fn the_body_has_the_documented_names_in_their_order() {
        let line = SnapshotLine {
            id: "466157049".to_owned(),
            sku: None,
            ordered: Some(3),
            current: Some(1),
        };
        let order = OrderSnapshot {
            code: Some("1001".to_owned()),
            tags: Some(vec!["exchange".to_owned(), "hold".to_owned()]),
            is_replacement: Some(true),
            is_on_hold: Some(true),
            lines: Some(vec![line]),
            updated_at: Some("2026-11-21T15:30:00+05:30".parse().unwrap()),
            ..unknown()
        };
        let expected = concat!(
            r#"{"channel":"SHOPIFY","shopDomain":"brand.myshopify.com","orderCode":"1001","#,
            r#""channelOrderId":"820982911946154508","change":"CREATED","isReplacement":true,"onHold":true,"#,
            r#""cancelledItems":[{"itemId":"466157049","sku":null,"quantity":2}],"tags":["exchange","hold"],"#,
            r#""updatedAt":"2026-11-21T10:00:00Z"}"#,
        );
        assert_eq!(body(order), expected);
    }

    #[test]
    fn unknown_tags_are_null_and_no_tags_are_an_empty_list() {
        assert!(body(unknown()).contains(r#""tags":null"#));
        let order = OrderSnapshot {
            tags: Some(Vec::new()),
            ..unknown()
        };
        assert!(body(order).contains(r#""tags":[]"#));
    }
}
