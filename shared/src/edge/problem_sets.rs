//! The problems that routes have in common, as a route's description names them: `responses(…, KeyProblems, BodyProblems)`.
//!
//! A set says which kinds there are and what each means there; the statuses are those of the kinds. What one route alone
//! can be answered stands in its own description, behind the sets: of two for one status the last one is described.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

use crate::edge::problem::ProblemKind;

/// What any call by key can be answered.
#[derive(Debug)]
pub struct KeyProblems;

impl IntoResponses for KeyProblems {
    fn responses() -> Responses {
        described(&[
            (
                ProblemKind::Unauthenticated,
                "The key is missing or unknown",
            ),
            (ProblemKind::Forbidden, "The key lacks the scope"),
            (
                ProblemKind::Throttled,
                "The client calls too often; repeat after Retry-After",
            ),
            (ProblemKind::Internal, "Something is wrong with us"),
            (
                ProblemKind::Unavailable,
                "Our state is out of reach, or the aggregator is unavailable; repeat later",
            ),
        ])
    }
}

/// What any call with a body can be answered.
#[derive(Debug)]
pub struct BodyProblems;

impl IntoResponses for BodyProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::MalformedJson, "The body is not JSON"),
            (ProblemKind::BodyTooLarge, "The body is too large"),
            (
                ProblemKind::UnsupportedMediaType,
                "The body is not sent as JSON",
            ),
            (
                ProblemKind::InvalidRequest,
                "The request is invalid, or refused by the aggregator",
            ),
        ])
    }
}

/// What a call that buys can be answered besides.
#[derive(Debug)]
pub struct PurchaseProblems;

impl IntoResponses for PurchaseProblems {
    fn responses() -> Responses {
        described(&[
            (
                ProblemKind::InProgress,
                "Another request is working on this order",
            ),
            (
                ProblemKind::AggregatorCredentials,
                "The aggregator refused the account's credentials",
            ),
            (
                ProblemKind::OutcomeUnknown,
                "A label may exist; repeat the same request",
            ),
        ])
    }
}

/// What a call that names a booking by its query can be answered besides.
#[derive(Debug)]
pub struct BookingProblems;

impl IntoResponses for BookingProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::InvalidParameter, "A parameter is wrong"),
            (ProblemKind::NotFound, "There is no such order"),
            (
                ProblemKind::InProgress,
                "Another request is working on this order",
            ),
            (
                ProblemKind::InvalidRequest,
                "Several accounts have such an order",
            ),
            (
                ProblemKind::AggregatorUnreadable,
                "The aggregator's answer cannot be read",
            ),
            (
                ProblemKind::OutcomeUnknown,
                "It is unknown whether a label exists",
            ),
        ])
    }
}

/// What a push can be answered, but for the proof that it lacks.
#[derive(Debug)]
pub struct PushProblems;

impl IntoResponses for PushProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::MalformedJson, "The body is not JSON"),
            (ProblemKind::BodyTooLarge, "The body is larger than 256 KiB"),
            (ProblemKind::InvalidRequest, "The push cannot be read"),
            (
                ProblemKind::Unavailable,
                "The push could not be made durable; push it again",
            ),
        ])
    }
}

/// What a call about one thing of the configuration, named in the path, can be answered.
#[derive(Debug)]
pub struct NameProblems;

impl IntoResponses for NameProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::NotFound, "The client has none of this name"),
            (
                ProblemKind::InvalidRequest,
                "The name in the path cannot be one",
            ),
        ])
    }
}

/// What a change under a condition can be answered besides.
#[derive(Debug)]
pub struct ConditionProblems;

impl IntoResponses for ConditionProblems {
    fn responses() -> Responses {
        described(&[
            (
                ProblemKind::InvalidParameter,
                "A parameter or a condition is malformed",
            ),
            (ProblemKind::Stale, "It is not as the condition says"),
        ])
    }
}

/// What a page of a list can be answered besides.
#[derive(Debug)]
pub struct PageProblems;

impl IntoResponses for PageProblems {
    fn responses() -> Responses {
        described(&[(ProblemKind::InvalidParameter, "The cursor is none")])
    }
}

type Responses = BTreeMap<String, RefOr<Response>>;

fn described(problems: &[(ProblemKind, &str)]) -> Responses {
    let response = |(kind, description): &(ProblemKind, &str)| {
        let response = ResponseBuilder::new()
            .description(*description)
            .content(
                "application/problem+json",
                Content::new(Some(Ref::from_schema_name("Problem"))),
            )
            .build();
        (kind.meaning().status.to_string(), response.into())
    };
    problems.iter().map(response).collect()
}
