//! Lists the codes that are not mapped, each with the newest notification that has it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::notification::NotificationType;
use crate::domain::text::{AccountAlias, ClientId};
use crate::flows::failure::FlowFailure;
use crate::store::configuring::accounts::Accounts;
use crate::store::keys::Key;
use crate::store::message_keys::notification_key;
use crate::store::notifying::notifications::{Notifications, StoredNotification};
use crate::store::notifying::unmapped::UnmappedIndex;
use crate::store::notifying::unmapped_codes::{CodesQuery, CountedCodes, UnmappedCode};

/// The maximum number of codes in a list.
const MOST_CODES: usize = 100;
/// The maximum size of all examples in a list, in bytes: a response has at most 6 MB.
const MOST_RAW_BYTES: usize = 1024 * 1024;

/// The dependencies of listing codes.
#[derive(Debug)]
pub struct UnmappedDependencies {
    /// The accounts, without their secrets.
    pub accounts: Accounts,
    /// The index of unmapped notifications.
    pub index: UnmappedIndex,
    /// The notifications.
    pub notifications: Notifications,
}

/// A code that is not mapped, as one account pushed it.
#[derive(Debug)]
pub struct FoundCode {
    /// The code with its count.
    pub code: UnmappedCode,
    /// The type that the account gives to the code now.
    pub notification_type: Option<NotificationType>,
    /// The newest push with it; absent if the examples before it fill the list, or if it has expired.
    pub raw: Option<Vec<u8>>,
}

/// The codes of a client.
#[derive(Debug)]
pub struct FoundCodes {
    /// The code that was seen last comes first.
    pub codes: Vec<FoundCode>,
    /// What the counts begin with, and whether codes are missing.
    pub counted: Counted,
}

/// How complete a list of codes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// If there were too many notifications to count: the time since which they are counted.
    pub since: Option<Timestamp>,
    /// Whether there are more codes than the list may have.
    pub is_more: bool,
}

/// The client's codes that are not mapped.
pub async fn find_unmapped(
    dependencies: &UnmappedDependencies,
    client: &ClientId,
    query: &CodesQuery,
) -> Result<FoundCodes, FlowFailure> {
    let CountedCodes {
        mut codes,
        counted_since,
    } = dependencies.index.codes(client, query).await?;
    let counted = Counted {
        since: counted_since,
        is_more: codes.len() > MOST_CODES,
    };
    codes.truncate(MOST_CODES);
    let key = |code: &UnmappedCode| notification_key(client, &code.newest.notification_id);
    let keys: Vec<Key> = codes.iter().filter_map(key).collect();
    let (accounts, mut examples) = futures::try_join!(
        dependencies.accounts.all(client),
        dependencies.notifications.under(&keys)
    )?;
    let accounts = accounts.into_iter();
    let mappings: BTreeMap<AccountAlias, _> = accounts
        .map(|account| (account.alias, account.status_mappings))
        .collect();
    let mut room = MOST_RAW_BYTES;
    let mut found = Vec::with_capacity(codes.len());
    for code in codes {
        let alias = code.newest.alias.as_ref();
        let mappings = alias.and_then(|alias| mappings.get(alias));
        let example = key(&code).and_then(|key| examples.remove(&key));
        found.push(FoundCode {
            notification_type: mappings.and_then(|all| all.word(&code.newest.pushed_type)),
            raw: raw(example.as_ref(), &mut room)?,
            code,
        });
    }
    Ok(FoundCodes {
        codes: found,
        counted,
    })
}

/// The push of an example, if there is still room for it.
fn raw(
    example: Option<&StoredNotification>,
    room: &mut usize,
) -> Result<Option<Vec<u8>>, FlowFailure> {
    let raw = example.map(StoredNotification::raw).transpose()?;
    let raw = raw.filter(|raw| raw.len() <= *room);
    *room -= raw.as_ref().map_or(0, Vec::len);
    Ok(raw)
}
