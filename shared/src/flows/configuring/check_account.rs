//! Tries a logistic account at its aggregator by calls that change nothing, and says in words what is wrong.

use std::time::Duration;

use crate::aggregators;
use crate::clock;
use crate::domain::client::Caller;
use crate::domain::form::AccountProblem;
use crate::domain::text::AccountAlias;
use crate::flows::configuring::save_account::AccountDependencies;
use crate::flows::failure::FlowFailure;
use crate::partners::call::{Call, Deadline};
use crate::partners::failure::{Failure, Refusal};

/// Less than the gateway waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tries an account: what is wrong with it, nothing if all is well.
pub async fn check_account(
    dependencies: &AccountDependencies,
    caller: &Caller,
    alias: &AccountAlias,
) -> Result<Vec<AccountProblem>, FlowFailure> {
    let account = dependencies.accounts.read(&caller.client_id, alias).await?;
    let account = account.ok_or(FlowFailure::NotFound("there is no such account"))?;
    let account = &account.value;
    let adapter = aggregators::find_configured(&account.aggregator).ok_or(
        FlowFailure::NotSupported("the account's aggregator is not known to this version"),
    )?;
    let call = Call {
        account,
        outbound: &dependencies.outbound,
        sessions: &dependencies.sessions,
        deadline: Deadline::after(PATIENCE),
        now: clock::now(),
    };
    let problems = match adapter.check(call).await {
        Ok(problems) => problems,
        Err(failure) => vec![problem_of(&failure)],
    };
    tracing::info!(
        client_id = %caller.client_id,
        %alias,
        aggregator = %account.aggregator,
        problems = problems.len(),
        "an account was checked"
    );
    Ok(problems)
}

/// A failure as something that an operator can mend.
fn problem_of(failure: &Failure) -> AccountProblem {
    match failure {
        Failure::BadCredentials => AccountProblem::of(
            "credentials",
            "the aggregator refuses the credentials: enter those that its panel shows",
        ),
        Failure::NotConfigured(what) => {
            AccountProblem::of(*what, "is missing, or cannot be what it must be")
        }
        Failure::NotSent(error) => {
            AccountProblem::of("urls", format!("the aggregator cannot be reached: {error}"))
        }
        Failure::Unreachable | Failure::OutcomeUnknown => AccountProblem::general(
            "the aggregator gave no answer: it may be down; try again later",
        ),
        Failure::Throttled(_) => AccountProblem::general(
            "the aggregator answers nothing at the moment, because it was asked too much; try again later",
        ),
        Failure::Unreadable => AccountProblem::of(
            "urls",
            "what answers there does not speak as the aggregator does",
        ),
        Failure::Refused(refusal) => AccountProblem::general(refused(refusal)),
        Failure::Invalid(violations) => {
            let details: Vec<_> = violations
                .iter()
                .map(|wrong| wrong.detail.as_str())
                .collect();
            AccountProblem::general(details.join("; "))
        }
    }
}

fn refused(refusal: &Refusal) -> String {
    let said = [refusal.code.as_deref(), refusal.message.as_deref()];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    format!("the aggregator refuses: {}", said.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_is_said_in_words_that_lead_somewhere() {
        let refusal = Refusal {
            code: Some("320".to_owned()),
            message: Some("service not subscribed".to_owned()),
        };
        for (failure, field, word) in [
            (Failure::BadCredentials, Some("credentials"), "refuses"),
            (
                Failure::NotConfigured("baseUrl"),
                Some("baseUrl"),
                "missing",
            ),
            (Failure::Unreachable, None, "no answer"),
            (Failure::Throttled(None), None, "too much"),
            (Failure::Unreadable, Some("urls"), "does not speak"),
            (
                Failure::Refused(refusal),
                None,
                "320 service not subscribed",
            ),
            (Failure::invalid("/x", "is wrong"), None, "is wrong"),
        ] {
            let problem = problem_of(&failure);
            assert_eq!(problem.field.as_deref(), field, "{problem:?}");
            assert!(problem.detail.contains(word), "{problem:?}");
        }
    }
}
