//! Sample messages about an order that does not exist, with which clients test their endpoints.

use jiff::Timestamp;
use serde::ser::Error as _;
use serde_json::json;

use crate::contract::fulfilling::goods_issue::{GoodsIssueBody, IssuedLineBody};
use crate::contract::fulfilling::order_status::WarehouseStatusBody;
use crate::contract::messages::invoice::{InvoiceDataBody, InvoiceNotificationBody};
use crate::contract::messages::logistics_status::{LogisticsStatusBody, ProviderStatusBody};
use crate::contract::messages::notification::{AggregatorBody, NotificationBody, NotifiedItemBody};
use crate::contract::messages::operator_event::OperatorEventBody;
use crate::contract::messages::order_update::OrderUpdateBody;
use crate::contract::messages::outbound_confirmation::{OutboundConfirmationBody, OutboundStatus};
use crate::contract::messages::return_order_ack::{AcknowledgedItemBody, ReturnOrderAckBody};
use crate::contract::messages::sample_order::sample_order;
use crate::contract::selling::order::ShopOrderBody;
use crate::domain::channel_order::OrderChange;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::invoice::{DocumentKind, InvoiceId};
use crate::domain::message::MessageKind;
use crate::domain::notification::NotificationType;
use crate::domain::operator_event::OperatorEventKind;
use crate::domain::returning::processing::QcStatus;

/// The order, the AWB and the aggregator of a sample.
const SAMPLE: &str = "RMS_TEST";
/// A time as a warehouse writes it.
const SAMPLE_TIME: &str = "2026-11-21 10:00:00";

/// A sample of the first kind to which an endpoint subscribes, and that kind.
pub fn sample(endpoint: &WebhookEndpoint, now: Timestamp) -> (MessageKind, String) {
    let kind = endpoint.messages.first().copied().unwrap_or_default();
    let wanted = endpoint.filter.notification_types.as_ref();
    let wanted = wanted.and_then(|types| types.first().copied());
    let notified = wanted.unwrap_or(NotificationType::OutForDelivery);
    (kind, sample_of(kind, notified, now))
}

/// A sample of a kind; a notification is of this type.
pub fn sample_of(kind: MessageKind, notified: NotificationType, now: Timestamp) -> String {
    let body = match kind {
        MessageKind::Notification => serde_json::to_string(&notification(notified, now)),
        MessageKind::Invoice => serde_json::to_string(&invoice(now)),
        MessageKind::ReturnOrderAck | MessageKind::ReturnsProcessingUpdate => {
            serde_json::to_string(&return_order_ack())
        }
        MessageKind::OrderUpdate => serde_json::to_string(&order_update(now)),
        MessageKind::LogisticsStatus => serde_json::to_string(&logistics_status(now)),
        MessageKind::Pgi => serde_json::to_string(&goods_issue()),
        MessageKind::OrderStatus => serde_json::to_string(&order_status()),
        MessageKind::ChannelOrder => channel_order(now),
        MessageKind::OperatorEvent => serde_json::to_string(&operator_event(now)),
        MessageKind::OutboundOrder => serde_json::to_string(&outbound_order()),
        MessageKind::OutboundConfirmation => serde_json::to_string(&outbound_confirmation()),
    };
    body.unwrap_or_default()
}

/// The event that an endpoint works again.
fn operator_event(now: Timestamp) -> OperatorEventBody {
    let kind = OperatorEventKind::EndpointResumed;
    OperatorEventBody {
        event: kind,
        occurred_at: now.to_string(),
        endpoint_id: Some(SAMPLE.to_owned()),
        logistic_account_alias: None,
        channel_account_alias: None,
        reason: Some(SAMPLE.to_owned()),
        detail: kind.meaning().to_owned(),
    }
}

fn notification(notification_type: NotificationType, now: Timestamp) -> NotificationBody {
    NotificationBody {
        forward_order_code: SAMPLE.to_owned(),
        forward_shipment_code: None,
        forward_awb: Some(SAMPLE.to_owned()),
        courier_name: Some(SAMPLE.to_owned()),
        notification_type,
        notification_update_time: now.as_second(),
        logistic_aggregator_info: AggregatorBody {
            logistic_aggregator_name: SAMPLE.to_owned(),
            logistic_aggregator_meta_data: [].into(),
        },
        return_order_info: None,
        warehouse_code: None,
        items: Some(vec![NotifiedItemBody {
            item_id: None,
            sku: Some(SAMPLE.to_owned()),
            quantity: Some(1),
        }]),
        event_time: Some(now.to_string()),
    }
}

fn invoice(now: Timestamp) -> InvoiceNotificationBody {
    InvoiceNotificationBody {
        forward_order_code: SAMPLE.to_owned(),
        forward_shipment_code: None,
        notification_type: NotificationType::InvoiceGenerated,
        notification_update_time: now.as_second(),
        invoice_data: InvoiceDataBody {
            invoice_id: InvoiceId::Number(0),
            invoice_status: "CREATED".to_owned(),
            document_type: DocumentKind::Invoice,
            document_url: "https://example.com/RMS_TEST.pdf".to_owned(),
        },
    }
}

fn order_update(now: Timestamp) -> OrderUpdateBody {
    OrderUpdateBody {
        channel: SAMPLE.to_owned(),
        shop_domain: None,
        order_code: Some(SAMPLE.to_owned()),
        channel_order_id: SAMPLE.to_owned(),
        change: OrderChange::Created,
        is_replacement: false,
        on_hold: false,
        cancelled_items: Vec::new(),
        tags: Some(vec![SAMPLE.to_owned()]),
        updated_at: Some(now.to_string()),
    }
}

/// An order with its mandatory fields. It has no borrowed body, because a sample has no document.
fn outbound_order() -> serde_json::Value {
    json!({
        "group_key": SAMPLE,
        "order": {
            "warehouse_id": SAMPLE, "customer_id": SAMPLE, "so_number": SAMPLE, "order_type": "SO", "delivery_no": SAMPLE,
            "order_identification_code": 1, "internal_order_status": SAMPLE, "tenant_name": SAMPLE, "consignee": SAMPLE,
            "consignee_phone": SAMPLE, "consignee_email": SAMPLE, "consignee_full_address": SAMPLE, "consignee_state": SAMPLE,
            "consignee_province": SAMPLE, "consignee_city": SAMPLE, "zipcode": SAMPLE,
        },
    })
}

fn outbound_confirmation() -> OutboundConfirmationBody {
    OutboundConfirmationBody {
        group_key: SAMPLE.to_owned(),
        so_number: SAMPLE.to_owned(),
        status: OutboundStatus::Confirmed,
        error: None,
    }
}

fn channel_order(now: Timestamp) -> Result<String, serde_json::Error> {
    let order = sample_order(SAMPLE, now).map_err(serde_json::Error::custom)?;
    serde_json::to_string(&ShopOrderBody::from(&order))
}

fn logistics_status(now: Timestamp) -> LogisticsStatusBody {
    let id = || Some(SAMPLE.to_owned());
    let status = || {
        Some(ProviderStatusBody {
            code: 2000,
            name: SAMPLE.to_owned(),
            description: SAMPLE.to_owned(),
        })
    };
    LogisticsStatusBody {
        external_id: id(),
        tracking_id: id(),
        order_id: id(),
        order_tracking_id: id(),
        status_date: Some(now.to_string()),
        internal_status: status(),
        external_status: status(),
        awb: id(),
    }
}

fn return_order_ack() -> ReturnOrderAckBody {
    ReturnOrderAckBody {
        return_order_code: SAMPLE.to_owned(),
        forward_order_code: SAMPLE.to_owned(),
        location_code: SAMPLE.to_owned(),
        order_items: vec![AcknowledgedItemBody {
            item_code: SAMPLE.to_owned(),
            channel_sku_code: SAMPLE.to_owned(),
            qc_status: QcStatus::Fail.to_string(),
            qc_reason: Some("OTHER_DAMAGE".to_owned()),
            image_urls: vec!["https://example.com/RMS_TEST.jpg".to_owned()],
        }],
    }
}

fn goods_issue() -> GoodsIssueBody {
    GoodsIssueBody {
        warehouse_id: SAMPLE.to_owned(),
        order_type: "SO".to_owned(),
        doc_no: SAMPLE.to_owned(),
        delivery_no: SAMPLE.to_owned(),
        carrier_name: SAMPLE.to_owned(),
        so_reference_a: Some(SAMPLE.to_owned()),
        pgi_date: Some(SAMPLE_TIME.to_owned()),
        details: vec![IssuedLineBody {
            sku: SAMPLE.to_owned(),
            qty_shipped: 1,
            stock_condition: Some("N".to_owned()),
            ..IssuedLineBody::default()
        }],
        ..GoodsIssueBody::default()
    }
}

fn order_status() -> WarehouseStatusBody {
    WarehouseStatusBody {
        warehouse_id: Some(SAMPLE.to_owned()),
        order_no: SAMPLE.to_owned(),
        order_type: Some("SO".to_owned()),
        status: Some("Shipped".to_owned()),
        status_code: "80".to_owned(),
        status_descr: Some("Shipped".to_owned()),
        status_time: Some(SAMPLE_TIME.to_owned()),
        ..WarehouseStatusBody::default()
    }
}
