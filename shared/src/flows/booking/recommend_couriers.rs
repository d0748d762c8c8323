//! Recommends couriers for a route, best first.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::try_join;

use crate::aggregators::Aggregator;
use crate::aggregators::call::AggregatorCall;
use crate::aggregators::predictions::DatesByCourier;
use crate::contract::courier::AddressedRoute;
use crate::domain::client::Caller;
use crate::domain::courier::{Recommendation, Route, best_first};
use crate::flows::account_standing::noted;
use crate::flows::booking::account::choose;
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::partners::call::Deadline;
use crate::store::booking::sessions::Sessions;
use crate::store::configuring::accounts::Accounts;

/// The aggregator's share of the 25 seconds within which the caller gets a response.
const DEADLINE: Duration = Duration::from_secs(20);

/// Dates of delivery are no reason to wait for a recommendation that is known.
const PATIENCE_FOR_DATES: Duration = Duration::from_secs(2);

/// Asks the account's aggregator, side by side for its couriers and, if that is a call of its own, for their dates of
/// delivery. A failure to recommend is returned at once; without the dates the recommendation is complete.
pub async fn recommend_couriers(
    accounts: &Accounts,
    sessions: &Sessions,
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
    let recommending = recommends.recommend(call, &addressed.route);
    let recommending = noted(sessions, chosen.account.as_partner(), recommending);
    let predicting = predicted(chosen.aggregator, call, &addressed.route);
    let (recommendations, dates) = try_join(recommending, predicting.map(Ok))
        .await
        .map_err(|failure| FlowFailure::of(&chosen.account.aggregator, failure))?;
    Ok(best_first(with_dates(recommendations, &dates)))
}

/// The predicted dates of delivery; none if the aggregator does not predict them, fails, or takes too long. The call itself
/// logs its failure.
async fn predicted(
    aggregator: &dyn Aggregator,
    call: AggregatorCall<'_>,
    route: &Route,
) -> DatesByCourier {
    let Some(predicts) = aggregator.predicts_delivery(call.account) else {
        return DatesByCourier::new();
    };
    let call = call.within(PATIENCE_FOR_DATES);
    predicts.predict(call, route).await.unwrap_or_default()
}

fn with_dates(
    mut recommendations: Vec<Recommendation>,
    dates: &DatesByCourier,
) -> Vec<Recommendation> {
    for recommendation in &mut recommendations {
        if let Some(predicted) = dates.get(&recommendation.courier) {
            recommendation.quote.delivery = Some(*predicted);
        }
    }
    recommendations
}
