//! The label of a shipment: a PDF in base64, if the shop has one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::channels::call::ChannelCall;
use crate::channels::magento::call::{get, reads};
use crate::channels::magento::read::{is_absent, text};
use crate::channels::magento::session::ask;
use crate::channels::magento::ship::shipment_number;
use crate::domain::selling::document::ChannelDocumentId;
use crate::outbound::client::Reply;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

/// What Lambda can return is smaller than 6 MB, in base64 too.
const READ: Operation = Operation {
    most_bytes: 5 * 1024 * 1024,
    ..reads("read_label")
};
/// How a PDF begins.
const PDF: &[u8] = b"%PDF-";

/// Reads a label; `None` if the shipment has none, or the shop has no such shipment.
pub(super) async fn read(
    call: ChannelCall<'_>,
    id: &ChannelDocumentId,
) -> Result<Option<Vec<u8>>, PartnerFailure> {
    let Some(number) = shipment_number(id) else {
        return Ok(None);
    };
    let request = get(call.account, &["shipment", &number, "label"], &[])?;
    let answer = ask(call, READ, request).await?;
    answer.read(|reply| {
        if is_absent(reply) {
            return Ok(None);
        }
        document(reply)
    })
}

fn document(reply: &Reply) -> Result<Option<Vec<u8>>, PartnerFailure> {
    let label: Option<String> =
        serde_json::from_str(text(reply)?).map_err(|_| PartnerFailure::Unreadable)?;
    let mut label = label.unwrap_or_default();
    label.retain(|character| !character.is_whitespace());
    if label.is_empty() {
        return Ok(None);
    }
    let pdf = STANDARD.decode(label).ok();
    let pdf = pdf.filter(|bytes| bytes.starts_with(PDF));
    pdf.ok_or(PartnerFailure::Unreadable).map(Some)
}
