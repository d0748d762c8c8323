//! Channel accounts in requests and responses.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::contract::described_values::{channel_settings, credentials, urls};
use crate::domain::selling::order_poll::OrderPoll;

/// The configuration of a channel account. PUT replaces all of it except secrets that are not given.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelAccountConfiguration)]
pub struct ChannelAccountRequestBody {
    /// One of the names in docs/channel-settings.md. Cannot be changed later.
    #[schema(example = "SHOPIFY")]
    pub channel: String,
    /// The channel's, by their names.
    #[schema(schema_with = credentials)]
    pub credentials: Option<BTreeMap<String, Option<String>>>,
    /// The channel's, by their names.
    #[schema(schema_with = urls)]
    pub urls: Option<BTreeMap<String, String>>,
    /// The channel's settings, by their names.
    #[schema(schema_with = channel_settings)]
    pub settings: Option<BTreeMap<String, String>>,
    /// Whether RMS receives the channel's webhooks and calls it; true if absent.
    pub enabled: Option<bool>,
}

/// A channel account in responses. Sending it back with PUT changes nothing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelAccount)]
pub struct ChannelAccountBody {
    /// The alias, unique among the client's channel accounts.
    pub alias: String,
    /// The channel.
    pub channel: String,
    /// The names of the stored credentials, each with null instead of its value.
    pub credentials: BTreeMap<String, Option<String>>,
    /// The URLs of the channel.
    pub urls: BTreeMap<String, String>,
    /// Its settings.
    pub settings: BTreeMap<String, String>,
    /// Whether RMS receives the channel's webhooks and calls it.
    pub enabled: bool,
    /// The URL for the channel's webhooks, if it sends any. It is a secret, and absent from lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://api.example/channels/hooks/4f0c…")]
    pub webhook_url: Option<String>,
    /// What to enter at the channel, and where.
    pub at_the_channel: Vec<String>,
    /// How far its orders were polled; absent if polling is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll: Option<OrderPollBody>,
}

impl ChannelAccountBody {
    /// The fields that a PUT does not read.
    pub(super) const ONLY_SHOWN: [&str; 4] = ["alias", "webhookUrl", "atTheChannel", "poll"];
}

/// How far the orders of a channel account were polled.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelPoll)]
pub struct OrderPollBody {
    /// When the last run began; null before the first one.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_run_at: Option<Timestamp>,
    /// For how many seconds changes may have been unread.
    #[schema(example = 24)]
    pub lag_seconds: u64,
    /// Why the last run failed, or which orders it left out; null if all is well.
    #[schema(example = "the channel limits the rate of calls")]
    pub last_error: Option<String>,
}

impl OrderPollBody {
    /// A poll at this time.
    pub fn of(poll: OrderPoll, now: Timestamp) -> Self {
        Self {
            last_run_at: poll.last_run_at,
            lag_seconds: poll.lag_seconds(now),
            last_error: poll.last_error,
        }
    }
}

/// A page of channel accounts, sorted by alias.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChannelAccounts)]
pub struct ChannelAccountsBody {
    /// The accounts.
    pub channel_accounts: Vec<ChannelAccountBody>,
    /// The `cursor` for the next page; null at the end.
    pub cursor: Option<String>,
}
