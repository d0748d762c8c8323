//! Acknowledges an order: a comment that sets its status.
//!
//! A comment without a status would lose the order's status (#34180), so it is always sent. Shops accept any status (#32968) and
//! some set none (#38723), so the order is read back.

use serde_json::json;

use crate::channels::call::ChannelCall;
use crate::channels::magento::account::acknowledged_status;
use crate::channels::magento::call::{changes, post};
use crate::channels::magento::documents::{number_of, yes_or_no};
use crate::channels::magento::session::ask;
use crate::domain::text::ChannelOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const ACKNOWLEDGE: Operation = changes("acknowledge");

/// What the shop's people read in the order's history.
const COMMENT: &str = "The order was received for fulfilment.";

/// Sends the comment.
pub(super) async fn acknowledge(
    call: ChannelCall<'_>,
    order: &ChannelOrderId,
) -> Result<(), PartnerFailure> {
    let id = number_of(order)?;
    let body = json!({
        "statusHistory": {
            "comment": COMMENT,
            "is_customer_notified": 0,
            "is_visible_on_front": 0,
            "parent_id": id,
            "status": acknowledged_status(call.account),
        }
    });
    let path = ["orders", &id.to_string(), "comments"];
    let request = post(call.account, &path, &body)?;
    let answer = ask(call, ACKNOWLEDGE, request).await?;
    answer.read(|reply| yes_or_no(reply, ACKNOWLEDGE))
}
