//! Checks a logistic account with calls to its aggregator that change nothing, and describes the problems.

use std::time::Duration;

use crate::aggregators;
use crate::aggregators::call::AggregatorCall;
use crate::clock;
use crate::domain::client::Caller;
use crate::domain::form::AccountProblem;
use crate::domain::text::AccountAlias;
use crate::flows::configuring::save_account::AccountDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::partners::check::problem_of;

/// Less than the gateway's timeout.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Checks an account: returns its problems, or none if everything works.
pub async fn check_account(
    dependencies: &AccountDependencies,
    caller: &Caller,
    alias: &AccountAlias,
) -> Result<Vec<AccountProblem>, FlowFailure> {
    let account = dependencies.accounts.read(&caller.client_id, alias).await?;
    let account = account.ok_or(FlowFailure::NotFound("account not found"))?;
    let account = &account.value;
    let adapter = aggregators::find_configured(&account.aggregator).ok_or(
        FlowFailure::NotSupported("the account's aggregator is not supported by this version"),
    )?;
    let call = AggregatorCall::new(
        account,
        &dependencies.outbound,
        &dependencies.sessions,
        Deadline::after(PATIENCE),
        clock::now(),
    );
    let problems = match adapter.check(call).await {
        Ok(problems) => problems,
        Err(failure) => vec![problem_of(&failure)],
    };
    tracing::info!(
        %alias,
        partner = %account.aggregator,
        problems = problems.len(),
        "account checked"
    );
    Ok(problems)
}
