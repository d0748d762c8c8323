//! Refusals of Clickpost: a code in the body, whatever the HTTP status is. Messages are passed on, but not interpreted.

use crate::aggregators::clickpost::wire::answer::ClickpostAnswer;
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::transport::{CallEffect, Operation};

/// Success.
pub(super) const DONE: i64 = 200;
/// The maximum length of a message that is passed on.
const LONGEST_MESSAGE: usize = 500;
/// Invalid token or API key.
const BAD_KEY: i64 = 301;
/// The account does not have the service.
pub(super) const NOT_SUBSCRIBED: i64 = 320;
/// The AWB is already registered: an order exists.
const REGISTERED: i64 = 303;
/// The courier's server failed, the courier did not respond, or Clickpost itself failed.
const FAULTS: [i64; 3] = [322, 329, 500];

/// Accepts responses with one of the `accepted` codes; every other code is a failure.
pub(super) fn accept(
    reply: &Reply,
    accepted: &[i64],
    operation: Operation,
) -> Result<ClickpostAnswer, PartnerFailure> {
    let answer = ClickpostAnswer::of(reply).ok_or(operation.unclear())?;
    let status = answer.status().ok_or(operation.unclear())?;
    if accepted.contains(&status) {
        return Ok(answer);
    }
    Err(match (status, operation.effect) {
        (BAD_KEY, _) => PartnerFailure::BadCredentials,
        (REGISTERED, CallEffect::Creates) => PartnerFailure::OutcomeUnknown,
        (fault, CallEffect::Creates) if FAULTS.contains(&fault) => PartnerFailure::OutcomeUnknown,
        (fault, CallEffect::Reads) if FAULTS.contains(&fault) => PartnerFailure::Unreachable,
        (code, _) => PartnerFailure::Refused(Refusal {
            code: Some(code.to_string()),
            message: answer
                .message()
                .map(|text| text.chars().take(LONGEST_MESSAGE).collect()),
        }),
    })
}
