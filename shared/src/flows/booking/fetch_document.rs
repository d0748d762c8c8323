//! Downloads a label document from the aggregator.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use url::Url;

use crate::flows::failure::FlowFailure;
use crate::outbound::client::{Limits, Outbound, OutboundRequest, SendError};
use crate::outbound::target::ForbiddenTarget;

/// A larger document, as base64 in JSON, would exceed the 6 MB limit of Lambda responses.
const LIMITS: Limits = Limits {
    total: Duration::from_secs(20),
    most_bytes: 4 * 1024 * 1024,
};

/// A label document.
#[derive(Debug)]
pub enum Document {
    /// The PDF itself.
    Pdf(Vec<u8>),
    /// It is too large to return: the caller may download it from this URL.
    At(Url),
}

/// Downloads the document at a label's URL.
pub async fn fetch_document(outbound: &Outbound, url: &Url) -> Result<Document, FlowFailure> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/pdf"));
    let request = OutboundRequest {
        method: Method::GET,
        url: url.clone(),
        headers,
        body: None,
    };
    let sent = outbound.send(request, LIMITS).await;
    let reply = sent.map_err(|error| match error {
        SendError::Forbidden(ForbiddenTarget::UserInfo) => {
            FlowFailure::DocumentUnreachable("the URL needs a login".into())
        }
        SendError::Forbidden(why) => FlowFailure::DocumentUnreachable(why.into()),
        SendError::NotSent(_) | SendError::Unanswered(_) => {
            FlowFailure::DocumentUnavailable(error.into())
        }
    })?;
    let (status, bytes) = (reply.status, reply.body.len());
    match status {
        200..=299 => {}
        300..=399 => return Err(FlowFailure::DocumentUnreachable("the URL redirects".into())),
        _ => {
            let cause = format!("the label document's URL answered with status {status}");
            return Err(FlowFailure::DocumentUnavailable(cause.into()));
        }
    }
    match (reply.body.starts_with(b"%PDF-"), reply.truncated) {
        (false, _) => {
            let cause = format!("the label document of {bytes} bytes is not a PDF");
            Err(FlowFailure::AggregatorUnreadable(Some(cause.into())))
        }
        (true, true) => Ok(Document::At(url.clone())),
        (true, false) => Ok(Document::Pdf(reply.body)),
    }
}
