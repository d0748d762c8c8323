//! Asks what a shipment costs, in the terms of the aggregator that says it.

use std::time::Duration;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::pricing::ToldPrices;
use crate::contract::pricing::AddressedQuestion;
use crate::domain::client::Caller;
use crate::flows::account_standing::noted;
use crate::flows::booking::account::choose_fitting;
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::partners::call::Deadline;
use crate::store::booking::sessions::Sessions;
use crate::store::configuring::accounts::Accounts;

/// The aggregator's share of the 25 seconds within which the caller gets a response.
const DEADLINE: Duration = Duration::from_secs(20);
const WITHOUT_PRICES: &str =
    "none of the client's logistic accounts is at an aggregator that tells prices";

/// Asks the client's account that has prices: one call.
pub async fn price_shipment(
    accounts: &Accounts,
    sessions: &Sessions,
    outbound: &Outbound,
    caller: &Caller,
    asked: &AddressedQuestion,
) -> Result<ToldPrices, FlowFailure> {
    let alias = asked.alias.as_ref();
    let chosen = choose_fitting(
        accounts,
        &caller.client_id,
        alias,
        |chosen| {
            chosen
                .aggregator
                .prices_shipments(&chosen.account)
                .is_some()
        },
        WITHOUT_PRICES,
    )
    .await?;
    let prices = chosen
        .aggregator
        .prices_shipments(&chosen.account)
        .ok_or(FlowFailure::NotSupported(WITHOUT_PRICES))?;
    let call = AggregatorCall::new(
        &chosen.account,
        outbound,
        sessions,
        Deadline::after(DEADLINE),
        crate::clock::now(),
    );
    let pricing = prices.prices(call, &asked.question);
    let told = noted(sessions, chosen.account.as_partner(), pricing).await;
    told.map_err(|failure| FlowFailure::of(&chosen.account.aggregator, failure))
}
