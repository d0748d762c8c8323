//! The problems that routes have in common, as a route's description names them: `responses(…, KeyProblems, BodyProblems)`.
//!
//! A set says which kinds there are and what each means there; the statuses are those of the kinds. What one route alone
//! can be answered stands in its own description, behind the sets: of two for one status the last one is described.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

use crate::edge::problem::Kind;

/// What any call by key can be answered.
#[derive(Debug)]
pub struct KeyProblems;

impl IntoResponses for KeyProblems {
    fn responses() -> Responses {
        described(&[
            (Kind::Unauthenticated, "The key is missing or unknown"),
            (Kind::Forbidden, "The key lacks the scope"),
            (
                Kind::Throttled,
                "The client calls too often; repeat after Retry-After",
            ),
            (Kind::Internal, "Something is wrong with us"),
            (
                Kind::Unavailable,
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
            (Kind::MalformedJson, "The body is not JSON"),
            (Kind::BodyTooLarge, "The body is too large"),
            (Kind::UnsupportedMediaType, "The body is not sent as JSON"),
            (
                Kind::InvalidRequest,
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
            (Kind::InProgress, "Another request is working on this order"),
            (
                Kind::AggregatorCredentials,
                "The aggregator refused the account's credentials",
            ),
            (
                Kind::OutcomeUnknown,
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
            (Kind::InvalidParameter, "A parameter is wrong"),
            (Kind::NotFound, "There is no such order"),
            (Kind::InProgress, "Another request is working on this order"),
            (Kind::InvalidRequest, "Several accounts have such an order"),
            (
                Kind::AggregatorUnreadable,
                "The aggregator's answer cannot be read",
            ),
            (Kind::OutcomeUnknown, "It is unknown whether a label exists"),
        ])
    }
}

/// What a push can be answered, but for the proof that it lacks.
#[derive(Debug)]
pub struct PushProblems;

impl IntoResponses for PushProblems {
    fn responses() -> Responses {
        described(&[
            (Kind::MalformedJson, "The body is not JSON"),
            (Kind::BodyTooLarge, "The body is larger than 256 KiB"),
            (Kind::InvalidRequest, "The push cannot be read"),
            (
                Kind::Unavailable,
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
            (Kind::NotFound, "The client has none of this name"),
            (Kind::InvalidRequest, "The name in the path cannot be one"),
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
                Kind::InvalidParameter,
                "A parameter or a condition is malformed",
            ),
            (Kind::Stale, "It is not as the condition says"),
        ])
    }
}

/// What a page of a list can be answered besides.
#[derive(Debug)]
pub struct PageProblems;

impl IntoResponses for PageProblems {
    fn responses() -> Responses {
        described(&[(Kind::InvalidParameter, "The cursor is none")])
    }
}

type Responses = BTreeMap<String, RefOr<Response>>;

fn described(problems: &[(Kind, &str)]) -> Responses {
    let response = |(kind, description): &(Kind, &str)| {
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
