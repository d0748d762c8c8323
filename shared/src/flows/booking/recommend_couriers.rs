//! Recommends couriers for a route, best first.

use std::time::Duration;

use crate::aggregators::call::AggregatorCall;
use crate::contract::courier::AddressedRoute;
use crate::domain::client::Caller;
use crate::domain::courier::{Recommendation, best_first};
use crate::flows::booking::account::choose;
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::partners::call::Deadline;
use crate::partners::session::KeepsSessions;
use crate::store::configuring::accounts::Accounts;

/// The aggregator's share of the 25 seconds within which the caller gets a response.
const DEADLINE: Duration = Duration::from_secs(20);

/// Asks the account's aggregator.
pub async fn recommend_couriers(
    accounts: &Accounts,
    sessions: &dyn KeepsSessions,
    outbound: &Outbound,
    caller: &Caller,
    addressed: &AddressedRoute,
) -> Result<Vec<Recommendation>, FlowFailure> {
    let chosen = choose(accounts, &caller.client_id, addressed.alias.as_ref()).await?;
    let recommends = chosen
        .aggregator
        .recommends_couriers(&chosen.account)
        .ok_or(FlowFailure::NotSupported(
            "this account's aggregator does not recommend couriers",
        ))?;
    let call = AggregatorCall::new(
        &chosen.account,
        outbound,
        sessions,
        Deadline::after(DEADLINE),
        crate::clock::now(),
    );
    let recommendations = recommends
        .recommend(call, &addressed.route)
        .await
        .map_err(|failure| FlowFailure::of(&chosen.account.aggregator, failure))?;
    Ok(best_first(recommendations))
}
