//! Tracking by polling.

use serde_json::{Map, Value, json};

use crate::clickpost::answer::{Answer, ok};
use crate::clickpost::book::Book;
use crate::clickpost::notification::{NDR_CODE, NDR_DESCRIPTION};
use crate::clickpost::order::Order;
use crate::clickpost::parameters::Parameters;
use crate::clickpost::refusal::{BAD_REQUEST, Refusal};
use crate::clickpost::scan::Scan;
use crate::clickpost::status::{self, Status};

/// Maximum number of AWBs of one courier per request.
const AT_ONCE: usize = 5;

/// Answers with the known shipments, or with null if none is known.
pub(super) fn track(book: &Book, parameters: &Parameters) -> Result<Answer, Refusal> {
    let [waybills, cp_id] = parameters.all(["waybill", "cp_id"])?;
    let waybills: Vec<&str> = waybills.split(',').map(str::trim).collect();
    if waybills.len() > AT_ONCE {
        let message = format!("at most {AT_ONCE} waybills at once");
        return Err(Refusal::of(BAD_REQUEST, message));
    }
    let known: Map<String, Value> = waybills
        .into_iter()
        .filter_map(|waybill| Some((waybill.to_owned(), book.by_waybill(waybill)?)))
        .filter(|(_, order)| order.request.courier.cp_id.to_string() == cp_id)
        .map(|(waybill, order)| (waybill, shipment(&order)))
        .collect();
    Ok(ok(json!({
        "meta": { "status": 200, "success": true, "message": "SUCCESS" },
        "result": (!known.is_empty()).then_some(known),
    })))
}

fn shipment(order: &Order) -> Value {
    let mut scans: Vec<Value> = (1..)
        .zip(&order.scans)
        .map(|(number, scan)| numbered(order, number, scan))
        .collect();
    scans.reverse();
    json!({
        "latest_status": order.scans.last().map(described),
        "scans": scans,
        "valid": true,
        "additional": additional(order),
    })
}

fn numbered(order: &Order, number: u64, scan: &Scan) -> Value {
    let mut described = described(scan);
    described.extend([
        (
            "checkpoint_id".to_owned(),
            json!(order.tracking_id * 100 + number),
        ),
        ("tracking_id".to_owned(), json!(order.tracking_id)),
    ]);
    Value::Object(described)
}

fn described(scan: &Scan) -> Map<String, Value> {
    let Status {
        code,
        description,
        bucket,
        word,
        remark,
        ..
    } = status::of(scan.state);
    let (bucket, bucket_description) = bucket.unzip();
    [
        ("timestamp", json!(scan.polled_time())),
        ("location", json!("")),
        ("remark", json!(remark)),
        ("status", json!(word)),
        ("clickpost_status_code", json!(code)),
        ("clickpost_status_description", json!(description)),
        ("clickpost_status_bucket", json!(bucket)),
        (
            "clickpost_status_bucket_description",
            json!(bucket_description),
        ),
        ("created_at", json!(scan.created_at())),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect()
}

fn additional(order: &Order) -> Value {
    let fields = &order.request.fields;
    let skus: Vec<&str> = fields.items.iter().map(|item| item.sku.as_str()).collect();
    let ndr = order
        .has_been("FAILED_DELIVERY")
        .then(|| json!({ "ndr_bucket_code": NDR_CODE, "ndr_description": NDR_DESCRIPTION }));
    json!({
        "is_stuck": false,
        "order_id": fields.order_id,
        "sku": skus,
        "edd": { "max_sla": 3, "min_sla": 2, "exact_sla": null },
        "invoice_number": fields.invoice_number,
        "pickup_city": fields.pickup_city,
        "drop_city": fields.drop_city,
        "cod_value": fields.cod_value,
        "currency_code": fields.currency_code,
        "courier_partner_edd": null,
        "channel_name": fields.channel_name,
        "qc_images": [],
        "ndr": ndr,
        "courier_partner_id": order.request.courier.cp_id,
        "courier_partner_name": order.request.courier.name,
    })
}
