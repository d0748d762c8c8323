//! The routes of a client's configuration.

use utoipa::{IntoParams, IntoResponses};

use crate::contract::account::body::{AccountBody, AccountRequestBody, AccountsBody, CheckedBody};
use crate::contract::api_key::{KeyRequestBody, KeysBody, MintedBody};
use crate::contract::audited::ChangesBody;
use crate::contract::endpoint::body::{
    EndpointBody, EndpointRequestBody, EndpointsBody, RotatedBody, TestedBody,
};
use crate::contract::problem::ProblemBody;
use crate::edge::description::{BodyProblems, KeyProblems};

/// Under which condition something is changed.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes headers; edge::precondition reads them")]
struct Conditions {
    /// Only if it has this `ETag`; `*`: only if it exists.
    #[param(rename = "If-Match")]
    if_match: Option<String>,
    /// `*`: only if it does not exist yet.
    #[param(rename = "If-None-Match")]
    if_none_match: Option<String>,
}

/// Whether it is removed although it is needed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query; the function reads it")]
struct Force {
    /// `true`: removes it although it is needed.
    force: Option<bool>,
}

/// Where a list goes on.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query; the function reads it")]
struct Paging {
    /// The `cursor` of the page before.
    cursor: Option<String>,
}

/// What a call about one configured thing can be answered.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; edge::problem makes them")]
enum ThingProblems {
    #[response(
        status = 404,
        description = "The client has none of this name",
        content_type = "application/problem+json"
    )]
    NotFound(ProblemBody),
    #[response(
        status = 412,
        description = "It is not as the condition says",
        content_type = "application/problem+json"
    )]
    Stale(ProblemBody),
    #[response(
        status = 422,
        description = "The name in the path cannot be one",
        content_type = "application/problem+json"
    )]
    InvalidRequest(ProblemBody),
}

/// Makes or replaces a logistic account.
#[utoipa::path(
    put, path = "/logistic-accounts/{alias}", tag = "configuration",
    params(("alias" = String, Path, description = "1 to 64 characters of A-Z, a-z, 0-9, _ and -"), Conditions),
    request_body = AccountRequestBody,
    responses(
        (status = 201, description = "It was made. The password of its push credential is in this answer, once", body = AccountBody),
        (status = 200, description = "It was there before", body = AccountBody),
        (status = 412, description = "It is not as the condition says", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn put_account() {}

/// A logistic account as it is now; its version is the `ETag`.
#[utoipa::path(
    get, path = "/logistic-accounts/{alias}", tag = "configuration",
    params(("alias" = String, Path, description = "The account")),
    responses(
        (status = 200, description = "The account", body = AccountBody),
        KeyProblems,
        ThingProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn get_account() {}

/// The client's logistic accounts.
#[utoipa::path(
    get, path = "/logistic-accounts", tag = "configuration",
    params(Paging),
    responses(
        (status = 200, description = "A page of accounts", body = AccountsBody),
        (status = 400, description = "The cursor is none", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn list_accounts() {}

/// Removes a logistic account. Its pushes are refused from then on.
#[utoipa::path(
    delete, path = "/logistic-accounts/{alias}", tag = "configuration",
    params(("alias" = String, Path, description = "The account"), Force, Conditions),
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "It has live shipments: the newest 200 that it booked are looked at", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        ThingProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn delete_account() {}

/// Tries a logistic account at its aggregator by calls that change nothing.
#[utoipa::path(
    post, path = "/logistic-accounts/{alias}/check", tag = "configuration",
    params(("alias" = String, Path, description = "The account")),
    responses(
        (status = 200, description = "What is wrong with it", body = CheckedBody),
        KeyProblems,
        ThingProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn check_account() {}

/// Makes or replaces a webhook endpoint.
#[utoipa::path(
    put, path = "/webhook-endpoints/{id}", tag = "configuration",
    params(("id" = String, Path, description = "1 to 64 characters of A-Z, a-z, 0-9, _ and -"), Conditions),
    request_body = EndpointRequestBody,
    responses(
        (status = 201, description = "It was made. The signing secret is in this answer, once", body = EndpointBody),
        (status = 200, description = "It was there before", body = EndpointBody),
        (status = 412, description = "It is not as the condition says", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn put_endpoint() {}

/// A webhook endpoint as it is now; its version is the `ETag`.
#[utoipa::path(
    get, path = "/webhook-endpoints/{id}", tag = "configuration",
    params(("id" = String, Path, description = "The endpoint")),
    responses(
        (status = 200, description = "The endpoint", body = EndpointBody),
        KeyProblems,
        ThingProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn get_endpoint() {}

/// The client's webhook endpoints.
#[utoipa::path(
    get, path = "/webhook-endpoints", tag = "configuration",
    params(Paging),
    responses(
        (status = 200, description = "A page of endpoints", body = EndpointsBody),
        (status = 400, description = "The cursor is none", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn list_endpoints() {}

/// Removes a webhook endpoint.
#[utoipa::path(
    delete, path = "/webhook-endpoints/{id}", tag = "configuration",
    params(("id" = String, Path, description = "The endpoint"), Force, Conditions),
    responses(
        (status = 204, description = "It is gone. What waited for it is given up"),
        (status = 409, description = "Deliveries wait for it", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        ThingProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn delete_endpoint() {}

/// Gives a webhook endpoint a new signing secret. The one before signs beside it for 24 hours.
#[utoipa::path(
    post, path = "/webhook-endpoints/{id}/rotate-secret", tag = "configuration",
    params(("id" = String, Path, description = "The endpoint"), Conditions),
    responses(
        (status = 200, description = "The new secret, once", body = RotatedBody),
        KeyProblems,
        ThingProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn rotate_secret() {}

/// Sends a sample to a webhook endpoint as a delivery would be sent, once, also while it is switched off.
#[utoipa::path(
    post, path = "/webhook-endpoints/{id}/test", tag = "configuration",
    params(("id" = String, Path, description = "The endpoint")),
    responses(
        (status = 200, description = "What became of it", body = TestedBody),
        KeyProblems,
        ThingProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn test_endpoint() {}

/// Lifts a suspension of a webhook endpoint, or switches it on again.
#[utoipa::path(
    post, path = "/webhook-endpoints/{id}/resume", tag = "configuration",
    params(("id" = String, Path, description = "The endpoint"), Conditions),
    responses(
        (status = 200, description = "The endpoint", body = EndpointBody),
        KeyProblems,
        ThingProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn resume_endpoint() {}

/// Makes an API key with scopes that the calling key has itself.
#[utoipa::path(
    post, path = "/api-keys", tag = "configuration",
    request_body = KeyRequestBody,
    responses(
        (status = 201, description = "It was made. The key is in this answer, once", body = MintedBody),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn mint_key() {}

/// The client's API keys, the oldest first.
#[utoipa::path(
    get, path = "/api-keys", tag = "configuration",
    params(Paging),
    responses(
        (status = 200, description = "A page of keys, without the keys", body = KeysBody),
        (status = 400, description = "The cursor is none", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn list_keys() {}

/// Revokes an API key, within a minute.
#[utoipa::path(
    delete, path = "/api-keys/{id}", tag = "configuration",
    params(("id" = String, Path, description = "The key's id")),
    responses(
        (status = 204, description = "It is revoked"),
        (status = 404, description = "The client has no such key", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The id in the path cannot be one", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn revoke_key() {}

/// Which changes are wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query; the function reads it")]
struct ChangesParameters {
    /// Those at this moment or later (RFC 3339).
    since: Option<String>,
    /// The `cursor` of the page before.
    cursor: Option<String>,
}

/// Who changed which configuration when, the newest change first. Kept for a year.
#[utoipa::path(
    get, path = "/audit", tag = "configuration",
    params(ChangesParameters),
    responses(
        (status = 200, description = "A page of changes", body = ChangesBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
pub(super) fn list_changes() {}
