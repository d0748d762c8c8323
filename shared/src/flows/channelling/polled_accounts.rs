//! The channel accounts that a schedule works on.

use crate::domain::text::{AccountAlias, ClientId};
use crate::store::configuring::channel_accounts::ChannelAccounts;
use crate::store::failure::StoreFailure;

/// The accounts of all clients at these channels, in any order: if there are too many for one run, each gets its turn over several
/// runs.
pub(super) async fn accounts_at(
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
