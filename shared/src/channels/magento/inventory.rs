//! Sets the stock of articles. Nothing is believed that was not read back: a shop answers 200 for an article that it does not
//! know, or whose stock it does not keep itself.
//!
//! To set the same stock again does no harm, so a call without a clear answer is repeated.

mod by_article;
mod by_source;
mod written;

use std::time::Duration;

use crate::channels::call::ChannelCall;
use crate::domain::selling::stock::{NotSet, WantedStock};
use crate::partners::failure::PartnerFailure;

/// How long a call may take: an answer that does not come must leave time to read back and to repeat the call.
const PATIENCE: Duration = Duration::from_secs(5);

/// The same call, with the deadline of one request to the shop.
fn soon(call: ChannelCall<'_>) -> ChannelCall<'_> {
    let mut soon = call;
    soon.partner.deadline = call.partner.deadline.at_most(PATIENCE);
    soon
}

/// Sets the stock by source, or article by article if the shop has no sources.
pub(super) async fn set(
    call: ChannelCall<'_>,
    items: &[WantedStock],
) -> Result<Vec<Result<(), NotSet>>, PartnerFailure> {
    let outcomes = match by_source::set(call, items).await? {
        Some(outcomes) => outcomes,
        None => by_article::set(call, items).await?,
    };
    if outcomes
        .iter()
        .all(|outcome| *outcome == Err(NotSet::Unclear))
    {
        return Err(PartnerFailure::Unreachable);
    }
    Ok(outcomes)
}
