//! Translates what was stored as unmapped, once its code has a type, and forwards it.
//!
//! Each notification keeps its id. It is translated by a conditional write, then sent, and then leaves the index of unmapped
//! notifications. If the function dies in between, a repeated replay finds it there and sends it again with the same
//! `webhook-id`, which the queue and the forwarder accept only once. The events of an order are sent in the order in which
//! they arrived, behind what was sent before. The order's state is computed from all its events by their times, so a late one
//! cannot move it back.

mod in_order;
mod read_again;
mod translated;

use jiff::Timestamp;

use crate::aggregators;
use crate::contract::replay::ReplayRequest;
use crate::domain::account::LogisticAccount;
use crate::domain::status_mappings::CodeMeanings;
use crate::domain::text::ClientId;
use crate::flows::failure::FlowFailure;
use crate::queue::sender::Sender;
use crate::store::booking::shipments::Shipments;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::endpoints::Endpoints;
use crate::store::cursor::Cursor;
use crate::store::notifying::notifications::Notifications;
use crate::store::notifying::unmapped::UnmappedIndex;
use crate::store::notifying::unmapped_codes::CodeQuery;
use crate::store::returning::return_orders::ReturnOrders;
use in_order::Replay;

/// The maximum number of notifications that a call replays: even of a single order they take less than the function's
/// timeout.
const MOST_AT_ONCE: usize = 200;
/// The maximum number that a call counts.
const MOST_COUNTED: usize = 10_000;

/// The dependencies of a replay.
#[derive(Debug)]
pub struct ReplayDependencies {
    /// The accounts, without their secrets.
    pub accounts: Accounts,
    /// The endpoints that subscribe to notifications.
    pub endpoints: Endpoints,
    /// The versions of clients' configurations, for cached endpoints.
    pub versions: ConfigurationVersions,
    /// The shipments of the events.
    pub shipments: Shipments,
    /// The return orders.
    pub returns: ReturnOrders,
    /// The notifications.
    pub notifications: Notifications,
    /// The index of unmapped notifications.
    pub index: UnmappedIndex,
    /// The delivery queue.
    pub queue: Sender,
    /// How long notifications are kept, in days; 0 keeps them forever.
    pub ttl_days: u32,
}

/// The result of a replay.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The number of notifications that are stored as unmapped with the code.
    pub matched: usize,
    /// The number that got a type.
    pub translated: usize,
    /// The number of deliveries that were queued.
    pub queued: usize,
    /// The cursor for the next call; absent at the end.
    pub cursor: Option<Cursor>,
}

/// Replays the notifications of a client with a code, or only counts them.
pub async fn replay_unmapped(
    dependencies: &ReplayDependencies,
    client: &ClientId,
    request: &ReplayRequest,
    now: Timestamp,
) -> Result<Replayed, FlowFailure> {
    let alias = &request.alias;
    let account = dependencies.accounts.present(client, alias).await?;
    let account = account.ok_or(FlowFailure::UnknownAlias(
        "the client has no logistic account with this alias",
    ))?;
    check(&account, &request.code)?;
    let cursor = request.cursor.as_deref().map(str::parse::<Cursor>);
    let query = CodeQuery {
        client,
        alias,
        aggregator: &account.aggregator,
        code: &request.code,
        span: request.span,
        cursor: cursor
            .transpose()
            .map_err(|error| invalid("/cursor", error.to_string()))?,
        most: if request.dry_run {
            MOST_COUNTED
        } else {
            MOST_AT_ONCE
        },
    };
    let found = dependencies.index.of_code(&query).await?;
    let mut replayed = Replayed {
        matched: found.keys.len(),
        cursor: found.cursor,
        ..Replayed::default()
    };
    if !request.dry_run {
        let replay = Replay {
            dependencies,
            account: &account,
            now,
        };
        let done = replay.all(&request.code, &found.keys).await?;
        (replayed.matched, replayed.translated, replayed.queued) =
            (done.matched, done.translated, done.queued);
    }
    tracing::info!(
        alias = %alias,
        matched = replayed.matched,
        translated = replayed.translated,
        queued = replayed.queued,
        dry_run = request.dry_run,
        "unmapped notifications replayed"
    );
    Ok(replayed)
}

/// Refuses a replay that would forward nothing.
fn check(account: &LogisticAccount, code: &str) -> Result<(), FlowFailure> {
    if !account.notifications_enabled {
        return Err(invalid(
            "/logisticAccountAlias",
            "the notifications of this account are switched off: nothing would be forwarded"
                .to_owned(),
        ));
    }
    let adapter = aggregators::find_pushing(&account.aggregator);
    let meanings = adapter.and_then(|adapter| adapter.meanings(code));
    let is_known = meanings.is_some_and(CodeMeanings::is_known);
    if is_known || account.status_mappings.word(code).is_some() {
        return Ok(());
    }
    Err(invalid(
        "/code",
        "has no notification type: add it to statusMappings of the account first".to_owned(),
    ))
}

fn invalid(pointer: &str, detail: String) -> FlowFailure {
    FlowFailure::of_field(pointer, detail)
}
