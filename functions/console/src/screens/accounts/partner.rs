//! The two kinds of accounts: what differs between their pages.

use logistics::aggregators::{self, Configures, PushProof, Registers};
use logistics::channels::{self, ConfiguresChannel, RegistersChannel};
use logistics::domain::form::AccountForm;

/// A kind of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Partner {
    Aggregator,
    Channel,
}

impl Partner {
    /// The section of its pages.
    pub(super) fn here(self) -> &'static str {
        match self {
            Self::Aggregator => "/console/accounts",
            Self::Channel => "/console/channels",
        }
    }

    /// What it is called.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Aggregator => "aggregator",
            Self::Channel => "channel",
        }
    }

    /// What its accounts are called.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Aggregator => "Logistic accounts",
            Self::Channel => "Channel accounts",
        }
    }

    pub(super) fn is_channel(self) -> bool {
        self == Self::Channel
    }

    pub(super) fn list(self) -> &'static str {
        match self {
            Self::Aggregator => "GET /logistic-accounts",
            Self::Channel => "GET /channel-accounts",
        }
    }

    pub(super) fn get(self) -> &'static str {
        match self {
            Self::Aggregator => "GET /logistic-accounts/{alias}",
            Self::Channel => "GET /channel-accounts/{alias}",
        }
    }

    pub(super) fn put(self) -> &'static str {
        match self {
            Self::Aggregator => "PUT /logistic-accounts/{alias}",
            Self::Channel => "PUT /channel-accounts/{alias}",
        }
    }

    pub(super) fn check(self) -> &'static str {
        match self {
            Self::Aggregator => "POST /logistic-accounts/{alias}/check",
            Self::Channel => "POST /channel-accounts/{alias}/check",
        }
    }

    pub(super) fn delete(self) -> &'static str {
        match self {
            Self::Aggregator => "DELETE /logistic-accounts/{alias}",
            Self::Channel => "DELETE /channel-accounts/{alias}",
        }
    }

    /// The names of all partners of this kind.
    pub(super) fn names(self) -> Vec<String> {
        match self {
            Self::Aggregator => aggregators::all_configured()
                .map(|adapter| Registers::name(adapter).to_owned())
                .collect(),
            Self::Channel => channels::all_configured()
                .map(|adapter| RegistersChannel::name(adapter).to_owned())
                .collect(),
        }
    }

    /// What the adapter of this name declares.
    pub(super) fn form(self, name: &str) -> Option<&'static AccountForm> {
        match self {
            Self::Aggregator => aggregators::all_configured()
                .find(|adapter| adapter.name() == name)
                .map(Configures::form),
            Self::Channel => channels::all_configured()
                .find(|adapter| adapter.name() == name)
                .map(ConfiguresChannel::form),
        }
    }

    /// Whether its pushes carry a key in a header.
    pub(super) fn has_webhook_key(self, name: &str) -> bool {
        let found = match self {
            Self::Aggregator => {
                aggregators::all_configured().find(|adapter| adapter.name() == name)
            }
            Self::Channel => None,
        };
        found.is_some_and(|adapter| {
            matches!(
                adapter.push_proof(),
                PushProof::Token {
                    key_header: Some(_)
                }
            )
        })
    }
}
