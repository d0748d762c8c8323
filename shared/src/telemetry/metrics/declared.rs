//! Every metric: its name, unit, meaning and dimensions. `docs/metrics.md` is generated from here.
//!
//! A metric costs for each combination of its dimensions' values, so dimensions have few values: partners and outcomes are
//! bounded by the code, functions by the template. There is none of clients or endpoints: log lines have their ids.

use strum::{EnumIter, IntoEnumIterator as _, IntoStaticStr};

/// A metric. Its name in CloudWatch is the variant's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, IntoStaticStr)]
pub enum Metric {
    /// Pushed events that were stored.
    Accepted,
    /// Pushed events that had been stored before.
    Duplicate,
    /// Pushed events without meaning for a client.
    Ignored,
    /// Pushed events with an unknown code.
    Unmapped,
    /// Pushed events that could not be read.
    Unreadable,
    /// Deliveries that were queued.
    Sent,
    /// Attempts that failed.
    FailedAttempts,
    /// Deliveries that were given up.
    GivenUp,
    /// How old a message was when it was delivered: one value for each delivery.
    DeliveryAge,
    /// The age of the oldest message that is not delivered.
    OldestWaiting,
    /// Deliveries that were parked.
    Parked,
    /// Endpoints that were suspended.
    EndpointsSuspended,
    /// Endpoints that are suspended.
    SuspendedEndpoints,
    /// Messages in the dead-letter queue.
    DeadLetters,
    /// Ended purchases.
    Purchases,
    /// Attempts with an unknown outcome.
    OrdersInDoubt,
    /// Claims with an unknown outcome.
    ClaimsUncertain,
    /// How long partners took.
    PartnerLatency,
    /// Calls to partners that failed.
    PartnerErrors,
    /// Refused credentials.
    CredentialsRefused,
    /// How far requests for returns are behind.
    ReturnsLag,
    /// How far a channel's orders are behind.
    ChannelLag,
    /// First invocations of a process.
    ColdStarts,
    /// Requests that were refused because of the client's rate.
    Throttled,
    /// Calls that a table throttled.
    TableThrottles,
    /// Calls to KMS that failed.
    KeyErrors,
}

/// The dimensions by which a metric is also available, in addition to its total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Labels {
    /// Only the total.
    None,
    /// The partner: an aggregator or a channel.
    Partner,
    /// The partner and the outcome.
    PartnerAndOutcome,
    /// The function.
    Function,
}

impl Labels {
    /// The names of the dimensions.
    pub const fn names(self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::Partner => &["partner"],
            Self::PartnerAndOutcome => &["partner", "outcome"],
            Self::Function => &["function"],
        }
    }
}

/// How the values of an invocation become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// They are added.
    Count,
    /// Each is kept: CloudWatch has percentiles of them.
    Values,
    /// The highest is kept.
    Level,
}

/// What a value is measured in. It is not written, to save bytes: the page has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::Display))]
pub(super) enum Unit {
    /// A number of things.
    Count,
    Milliseconds,
    Seconds,
}

/// The declaration of a metric.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declaration {
    pub(super) kind: Kind,
    #[cfg_attr(not(test), expect(dead_code, reason = "for docs/metrics.md"))]
    pub(super) unit: Unit,
    pub(super) labels: Labels,
    #[cfg_attr(not(test), expect(dead_code, reason = "for docs/metrics.md"))]
    pub(super) meaning: &'static str,
}

impl Declaration {
    const fn by(self, labels: Labels) -> Self {
        Self { labels, ..self }
    }

    const fn in_unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }
}

const fn declared(kind: Kind, meaning: &'static str) -> Declaration {
    Declaration {
        kind,
        unit: Unit::Count,
        labels: Labels::None,
        meaning,
    }
}

const fn counted(meaning: &'static str) -> Declaration {
    declared(Kind::Count, meaning)
}

const fn level(meaning: &'static str) -> Declaration {
    declared(Kind::Level, meaning)
}

const fn values(unit: Unit, meaning: &'static str) -> Declaration {
    declared(Kind::Values, meaning).in_unit(unit)
}

impl Metric {
    /// Every metric.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }

    /// Its name in CloudWatch.
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub(super) const fn declaration(self) -> Declaration {
        match self {
            Self::Accepted => counted("pushed events that were stored as new notifications"),
            Self::Duplicate => counted("pushed events that had been stored before"),
            Self::Ignored => counted(
                "pushed events that say nothing about a parcel, or that the account ignores",
            ),
            Self::Unmapped => counted(
                "pushed events whose status code RMS does not know: stored, but not forwarded",
            )
            .by(Labels::Partner),
            Self::Unreadable => {
                counted("entries of a push that could not be read").by(Labels::Partner)
            }
            Self::Sent => counted("deliveries that were queued: one for each message and endpoint"),
            Self::FailedAttempts => {
                counted("attempts that failed, including the last one of a delivery that is given up")
            }
            Self::GivenUp => counted(
                "deliveries that were given up: recorded as FAILED, and not attempted again unless they are recovered",
            ),
            Self::DeliveryAge => values(
                Unit::Milliseconds,
                "time from the acceptance of a message to its delivery, for each delivery that an endpoint accepted: `SampleCount` is their number",
            ),
            Self::OldestWaiting => level(
                "age of the oldest delivery that failed an attempt or is parked, of those that an invocation saw",
            )
            .in_unit(Unit::Seconds),
            Self::Parked => counted("deliveries that were parked because their endpoint is suspended"),
            Self::EndpointsSuspended => counted("endpoints that became suspended or disabled"),
            Self::SuspendedEndpoints => {
                level("endpoints that are suspended or being drained; counted every minute")
            }
            Self::DeadLetters => counted("messages that the functions sent to the dead-letter queue"),
            Self::Purchases => counted(
                "attempts to buy a label or a return AWB, by the state in which they left the claim: BOOKED, ORDERED, PENDING, UNCERTAIN or RELEASED",
            )
            .by(Labels::PartnerAndOutcome),
            Self::OrdersInDoubt => {
                counted("purchases and changes of a channel's order that ended without a clear outcome")
            }
            Self::ClaimsUncertain => {
                level("shipments whose purchase has an unknown outcome; counted every minute")
            }
            Self::PartnerLatency => values(
                Unit::Milliseconds,
                "duration of a call to a partner, for each call",
            )
            .by(Labels::Partner),
            Self::PartnerErrors => counted(
                "calls to a partner without a clear response, and those that it throttled",
            )
            .by(Labels::Partner),
            Self::CredentialsRefused => {
                counted("calls that a partner refused because of the account's credentials")
                    .by(Labels::Partner)
            }
            Self::ReturnsLag => level(
                "time since the requests for returns of a channel account were last listed completely",
            )
            .in_unit(Unit::Seconds)
            .by(Labels::Partner),
            Self::ChannelLag => level(
                "how far the changed orders of a channel account are read: all changes up to this long ago",
            )
            .in_unit(Unit::Seconds)
            .by(Labels::Partner),
            Self::ColdStarts => {
                counted("invocations that were the first one of their process").by(Labels::Function)
            }
            Self::Throttled => counted("requests that were answered with 429: the client's rate"),
            Self::TableThrottles => counted(
                "calls to DynamoDB that were still throttled after the SDK had repeated them",
            ),
            Self::KeyErrors => counted("calls to KMS that did not unwrap the keyring"),
        }
    }
}

#[cfg(test)]
mod tests;
