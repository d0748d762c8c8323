//! Shipper's pushes.

use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::journey::Step;
use crate::shipper::order::{self, Order};
use crate::shipper::statuses::Status;

/// The numbers of the vendor's example; it does not document their tables.
const INTERNAL_ID: u32 = 3;
const EXTERNAL_ID: u32 = 99;

/// What every push to a URL has in `auth`: it proves that the sender knows the key, not that the body is the sender's.
pub(super) fn auth(api_key: &str, url: &str) -> String {
    let digest: [u8; 16] = Md5::digest(format!("{api_key}{url}json")).into();
    format!("{:032x}", u128::from_be_bytes(digest))
}

/// The push of a step. `awb` is missing as long as the order has none.
pub(super) fn of(auth: &str, order: &Order, step: &Step, status: &'static Status) -> Value {
    let mut push = json!({
        "auth": auth,
        "order_id": object_id(order, 0),
        "tracking_id": order.id,
        "order_tracking_id": object_id(order, step.number),
        "external_id": order.request.external_id,
        "status_date": order::in_push(&step.time),
        "internal": status.numbered(order, "id", INTERNAL_ID),
        "external": status.numbered(order, "id", EXTERNAL_ID),
        "internal_status": status.internal().told(order),
        "external_status": status.told(order),
    });
    if let (Value::Object(fields), Some(awb)) = (&mut push, &order.awb) {
        fields.insert("awb".to_owned(), json!(awb));
    }
    push
}

/// An id of the vendor's database, which its API does not know.
fn object_id(order: &Order, part: usize) -> String {
    format!("{:016x}{part:08x}", order.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_is_the_digest_of_key_url_and_format() {
        // Computed with md5sum.
        let expected = "a9376f9d5b5588fb8be0a189412eb9d6";
        assert_eq!(auth("k3y", "https://rms.example/push"), expected);
    }
}
