//! What does not go on by itself: endpoints that receive nothing, deliveries that were given up, accounts that a partner
//! refuses, unknown codes, and orders in doubt.
//!
//! Each check reads a table by client, for each client that has an API key, or a sparse index.

use anyhow::{Context as _, anyhow};
use jiff::{SignedDuration, Timestamp};
use logistics::aws::DynamoDb;
use logistics::config::{ENDPOINT_HEALTH_TABLE, SESSIONS_TABLE};
use logistics::domain::endpoint::WebhookEndpoint;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::span::Span;
use logistics::domain::text::ClientId;
use logistics::store::configuring::endpoints::Endpoints;
use logistics::store::delivering::undelivered::{UndeliveredIndex, UndeliveredQuery, Waiting};
use logistics::store::notifying::unmapped::UnmappedIndex;
use logistics::store::notifying::unmapped_codes::CodesQuery;

use crate::client;
use crate::doctor::Finding;
use crate::orders::in_doubt;
use crate::stack::Stack;
use crate::text_table::age;

/// So many are named; the command or the call in the advice shows all.
const NAMED: usize = 5;
/// What is older was seen before, and is kept for months: it would hide what is new.
const RECENT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Deliveries of an endpoint are counted up to this.
const MOST_DELIVERIES: i32 = 1000;

/// Examines what does not go on by itself.
pub(super) async fn examine(stack: &Stack, now: Timestamp) -> Vec<Finding> {
    let clients = match client::ids(stack).await {
        Ok(clients) => clients,
        Err(error) => return vec![Finding::failed("clients", &error)],
    };
    let recent = Span {
        since: Some(now - RECENT),
        until: None,
    };
    let (disabled, given_up) = match endpoints(stack, &clients).await {
        Ok(endpoints) => (
            Ok(disabled(&endpoints)),
            given_up(stack, &endpoints, recent).await,
        ),
        Err(error) => (Err(anyhow!("{error:#}")), Err(error)),
    };
    vec![
        judged(
            "suspended webhook endpoints",
            suspended(stack).await,
            "`GET /webhook-endpoints` with the client's key says since when and why",
        ),
        judged(
            "disabled webhook endpoints",
            disabled,
            "RMS disabled them: the client enables one with `POST /webhook-endpoints/<id>/resume`, then \
             `recover CLIENT ENDPOINT` sends what it missed",
        ),
        judged(
            "deliveries given up in the last 7 days",
            given_up,
            "`recover CLIENT ENDPOINT --dry-run` counts all; when the receiver works again, without --dry-run it sends them again",
        ),
        judged(
            "accounts with refused credentials",
            refused(stack, &clients).await,
            "`POST /logistic-accounts/<alias>/check`, or that of /channel-accounts, with the client's key says what is wrong",
        ),
        judged(
            "unknown codes in the last 7 days",
            unknown_codes(stack, &clients, recent).await,
            "`unmapped` shows an example of each; map it in the account and replay: see docs/configuration.md",
        ),
        judged(
            "orders in doubt",
            doubts(stack, now).await,
            "`orders in-doubt` lists them; `GET /shipping-labels` with the client's key asks the aggregator, else settle it",
        ),
    ]
}

fn judged(what: &str, found: anyhow::Result<Vec<String>>, advice: &str) -> Finding {
    match found {
        Ok(found) if found.is_empty() => Finding::well(what, "none"),
        Ok(found) => {
            let named = found.get(..NAMED).unwrap_or(&found).join(", ");
            let more = if found.len() > NAMED { ", …" } else { "" };
            Finding::wrong(what, format!("{}: {named}{more}", found.len()), advice)
        }
        Err(error) => Finding::failed(what, &error),
    }
}

async fn suspended(stack: &Stack) -> anyhow::Result<Vec<String>> {
    let healths = stack.start(&[ENDPOINT_HEALTH_TABLE]).await?.healths()?;
    let suspended = healths.suspended().await;
    let suspended = suspended.context("cannot read the index of suspended endpoints")?;
    let named = |key: &EndpointKey| format!("{}/{}", key.client_id, key.endpoint_id);
    Ok(suspended.iter().map(named).collect())
}

/// Those that RMS disabled; what a client disabled needs no attention.
fn disabled(endpoints: &[WebhookEndpoint]) -> Vec<String> {
    let disabled = endpoints.iter().filter_map(|endpoint| {
        let disabled = endpoint.disabled?;
        Some(format!("{} ({})", name(endpoint), disabled.reason))
    });
    disabled.collect()
}

async fn endpoints(stack: &Stack, clients: &[ClientId]) -> anyhow::Result<Vec<WebhookEndpoint>> {
    let (dynamodb, table) = table_of(stack, "EndpointsTable").await?;
    let table = Endpoints::without_secrets(dynamodb, table);
    let mut all = Vec::new();
    for client in clients {
        all.extend(table.all(client).await?.iter().cloned());
    }
    Ok(all)
}

fn name(endpoint: &WebhookEndpoint) -> String {
    format!("{}/{}", endpoint.client_id, endpoint.id)
}

async fn given_up(
    stack: &Stack,
    endpoints: &[WebhookEndpoint],
    span: Span,
) -> anyhow::Result<Vec<String>> {
    let (dynamodb, table) = table_of(stack, "NotificationsTable").await?;
    let index = UndeliveredIndex::new(dynamodb, table);
    let mut found = Vec::new();
    for endpoint in endpoints {
        let query = UndeliveredQuery {
            client: &endpoint.client_id,
            endpoint: &endpoint.id,
            state: Waiting::Failed,
            span,
            cursor: None,
            oldest_first: false,
            most: MOST_DELIVERIES,
        };
        let page = index.of(&query).await?;
        let more = if page.cursor.is_some() {
            " or more"
        } else {
            ""
        };
        let count = page.deliveries.len();
        if count > 0 {
            found.push(format!("{} ({count}{more})", name(endpoint)));
        }
    }
    Ok(found)
}

async fn refused(stack: &Stack, clients: &[ClientId]) -> anyhow::Result<Vec<String>> {
    // Whether an account is refused is no secret: the keyring is not asked for.
    let start = stack.start_with_secrets(&[SESSIONS_TABLE], None).await?;
    let sessions = start.sessions()?;
    let mut found = Vec::new();
    for client in clients {
        let refused = sessions.refused(client).await?;
        found.extend(refused.iter().map(|account| {
            let (alias, partner) = (&account.alias, &account.partner);
            format!("{client}/{alias} ({partner}, since {:.0})", account.since)
        }));
    }
    Ok(found)
}

async fn unknown_codes(
    stack: &Stack,
    clients: &[ClientId],
    span: Span,
) -> anyhow::Result<Vec<String>> {
    let (dynamodb, table) = table_of(stack, "NotificationsTable").await?;
    let index = UnmappedIndex::new(dynamodb, table);
    let query = CodesQuery {
        span,
        ..CodesQuery::default()
    };
    let mut found = Vec::new();
    for client in clients {
        let counted = index.codes(client, &query).await?;
        found.extend(counted.codes.iter().map(|code| {
            // Partners choose their codes: none may control the terminal.
            let pushed = code.newest.pushed_type.escape_debug();
            format!("{client}/{} {pushed}", code.newest.aggregator)
        }));
    }
    Ok(found)
}

async fn doubts(stack: &Stack, now: Timestamp) -> anyhow::Result<Vec<String>> {
    let orders = in_doubt(stack, None, now).await?;
    let named = orders.iter().map(|order| {
        let since = age(order.age_seconds);
        format!("{}/{} ({since})", order.client_id, order.order_number)
    });
    Ok(named.collect())
}

async fn table_of(stack: &Stack, logical_id: &str) -> anyhow::Result<(DynamoDb, String)> {
    let name = stack.tables.name(logical_id).await?;
    Ok((stack.tables.client.clone(), name))
}
