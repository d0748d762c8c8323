//! What the record of a shipment keeps of a refusal. An aggregator's texts may repeat what it was sent, so secrets and personal
//! data are taken out of them.

use jiff::Timestamp;
use secrecy::ExposeSecret;

use crate::contract::fields::Violation;
use crate::contract::values::{one_line, shortened};
use crate::domain::address::Address;
use crate::domain::booking_refusal::BookingRefusal;
use crate::domain::personal::Personal;
use crate::domain::redacted::redacted;
use crate::flows::booking::claim_order::OrderRequest;
use crate::flows::failure::{FlowFailure, cause_of_unreached};

/// What is kept of the failure with which a request is answered.
pub(super) fn kept_refusal(
    order: &OrderRequest<'_>,
    failure: &FlowFailure,
    now: Timestamp,
) -> BookingRefusal {
    let data = told(order);
    let keep = |text: String| {
        let line = shortened(one_line(&redacted(&text, &data)));
        Some(line).filter(|line| !line.is_empty())
    };
    BookingRefusal {
        kind: failure.refusal_kind(),
        code: code(failure).and_then(keep),
        detail: detail(failure).and_then(keep),
        at: now.as_millisecond(),
    }
}

/// The secrets and the personal data that the aggregator was told.
fn told<'a>(order: &'a OrderRequest<'_>) -> Vec<&'a str> {
    let credentials = order.chosen.account.credentials.values();
    let addresses = [&order.request.pickup, &order.request.drop];
    let personal = addresses.into_iter().flat_map(Address::personal);
    let personal = personal.map(Personal::expose);
    credentials
        .map(ExposeSecret::expose_secret)
        .chain(personal)
        .collect()
}

/// The aggregator's own code.
fn code(failure: &FlowFailure) -> Option<String> {
    let FlowFailure::Refused(_, refusal) = failure else {
        return None;
    };
    refusal.code.clone()
}

/// What was wrong, if the kind does not say it.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all other failures have no text of their own"
)]
fn detail(failure: &FlowFailure) -> Option<String> {
    match failure {
        FlowFailure::Refused(_, refusal) => refusal.message.clone(),
        FlowFailure::Invalid(violations) => Some(in_words(violations)),
        FlowFailure::NotSupported(detail) => Some((*detail).to_owned()),
        FlowFailure::NotConfigured(what) => Some(format!("the account has no {what}")),
        FlowFailure::AggregatorUnavailable(_, cause) => {
            let unreached = cause.as_ref().and_then(cause_of_unreached);
            unreached.map(|cause| cause.in_words().to_owned())
        }
        _ => None,
    }
}

/// The wrong fields on one line.
fn in_words(violations: &[Violation]) -> String {
    let words = violations.iter();
    let words: Vec<String> = words
        .map(|wrong| format!("{} {}", wrong.pointer, wrong.detail))
        .collect();
    words.join("; ")
}
