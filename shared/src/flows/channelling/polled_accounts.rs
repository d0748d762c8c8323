//! The channel accounts that a schedule works on.

use std::error::Error;

use futures::{StreamExt as _, stream};
use jiff::Timestamp;
use tracing::{Instrument as _, info_span};
use uuid::Uuid;

use crate::clock;
use crate::domain::text::{AccountAlias, ClientId, RequestId};
use crate::store::configuring::channel_accounts::ChannelAccounts;
use crate::store::failure::StoreFailure;
use crate::telemetry::metrics::{self, Metric, measured};

/// Polls the accounts of all clients at these channels, several at once. What fails for one does not concern the others.
pub(super) async fn poll_each<E: Error>(
    accounts: &ChannelAccounts,
    channels: impl Iterator<Item = &'static str>,
    at_once: usize,
    poll: impl AsyncFn(&ClientId, &AccountAlias, &RequestId) -> Result<(), E>,
) -> Result<(), StoreFailure> {
    let run = RequestId::from(Uuid::now_v7());
    let (poll, run) = (&poll, &run);
    let polling = async {
        let accounts = accounts_at(accounts, channels).await?;
        stream::iter(accounts)
            .for_each_concurrent(at_once, async |(client, alias)| {
                let span = info_span!("poll", client_id = %client, %alias);
                let polling = async {
                    if let Err(failure) = poll(&client, &alias, run).await {
                        let error = crate::telemetry::chain(&failure);
                        tracing::warn!(error, "polling the channel is left to the next run");
                    }
                };
                polling.instrument(span).await;
            })
            .await;
        Ok(())
    };
    let span = info_span!("run", request_id = %run);
    measured(Box::pin(polling.instrument(span))).await
}

/// Notes how far an account at a channel is behind.
pub(super) fn count_lag(channel: &str, lag: Metric, since: Timestamp) {
    let seconds = clock::now().duration_since(since).as_secs();
    metrics::count_at(channel, lag, u64::try_from(seconds).unwrap_or(0));
}

/// The accounts in any order: if there are too many for one run, each gets its turn over several runs.
async fn accounts_at(
    accounts: &ChannelAccounts,
    channels: impl Iterator<Item = &'static str>,
) -> Result<Vec<(ClientId, AccountAlias)>, StoreFailure> {
    let mut found = Vec::new();
    for channel in channels {
        found.extend(accounts.of_channel(channel).await?);
    }
    fastrand::shuffle(&mut found);
    Ok(found)
}
