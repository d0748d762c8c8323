//! Why a run ended early, for the log and in words for the account.

use std::time::Duration;

use crate::flows::messaging::publish_message::PublishFailure;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::store::failure::StoreFailure;

/// The longest message of a channel that is shown.
const LONGEST_MESSAGE: usize = 300;

/// Why the work on an account ended early. The next run continues it.
#[derive(Debug, thiserror::Error)]
pub(super) enum OrderPollFailure {
    #[error("the orders were not read")]
    Channel(#[from] PartnerFailure),
    #[error("storage failed")]
    Store(#[from] StoreFailure),
    #[error("a change was not told")]
    Publish(#[from] PublishFailure),
}

/// The channel's failure, for the client.
pub(super) fn words(failure: &PartnerFailure) -> String {
    match failure {
        PartnerFailure::NotSent(_) => {
            "no connection to the channel: check its URL and its certificate, and whether it is online".to_owned()
        }
        PartnerFailure::NotConfigured(what) => format!("the account has no {what}"),
        PartnerFailure::Invalid(_) => "the channel does not support the request".to_owned(),
        PartnerFailure::Unreachable | PartnerFailure::OutcomeUnknown => {
            "the channel did not answer, or answered that it failed".to_owned()
        }
        PartnerFailure::Throttled(_) => "the channel limits the rate of calls".to_owned(),
        PartnerFailure::Refused(refusal) => refused(refusal),
        PartnerFailure::BadCredentials => {
            "the channel refused the credentials: POST /channel-accounts/{alias}/check says why".to_owned()
        }
        PartnerFailure::LacksRight(right) => format!("the credentials lack the right {right}"),
        PartnerFailure::Unreadable => {
            "the channel's answer cannot be read: it may be a maintenance page, or too large".to_owned()
        }
    }
}

fn refused(refusal: &Refusal) -> String {
    let said = refusal.message.as_ref().or(refusal.code.as_ref());
    let said = said.map_or("without a reason", String::as_str);
    let said: String = said.chars().take(LONGEST_MESSAGE).collect();
    format!("the channel refused: {said}")
}

/// How long the channel asks to be left alone.
pub(super) fn asked_wait(failure: &PartnerFailure) -> Option<Duration> {
    match failure {
        PartnerFailure::Throttled(wait) => *wait,
        PartnerFailure::NotSent(_)
        | PartnerFailure::NotConfigured(_)
        | PartnerFailure::Invalid(_)
        | PartnerFailure::Unreachable
        | PartnerFailure::OutcomeUnknown
        | PartnerFailure::Refused(_)
        | PartnerFailure::BadCredentials
        | PartnerFailure::LacksRight(_)
        | PartnerFailure::Unreadable => None,
    }
}
