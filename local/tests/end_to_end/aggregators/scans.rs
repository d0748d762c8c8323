//! Pushes of one event in the dialect of each aggregator, without a word of its direction.

use serde_json::{Value, json};

use crate::aggregators::world::{ALIASES, World};
use crate::answer::Answer;

/// One event in the dialect of an aggregator, without a word of its direction.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'a> {
    /// What the push calls the order; without it the AWB alone tells.
    pub(crate) order: Option<&'a str>,
    pub(crate) awb: &'a str,
    /// A word of RMS Magic's push.
    pub(crate) word: &'a str,
    /// Minutes after the first.
    pub(crate) minute: u32,
}

pub(crate) fn scan<'a>(order: &'a str, awb: &'a str, word: &'a str, minute: u32) -> Scan<'a> {
    Scan {
        order: Some(order),
        awb,
        word,
        minute,
    }
}

impl Scan<'_> {
    pub(crate) fn in_dialect(self, alias: &str) -> Value {
        let Self {
            order, awb, word, ..
        } = self;
        let minute = format!("{:02}", self.minute);
        match alias {
            "clickpost" => json!({
                "waybill": awb,
                "clickpost_status_code": code(alias, word),
                "timestamp": format!("2026-11-28T10:{minute}:00Z"),
                "additional": { "order_id": order },
            }),
            "shiprocket" => json!({
                "awb": awb,
                "order_id": order,
                "shipment_status_id": code(alias, word),
                "current_status_id": 0,
                "current_timestamp": format!("28 11 2026 10:{minute}:00"),
                "scans": [],
            }),
            "shipway" => json!({ "status_feed": [{
                "order_id": order,
                "awbno": awb,
                "current_status": code(alias, word),
                "status_time": format!("2026-11-28 10:{minute}:00"),
            }]}),
            _ => json!({
                "eventId": format!("{awb}-{word}-{minute}"),
                "eventTime": format!("2026-11-28T10:{minute}:00+05:30"),
                "forwardOrderCode": order.unwrap_or(awb),
                "forwardAwb": awb,
                "notificationType": word,
                "shipmentType": "FORWARD",
                "logisticAggregatorName": "MAGIC",
                "returnOrderInfo": null,
                "items": [],
            }),
        }
    }
}

fn code(alias: &str, word: &str) -> Value {
    let of_each: [Value; ALIASES.len()] = match word {
        "PICKED_UP" => [json!(4), json!(42), json!("INT")],
        "TRANSIT" => [json!(5), json!(18), json!("INT")],
        "OUT_FOR_DELIVERY" => [json!(6), json!(17), json!("OOD")],
        "DELIVERED" => [json!(8), json!(7), json!("DEL")],
        "CANCELLED" => [json!(10), json!(8), json!("CAN")],
        _ => panic!("no aggregator has a code for {word} here"),
    };
    let column = ALIASES.iter().position(|known| *known == alias);
    of_each[column.unwrap()].clone()
}

impl World {
    #[track_caller]
    pub(crate) fn accepted(answer: &Answer) -> String {
        let entry = answer.ok()["notifications"][0].clone();
        assert_eq!(entry["status"], "ACCEPTED", "{entry}");
        entry["notificationId"].as_str().unwrap().to_owned()
    }

    /// Pushes an event, and answers its id.
    pub(crate) async fn scanned(&self, alias: &str, scan: Scan<'_>) -> String {
        Self::accepted(&self.push(alias, &scan.in_dialect(alias)).await)
    }

    pub(crate) async fn awb(&self, alias: &str, order_number: &str) -> String {
        let label = self.label(alias, order_number).await.ok();
        label["awb"].as_str().unwrap().to_owned()
    }

    /// Where a forward shipment is.
    pub(crate) async fn state(&self, order_number: &str) -> Value {
        self.shipment(order_number, "FORWARD").await.ok()["state"].clone()
    }
}
