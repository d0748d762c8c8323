//! What an operator sees if the check of an account fails.

use crate::domain::form::AccountProblem;
use crate::partners::failure::{PartnerFailure, Refusal};

/// Turns a failure into a problem that an operator can fix.
pub fn problem_of(failure: &PartnerFailure) -> AccountProblem {
    match failure {
        PartnerFailure::BadCredentials => AccountProblem::of(
            "credentials",
            "the credentials were refused: enter those that the partner's panel shows",
        ),
        PartnerFailure::LacksRight(right) => AccountProblem::of(
            "credentials",
            format!("the credentials lack the right {right}: give it to them at the partner"),
        ),
        PartnerFailure::NotConfigured(what) => AccountProblem::of(*what, "is missing or invalid"),
        PartnerFailure::NotSent(error) => {
            let why = error
                .cause()
                .map_or_else(|| error.to_string(), |cause| cause.in_words().to_owned());
            AccountProblem::of("urls", format!("the partner cannot be reached: {why}"))
        }
        PartnerFailure::Unreachable | PartnerFailure::OutcomeUnknown => {
            AccountProblem::general("the partner did not answer: it may be down; try again later")
        }
        PartnerFailure::Throttled(_) => {
            AccountProblem::general("the partner limits the rate of calls; try again later")
        }
        PartnerFailure::Unreadable => AccountProblem::of(
            "urls",
            "the response could not be parsed: is this the partner's API?",
        ),
        PartnerFailure::Refused(refusal) => AccountProblem::general(refused(refusal)),
        PartnerFailure::Invalid(violations) => {
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
    fn each_failure_becomes_a_helpful_message() {
        let refusal = Refusal {
            code: Some("320".to_owned()),
            message: Some("service not subscribed".to_owned()),
        };
        for (failure, field, word) in [
            (
                PartnerFailure::BadCredentials,
                Some("credentials"),
                "refused",
            ),
            (
                PartnerFailure::LacksRight("orders".to_owned()),
                Some("credentials"),
                "lack the right orders",
            ),
            (
                PartnerFailure::NotConfigured("baseUrl"),
                Some("baseUrl"),
                "missing",
            ),
            (PartnerFailure::Unreachable, None, "did not answer"),
            (PartnerFailure::Throttled(None), None, "limits the rate"),
            (
                PartnerFailure::Unreadable,
                Some("urls"),
                "could not be parsed",
            ),
            (
                PartnerFailure::Refused(refusal),
                None,
                "320 service not subscribed",
            ),
            (PartnerFailure::invalid("/x", "is wrong"), None, "is wrong"),
        ] {
            let problem = problem_of(&failure);
            assert_eq!(problem.field.as_deref(), field, "{problem:?}");
            assert!(problem.detail.contains(word), "{problem:?}");
        }
    }
}
