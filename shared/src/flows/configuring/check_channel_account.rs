//! Checks a channel account: its settings, and with calls that change nothing whether the channel accepts it.

use crate::channels;
use crate::channels::call::ChannelCall;
use crate::clock;
use crate::domain::client::Caller;
use crate::domain::draft::WrongField;
use crate::domain::form::AccountProblem;
use crate::domain::text::AccountAlias;
use crate::flows::account_standing::checked;
use crate::flows::configuring::check_account::PATIENCE;
use crate::flows::configuring::save_channel_account::ChannelAccountDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::call::Deadline;
use crate::partners::check::problem_of;

/// Checks a channel account: returns its problems, or none if everything works.
pub async fn check_channel_account(
    dependencies: &ChannelAccountDependencies,
    caller: &Caller,
    alias: &AccountAlias,
) -> Result<Vec<AccountProblem>, FlowFailure> {
    let account = dependencies.accounts.read(&caller.client_id, alias).await?;
    let account = account.ok_or(FlowFailure::NotFound("account not found"))?;
    let account = &account.value;
    let adapter = channels::find_configured(&account.channel).ok_or(FlowFailure::NotSupported(
        "the account's channel is not supported by this version",
    ))?;
    let call = ChannelCall::new(
        account,
        &dependencies.outbound,
        &dependencies.sessions,
        Deadline::after(PATIENCE),
        clock::now(),
    );
    let wrong = adapter.wrong_fields(account).into_iter();
    let mut problems: Vec<AccountProblem> = wrong.map(problem).collect();
    let checking = checked(
        &dependencies.sessions,
        account.as_partner(),
        adapter.check(call),
    );
    match checking.await {
        Ok(found) => problems.extend(found),
        Err(failure) => problems.push(problem_of(&failure)),
    }
    tracing::info!(
        %alias,
        partner = %account.channel,
        problems = problems.len(),
        "account checked"
    );
    Ok(problems)
}

fn problem(wrong: WrongField) -> AccountProblem {
    AccountProblem::of(wrong.field.replace('/', "."), wrong.detail)
}
