//! `POST order/label`: the URL of a file with labels or receipts.

use serde_json::{Value, json};

use crate::calls::VendorRequest;
use crate::shipper::Shipper;
use crate::shipper::envelope::Answer;
use crate::shipper::fields::Reader;
use crate::shipper::order::Order;
use crate::shipper::refusal::Refusal;

/// The file of several orders is that of the first one.
pub(super) fn label(shipper: &Shipper, request: &VendorRequest) -> Result<Answer, Refusal> {
    let body = request.body();
    let mut reader = Reader::of(&body);
    let kind = reader.one_of("type", &["LBL", "RCP"]);
    reader.finish()?;
    let book = shipper.book();
    let ids = body.get("id").and_then(Value::as_array);
    let orders: Option<Vec<&Order>> = ids.and_then(|ids| {
        let orders = ids.iter().map(|id| book.by_id(id.as_str()?));
        orders.collect()
    });
    let awbs: Option<Vec<&str>> = orders.and_then(|orders| {
        let awbs = orders.iter().map(|order| order.awb.as_deref());
        awbs.collect()
    });
    let awbs = awbs.unwrap_or_default();
    let first = awbs
        .first()
        .ok_or_else(|| Refusal::invalid("id must be a list of orders that have an AWB"))?;
    Ok(Answer::created(json!({
        "total_pages": awbs.len(),
        "url": shipper.label_url(first),
        "type": kind,
    })))
}
