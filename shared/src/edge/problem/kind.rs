//! The kinds of problems in one table, the only place that defines their status codes.

use strum::{EnumIter, IntoEnumIterator};
use tracing::Level;

/// The kinds of problems. The order is that of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum ProblemKind {
    /// The body is not JSON.
    MalformedJson,
    /// A query parameter is invalid.
    InvalidParameter,
    /// The API key or the push credential is missing or invalid.
    Unauthenticated,
    /// The API key lacks the scope.
    Forbidden,
    /// The object does not exist, or belongs to another client.
    NotFound,
    /// The path has no such method.
    MethodNotAllowed,
    /// The body is too large.
    BodyTooLarge,
    /// The body is not sent as JSON.
    UnsupportedMediaType,
    /// Another request is processing the same order.
    InProgress,
    /// The object to be removed is in use.
    InUse,
    /// The client has as much of it as it may have.
    LimitReached,
    /// The current version is not the one that the caller expects.
    Stale,
    /// The JSON has the wrong structure, or contains invalid values.
    InvalidRequest,
    /// The client has no account with that alias.
    UnknownAccountAlias,
    /// The aggregator or the channel of the account does not support it.
    CapabilityNotSupported,
    /// The order number was used for a different request.
    OrderNumberReused,
    /// A returned item has another result already.
    AlreadyProcessed,
    /// The return order is cancelled.
    ReturnCancelled,
    /// The aggregator refused the data.
    RefusedByAggregator,
    /// The sales channel refused the request, or did not do it.
    RefusedByChannel,
    /// The client sent too many requests.
    Throttled,
    /// The aggregator refused the account's credentials.
    AggregatorCredentials,
    /// The aggregator's response could not be parsed.
    AggregatorUnreadable,
    /// The label's document may never be fetched from its URL.
    LabelDocumentUnreachable,
    /// The sales channel refused the account's credentials, or they lack a right.
    ChannelCredentials,
    /// The sales channel's response could not be parsed.
    ChannelUnreadable,
    /// The aggregator did nothing.
    AggregatorUnavailable,
    /// The sales channel did nothing.
    ChannelUnavailable,
    /// A label may exist, or the sales channel may have done it.
    OutcomeUnknown,
    /// Storage, a queue or KMS is unavailable.
    Unavailable,
    /// A bug, or a corrupt item.
    Internal,
}

/// The meaning of a kind: its status, its title, and what the caller and the operator do.
#[derive(Debug, Clone, Copy)]
pub struct ProblemMeaning {
    /// The HTTP status.
    pub status: u16,
    /// A short title.
    pub title: &'static str,
    /// What the caller does.
    pub caller: &'static str,
    /// What the operator does.
    pub operator: &'static str,
}

const fn meaning(
    status: u16,
    title: &'static str,
    caller: &'static str,
    operator: &'static str,
) -> ProblemMeaning {
    ProblemMeaning {
        status,
        title,
        caller,
        operator,
    }
}

impl ProblemKind {
    /// The stable name.
    pub fn slug(self) -> &'static str {
        self.into()
    }

    /// Its meaning.
    #[expect(clippy::too_many_lines, reason = "a table")]
    pub fn meaning(self) -> ProblemMeaning {
        const NOTHING: &str = "nothing";
        match self {
            Self::MalformedJson => meaning(
                400,
                "The body is not valid JSON",
                "corrects the body where the detail says",
                NOTHING,
            ),
            Self::InvalidParameter => meaning(
                400,
                "Invalid query parameter",
                "corrects the query",
                NOTHING,
            ),
            Self::Unauthenticated => meaning(
                401,
                "Missing or invalid API key or push credential",
                "sends a valid API key or push credential",
                NOTHING,
            ),
            Self::Forbidden => meaning(
                403,
                "The API key lacks the scope",
                "uses an API key with the scope in the detail",
                NOTHING,
            ),
            Self::NotFound => meaning(404, "Not found", "checks the path and the ids", NOTHING),
            Self::MethodNotAllowed => meaning(
                405,
                "Method not allowed",
                "uses a method of the Allow header",
                NOTHING,
            ),
            Self::BodyTooLarge => meaning(
                413,
                "The body is too large",
                "sends at most 1 MiB, or 256 KiB in a push",
                NOTHING,
            ),
            Self::UnsupportedMediaType => meaning(
                415,
                "Unsupported media type",
                "sends Content-Type: application/json",
                NOTHING,
            ),
            Self::InProgress => meaning(
                409,
                "The order is being processed",
                "repeats the request after Retry-After",
                NOTHING,
            ),
            Self::InUse => meaning(
                409,
                "The resource is in use",
                "waits until it is no longer used, or repeats the request with `force=true`",
                NOTHING,
            ),
            Self::LimitReached => meaning(
                409,
                "The client's limit is reached",
                "removes what it no longer needs, or asks for less",
                "raises EndpointsPerClient or LanesPerClient, if the client needs more",
            ),
            Self::Stale => meaning(
                412,
                "If-Match does not match the current version",
                "reads the resource again, and repeats the request with the new `ETag` if the change is still wanted",
                NOTHING,
            ),
            Self::InvalidRequest => meaning(
                422,
                "Invalid request",
                "corrects every field in `errors`",
                NOTHING,
            ),
            Self::UnknownAccountAlias => meaning(
                422,
                "Unknown logistic account",
                "names one of its accounts",
                "adds the account",
            ),
            Self::CapabilityNotSupported => meaning(
                422,
                "Not supported for this account",
                "works without it, or uses another account",
                "adds the URL to the account, if the detail says that it is missing",
            ),
            Self::OrderNumberReused => meaning(
                422,
                "The order number was used for a different request",
                "repeats the first request, or uses another order number",
                NOTHING,
            ),
            Self::AlreadyProcessed => meaning(
                422,
                "The return was processed before",
                "sends `correction: true` if a new result is right; goods that arrived are not cancelled",
                NOTHING,
            ),
            Self::ReturnCancelled => meaning(
                422,
                "The return order is cancelled",
                "creates the return order again if the goods come back after all",
                NOTHING,
            ),
            Self::RefusedByAggregator => meaning(
                422,
                "Refused by the aggregator",
                "corrects what the aggregator's code and message say; the order number is free again",
                NOTHING,
            ),
            Self::RefusedByChannel => meaning(
                422,
                "Refused by the sales channel",
                "corrects what the channel's code and message say; nothing was done",
                NOTHING,
            ),
            Self::Throttled => meaning(
                429,
                "Too many requests",
                "repeats the request after Retry-After; nothing was done",
                "raises ClientRate if the client's traffic is legitimate",
            ),
            Self::AggregatorCredentials => meaning(
                502,
                "The aggregator refused the account's credentials",
                "tells the operator",
                "renews the account's credentials",
            ),
            Self::AggregatorUnreadable => meaning(
                502,
                "The aggregator's response could not be parsed",
                "repeats the request later",
                "checks the aggregator's responses in the logs",
            ),
            Self::LabelDocumentUnreachable => meaning(
                502,
                "The label exists, but its document cannot be fetched",
                "reads the label without `Accept: application/pdf`, and gets the document at its `shippingLabelUrl` or from the aggregator",
                "asks the aggregator for a public https URL without a login and without a redirect",
            ),
            Self::ChannelCredentials => meaning(
                502,
                "The sales channel refused the account's credentials",
                "tells the operator",
                "checks the channel account, renews its credentials, or gives them the right that the detail names",
            ),
            Self::ChannelUnreadable => meaning(
                502,
                "The sales channel's response could not be parsed",
                "repeats the request later",
                "checks the account's URLs, and the channel's responses in the logs",
            ),
            Self::AggregatorUnavailable => meaning(
                503,
                "The aggregator is unavailable",
                "repeats the request after Retry-After; nothing was bought",
                "checks whether the aggregator is down",
            ),
            Self::ChannelUnavailable => meaning(
                503,
                "The sales channel is unavailable",
                "repeats the request after Retry-After; nothing was done",
                "checks whether the channel is down",
            ),
            Self::OutcomeUnknown => meaning(
                504,
                "The outcome is unknown: a label may exist, or the channel may have done it",
                "repeats the same request: it finds out, and never buys or does it twice",
                "settles the order with POST /shipping-labels/settle if repeats do not; if the detail names two orders, asks the aggregator first which of them the AWB or the order id belongs to",
            ),
            Self::Unavailable => meaning(
                503,
                "Service temporarily unavailable",
                "repeats the request after Retry-After",
                "checks the logs for the request id",
            ),
            Self::Internal => meaning(
                500,
                "Internal error",
                "reports the request id to the operator",
                "checks the logs for the request id",
            ),
        }
    }

    /// The log level: errors need the operator; warnings only if they persist.
    pub fn level(self) -> Level {
        match self {
            Self::AggregatorCredentials
            | Self::ChannelCredentials
            | Self::Unavailable
            | Self::Internal => Level::ERROR,
            Self::AggregatorUnreadable
            | Self::LabelDocumentUnreachable
            | Self::AggregatorUnavailable
            | Self::ChannelUnreadable
            | Self::ChannelUnavailable
            | Self::OutcomeUnknown => Level::WARN,
            Self::MalformedJson
            | Self::InvalidParameter
            | Self::Unauthenticated
            | Self::Forbidden
            | Self::NotFound
            | Self::MethodNotAllowed
            | Self::BodyTooLarge
            | Self::UnsupportedMediaType
            | Self::InProgress
            | Self::InUse
            | Self::LimitReached
            | Self::Stale
            | Self::InvalidRequest
            | Self::UnknownAccountAlias
            | Self::CapabilityNotSupported
            | Self::OrderNumberReused
            | Self::AlreadyProcessed
            | Self::ReturnCancelled
            | Self::RefusedByAggregator
            | Self::RefusedByChannel
            | Self::Throttled => Level::INFO,
        }
    }

    /// All kinds, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }
}

#[cfg(test)]
mod tests;
