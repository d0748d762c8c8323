//! What an operator is told when an account is tried and the try itself fails.

use crate::domain::form::AccountProblem;
use crate::partners::failure::{Failure, Refusal};

/// A failure as something that an operator can correct.
pub fn problem_of(failure: &Failure) -> AccountProblem {
    match failure {
        Failure::BadCredentials => AccountProblem::of(
            "credentials",
            "the credentials were refused: enter those that the partner's panel shows",
        ),
        Failure::NotConfigured(what) => AccountProblem::of(*what, "is missing or invalid"),
        Failure::NotSent(error) => {
            AccountProblem::of("urls", format!("the partner cannot be reached: {error}"))
        }
        Failure::Unreachable | Failure::OutcomeUnknown => {
            AccountProblem::general("the partner did not answer: it may be down; try again later")
        }
        Failure::Throttled(_) => {
            AccountProblem::general("the partner limits the rate of calls; try again later")
        }
        Failure::Unreadable => AccountProblem::of(
            "urls",
            "the response could not be parsed: is this the partner's API?",
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
    format!("the partner refused: {}", said.join(" "))
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
            (Failure::BadCredentials, Some("credentials"), "refused"),
            (
                Failure::NotConfigured("baseUrl"),
                Some("baseUrl"),
                "missing",
            ),
            (Failure::Unreachable, None, "did not answer"),
            (Failure::Throttled(None), None, "limits the rate"),
            (Failure::Unreadable, Some("urls"), "could not be parsed"),
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
