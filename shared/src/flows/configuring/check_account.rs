//! Checks a logistic account with calls to its aggregator that change nothing, and describes the problems.

use std::time::Duration;

use crate::aggregators;
use crate::aggregators::call::AggregatorCall;
use crate::clock;
use crate::domain::client::Caller;
use crate::domain::code39::is_safe;
use crate::domain::form::AccountProblem;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, ShipmentCode};
use crate::flows::account_standing::checked;
use crate::flows::configuring::save_account::AccountDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::partners::check::problem_of;

/// Less than the gateway's timeout.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The number of an account's newest bookings whose names are looked at.
const NEWEST: i32 = 100;

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
    let checking = checked(
        &dependencies.sessions,
        account.as_partner(),
        adapter.check(call),
    );
    let mut problems = match checking.await {
        Ok(problems) => problems,
        Err(failure) => vec![problem_of(&failure)],
    };
    if adapter.prints_code39() {
        let shipments = &dependencies.shipments;
        let newest = shipments.open(&caller.client_id, alias, NEWEST).await?;
        problems.extend(unsafe_names(&newest.shipments));
    }
    tracing::info!(
        %alias,
        partner = %account.aggregator,
        problems = problems.len(),
        "account checked"
    );
    Ok(problems)
}

/// The newest order number or shipment code that a scan of its bar code may not return. It is reported only: labels are bought.
fn unsafe_names(shipments: &[ShipmentId]) -> Option<AccountProblem> {
    let names = shipments.iter().flat_map(|shipment| {
        let code = shipment.shipment_code.as_ref();
        [
            Some(shipment.order_number.as_str()),
            code.map(ShipmentCode::as_str),
        ]
    });
    let name = names.flatten().find(|name| !is_safe(name))?;
    Some(AccountProblem::general(format!(
        "the aggregator prints order numbers and shipment codes as Code 39 bar codes, which have no small letters and few signs: a scan of {name} may name another order. Use capitals, digits, -, . and blanks"
    )))
}
