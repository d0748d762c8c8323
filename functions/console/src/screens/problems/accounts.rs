//! Accounts that do not work: partners that refuse their credentials, and channels whose orders cannot be read.

use logistics::domain::account::PartnerKind;
use logistics::edge::problem::Problem;
use logistics::store::booking::account_standings::RefusedAccount;
use serde::Deserialize;

use crate::api::{Api, Call};
use crate::failure::Failed;
use crate::moment::Moment;

/// An account whose credentials were refused.
pub(super) struct Refused {
    pub(super) alias: String,
    /// Where its kind of accounts is configured.
    pub(super) section: &'static str,
    pub(super) partner: String,
    pub(super) since: Moment,
}

/// A channel account whose last poll failed.
pub(super) struct UnreadChannel {
    pub(super) alias: String,
    pub(super) channel: String,
    pub(super) error: String,
    pub(super) last_run_at: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    channel_accounts: Vec<ListedAccount>,
}

#[derive(Deserialize)]
struct ListedAccount {
    alias: String,
    channel: String,
    poll: Option<Poll>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Poll {
    last_run_at: Option<Moment>,
    last_error: Option<String>,
}

/// The accounts whose credentials are refused.
pub(super) async fn refused(api: &Api<'_>, may_see: bool) -> Result<Vec<Refused>, Failed> {
    if !may_see {
        return Ok(Vec::new());
    }
    let sessions = &api.functions.configuration.accounts.sessions;
    let client = &api.visitor.caller().client_id;
    let found = sessions.refused(client).await;
    let found = found.map_err(Problem::from)?.into_iter();
    Ok(found.map(Refused::from).collect())
}

impl From<RefusedAccount> for Refused {
    fn from(refused: RefusedAccount) -> Self {
        Self {
            alias: refused.alias.to_string(),
            section: match refused.kind {
                PartnerKind::Aggregator => "accounts",
                PartnerKind::Channel => "channels",
            },
            partner: refused.partner,
            since: refused.since.into(),
        }
    }
}

/// The channel accounts whose orders could not be read by the last poll.
pub(super) async fn unread_channels(
    api: &Api<'_>,
    may_see: bool,
) -> Result<Vec<UnreadChannel>, Failed> {
    if !may_see {
        return Ok(Vec::new());
    }
    let listed: Listed = api.get(Call::of("GET /channel-accounts")).await?;
    let unread = listed.channel_accounts.into_iter().filter_map(|channel| {
        let poll = channel.poll?;
        Some(UnreadChannel {
            alias: channel.alias,
            channel: channel.channel,
            error: poll.last_error?,
            last_run_at: poll.last_run_at,
        })
    });
    Ok(unread.collect())
}
