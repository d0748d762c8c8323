//! The problems that routes share, for use in a route's description: `responses(…, KeyProblems, BodyProblems)`.
//!
//! A set lists kinds and their meaning in this context; the kinds define the statuses. Problems of a single route are
//! listed in its own description, after the sets: if a status occurs twice, the last one applies. A route below `/v3/` lists
//! each set as [`Enveloped`].

use std::collections::BTreeMap;
use std::marker::PhantomData;

use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, Response, ResponseBuilder};

use crate::edge::problem::kind::ProblemKind;

/// Problems of any call with an API key.
#[derive(Debug)]
pub struct KeyProblems;

impl IntoResponses for KeyProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::Unauthenticated, "Missing or invalid API key"),
            (ProblemKind::Forbidden, "The API key lacks the scope"),
            (
                ProblemKind::Throttled,
                "Too many requests; retry after Retry-After",
            ),
            (ProblemKind::Internal, "Internal error"),
            (
                ProblemKind::Unavailable,
                "Storage or the aggregator is temporarily unavailable; retry after Retry-After",
            ),
        ])
    }
}

/// Problems of any call with a body.
#[derive(Debug)]
pub struct BodyProblems;

impl IntoResponses for BodyProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::MalformedJson, "The body is not valid JSON"),
            (ProblemKind::BodyTooLarge, "The body is too large"),
            (
                ProblemKind::UnsupportedMediaType,
                "Unsupported media type: the body must be sent as JSON",
            ),
            (
                ProblemKind::InvalidRequest,
                "Invalid request, or refused by the aggregator",
            ),
        ])
    }
}

/// Additional problems of a call that buys.
#[derive(Debug)]
pub struct PurchaseProblems;

impl IntoResponses for PurchaseProblems {
    fn responses() -> Responses {
        described(&[
            (
                ProblemKind::InProgress,
                "Another request is processing this order",
            ),
            (
                ProblemKind::AggregatorCredentials,
                "The aggregator refused the account's credentials",
            ),
            (
                ProblemKind::OutcomeUnknown,
                "A label may exist; repeat the same request. If the detail names two orders, an operator settles it",
            ),
        ])
    }
}

/// Additional problems of a call that changes an order in a sales channel; to be listed after [`ChannelProblems`].
#[derive(Debug)]
pub struct ChannelChangeProblems;

impl IntoResponses for ChannelChangeProblems {
    fn responses() -> Responses {
        described(&[
            (
                ProblemKind::NotFound,
                "The channel account or the order was not found",
            ),
            (
                ProblemKind::InProgress,
                "Another request is changing this order; retry after Retry-After",
            ),
            (
                ProblemKind::OutcomeUnknown,
                "The channel gave no clear answer, so it may have done it; repeat the same request to find out",
            ),
        ])
    }
}

/// Additional problems of a call that names a booking in its query.
#[derive(Debug)]
pub struct BookingProblems;

impl IntoResponses for BookingProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::InvalidParameter, "Invalid query parameter"),
            (ProblemKind::NotFound, "Order not found"),
            (
                ProblemKind::InProgress,
                "Another request is processing this order",
            ),
            (
                ProblemKind::InvalidRequest,
                "Several accounts have an order with this id",
            ),
            (
                ProblemKind::AggregatorUnreadable,
                "The aggregator's response could not be parsed",
            ),
            (
                ProblemKind::OutcomeUnknown,
                "The outcome is unknown: a label may exist, or the aggregator gave the order the AWB of another one",
            ),
        ])
    }
}

/// Problems of a call to a sales channel.
#[derive(Debug)]
pub struct ChannelProblems;

impl IntoResponses for ChannelProblems {
    fn responses() -> Responses {
        described(&[
            (
                ProblemKind::RefusedByChannel,
                "Refused by the channel, not supported by it, or the account is disabled",
            ),
            (
                ProblemKind::ChannelCredentials,
                "The channel refused the account's credentials, they lack a right, or its response could not be parsed",
            ),
            (
                ProblemKind::ChannelUnavailable,
                "Storage or the channel is temporarily unavailable; retry after Retry-After",
            ),
        ])
    }
}

/// Problems of a push, except those of its proof.
#[derive(Debug)]
pub struct PushProblems;

impl IntoResponses for PushProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::MalformedJson, "The body is not valid JSON"),
            (ProblemKind::BodyTooLarge, "The body is larger than 256 KiB"),
            (ProblemKind::InvalidRequest, "Invalid push"),
            (ProblemKind::Internal, "Internal error"),
            (
                ProblemKind::Unavailable,
                "The push was not stored; push it again",
            ),
        ])
    }
}

/// Problems of a channel's webhook.
#[derive(Debug)]
pub struct HookProblems;

impl IntoResponses for HookProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::MalformedJson, "The body is not a JSON object"),
            (
                ProblemKind::Unauthenticated,
                "Invalid token or signature, or a webhook of another shop",
            ),
            (ProblemKind::BodyTooLarge, "The body is larger than 1 MiB"),
            (
                ProblemKind::InvalidRequest,
                "The object has no id, or an invalid one",
            ),
            (ProblemKind::Internal, "Internal error"),
            (
                ProblemKind::Unavailable,
                "The webhook was not received completely; send it again",
            ),
        ])
    }
}

/// Problems of a call for a configured object that is named in the path.
#[derive(Debug)]
pub struct NameProblems;

impl IntoResponses for NameProblems {
    fn responses() -> Responses {
        described(&[
            (ProblemKind::NotFound, "Not found"),
            (ProblemKind::InvalidRequest, "Invalid name in the path"),
        ])
    }
}

/// Additional problems of a conditional change without a body.
#[derive(Debug)]
pub struct ConditionProblems;

impl IntoResponses for ConditionProblems {
    fn responses() -> Responses {
        described(&[
            (
                ProblemKind::InvalidParameter,
                "Invalid query parameter, or malformed If-Match or If-None-Match",
            ),
            (
                ProblemKind::Stale,
                "If-Match does not match the current version",
            ),
        ])
    }
}

/// Additional problems of a conditional change with a body; to be listed after [`BodyProblems`].
#[derive(Debug)]
pub struct ConditionalBodyProblems;

impl IntoResponses for ConditionalBodyProblems {
    fn responses() -> Responses {
        let mut problems = ConditionProblems::responses();
        problems.extend(described(&[(
            ProblemKind::InvalidParameter,
            "The body is not valid JSON, or malformed If-Match or If-None-Match",
        )]));
        problems
    }
}

/// Additional problems of a page of a list.
#[derive(Debug)]
pub struct PageProblems;

impl IntoResponses for PageProblems {
    fn responses() -> Responses {
        described(&[(ProblemKind::InvalidParameter, "Invalid cursor")])
    }
}

/// The problems of a set, for a route below `/v3/`: they have its envelope.
#[derive(Debug)]
pub struct Enveloped<T>(PhantomData<T>);

impl<T: IntoResponses> IntoResponses for Enveloped<T> {
    fn responses() -> Responses {
        let mut responses = T::responses();
        for response in responses.values_mut() {
            if let RefOr::T(response) = response {
                let schema = Ref::from_schema_name("FailedEnvelope");
                let content = Content::new(Some(schema)).into();
                response.content = [("application/json".to_owned(), content)].into();
            }
        }
        responses
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
