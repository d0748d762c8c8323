//! The body of a `RETURN_ORDER_ACK` and of a `RETURNS_PROCESSING_UPDATE` (docs/messages.md), with the fields in the documented
//! order. The system that ordered the return and the returns system get the same body.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::returning::processing::{ProcessedItem, QcStatus};
use crate::domain::returning::return_order::{ReturnItem, ReturnOrder};

/// The results of some pieces of a return: those of one call of the warehouse.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReturnOrderAck)]
pub struct ReturnOrderAckBody {
    /// The code of the return order.
    pub return_order_code: String,
    /// The code of the forward order.
    pub forward_order_code: String,
    /// The warehouse.
    pub location_code: String,
    /// The processed pieces.
    pub order_items: Vec<AcknowledgedItemBody>,
}

/// The result of a piece.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AcknowledgedItem)]
pub struct AcknowledgedItemBody {
    /// The code of the piece.
    pub item_code: String,
    /// Its stock keeping unit in the channel.
    pub channel_sku_code: String,
    /// Whether it passed.
    #[schema(value_type = QcStatus)]
    pub qc_status: String,
    /// Why it failed; null if it passed.
    #[schema(example = "STAIN_DAMAGE")]
    pub qc_reason: Option<String>,
    /// Pictures of a piece that failed; otherwise empty.
    pub image_urls: Vec<String>,
}

impl ReturnOrderAckBody {
    /// The body that tells these results. Results of pieces that the return does not have are left out: they are refused
    /// before.
    pub fn of(order: &ReturnOrder, results: &[ProcessedItem]) -> Self {
        let item = |result: &ProcessedItem| {
            let item = order.item(&result.item_code)?;
            Some(AcknowledgedItemBody::of(item, result))
        };
        Self {
            return_order_code: order.return_order_code.to_string(),
            forward_order_code: order.forward_order_code.to_string(),
            location_code: order.location_code.to_string(),
            order_items: results.iter().filter_map(item).collect(),
        }
    }
}

impl AcknowledgedItemBody {
    fn of(item: &ReturnItem, result: &ProcessedItem) -> Self {
        let (qc_reason, image_urls) = match result.qc_status {
            QcStatus::Pass => (None, Vec::new()),
            QcStatus::Fail => {
                let images = result.image_urls.iter().map(ToString::to_string);
                (result.qc_reason.clone(), images.collect())
            }
        };
        Self {
            item_code: item.item_code.to_string(),
            channel_sku_code: item.channel_sku_code.clone(),
            qc_status: result.qc_status.to_string(),
            qc_reason,
            image_urls,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::returning::return_order::ReturnOrderType;

    fn item(code: &str) -> ReturnItem {
        serde_json::from_value(json!({
            "itemCode": code, "reason": "too small", "channelSkuCode": format!("sku-{code}"),
        }))
        .unwrap()
    }

    fn order() -> ReturnOrder {
        serde_json::from_value(json!({
            "returnOrderCode": "H893RUOT123",
            "forwardOrderCode": "forwardOrder1",
            "locationCode": "Wid234",
            "items": [item("I10097"), item("I10098"), item("I10099")],
            "orderType": ReturnOrderType::CustomerReturn,
        }))
        .unwrap()
    }

    #[test]
    fn the_body_has_the_documented_names_in_their_order_and_only_the_processed_pieces() {
        let results: Vec<ProcessedItem> = serde_json::from_value(json!([
            {
                "itemCode": "I10098", "qcStatus": "FAIL", "qcReason": "DAMAGED",
                "imageUrls": ["https://increff.com/img.jpg", "https://increff.com/img2.jpg"],
            },
            { "itemCode": "I10097", "qcStatus": "PASS" },
        ]))
        .unwrap();
        let body = serde_json::to_string(&ReturnOrderAckBody::of(&order(), &results)).unwrap();
        let expected = concat!(
            r#"{"returnOrderCode":"H893RUOT123","forwardOrderCode":"forwardOrder1","locationCode":"Wid234","orderItems":["#,
            r#"{"itemCode":"I10098","channelSkuCode":"sku-I10098","qcStatus":"FAIL","qcReason":"DAMAGED","#,
            r#""imageUrls":["https://increff.com/img.jpg","https://increff.com/img2.jpg"]},"#,
            r#"{"itemCode":"I10097","channelSkuCode":"sku-I10097","qcStatus":"PASS","qcReason":null,"imageUrls":[]}]}"#,
        );
        assert_eq!(body, expected);
    }

    #[test]
    fn a_piece_that_passed_has_neither_a_reason_nor_pictures() {
        let results: Vec<ProcessedItem> = serde_json::from_value(json!([{
            "itemCode": "I10097", "qcStatus": "PASS", "qcReason": "DAMAGED",
            "imageUrls": ["https://increff.com/img.jpg"],
        }]))
        .unwrap();
        let body = ReturnOrderAckBody::of(&order(), &results);
        let item = body.order_items.first().unwrap();
        assert_eq!((&item.qc_reason, item.image_urls.len()), (&None, 0));
    }
}
