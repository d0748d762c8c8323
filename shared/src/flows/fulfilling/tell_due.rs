//! Runs every minute: tells the client of orders that the OMS did not confirm in time, and completes what a function left that
//! ended between the record of a result and its message.
//!
//! Several runs at once do no harm: an order is marked on the condition that it has no result and was not told of before. It
//! stays due until its message is queued, so that the next run completes what this one leaves.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tracing::{Instrument as _, info_span};
use uuid::Uuid;

use crate::clock;
use crate::domain::fulfilling::outbound_order::OutboundOrder;
use crate::domain::message::Message;
use crate::domain::text::{ClientId, RequestId, SalesOrderNumber};
use crate::flows::failure::FlowFailure;
use crate::flows::fulfilling::dependencies::DueDependencies;
use crate::flows::messaging::outbound_messages::{result_message, unconfirmed_message};
use crate::flows::messaging::publish_each_again::publish_each_again;
use crate::flows::messaging::publish_message::PublishFailure;
use crate::flows::messaging::publish_together::publish_together;
use crate::store::failure::StoreFailure;
use crate::store::fulfilling::due_orders::DueOrders;
use crate::store::fulfilling::order_changes::MOST_CHANGES;
use crate::telemetry::metrics::measured;

/// How often orders are judged at most while others change them. The next run continues.
const MOST_TRIES: u32 = 3;
/// No page begins with less time left.
const LONGEST_PAGE: Duration = Duration::from_secs(20);

/// Tells of everything that is due, until `end`.
pub async fn tell_due(dependencies: &DueDependencies, end: Instant) -> Result<(), StoreFailure> {
    let run = RequestId::from(Uuid::now_v7());
    let span = info_span!("run", request_id = %run);
    measured(Box::pin(tell_all(dependencies, &run, end).instrument(span))).await
}

async fn tell_all(
    dependencies: &DueDependencies,
    run: &RequestId,
    end: Instant,
) -> Result<(), StoreFailure> {
    let now = clock::now();
    for shard in DueOrders::shards() {
        let mut next = None;
        loop {
            if Instant::now() + LONGEST_PAGE > end {
                return Ok(());
            }
            let page = dependencies.due.page(shard, now, next).await?;
            let mut of_clients: BTreeMap<ClientId, Vec<SalesOrderNumber>> = BTreeMap::new();
            for (client, number) in page.orders {
                of_clients.entry(client).or_default().push(number);
            }
            for (client, numbers) in &of_clients {
                let span = info_span!("due", client_id = %client);
                tell_of_client(dependencies, (client, numbers), run, now)
                    .instrument(span)
                    .await;
            }
            next = page.next;
            if next.is_none() {
                break;
            }
        }
    }
    Ok(())
}

/// What fails for one client does not concern the others.
async fn tell_of_client(
    dependencies: &DueDependencies,
    (client, numbers): (&ClientId, &[SalesOrderNumber]),
    run: &RequestId,
    now: Timestamp,
) {
    for numbers in numbers.chunks(MOST_CHANGES) {
        let telling = Telling {
            dependencies,
            client,
            run,
            now,
        };
        if let Err(failure) = telling.tell(numbers).await {
            let error = crate::telemetry::chain(&failure);
            tracing::warn!(error, "telling of the orders is left to the next run");
        }
    }
}

#[derive(Clone, Copy)]
struct Telling<'a> {
    dependencies: &'a DueDependencies,
    client: &'a ClientId,
    run: &'a RequestId,
    now: Timestamp,
}

impl Telling<'_> {
    async fn tell(self, numbers: &[SalesOrderNumber]) -> Result<(), FlowFailure> {
        for _ in 0..MOST_TRIES {
            let orders = &self.dependencies.orders;
            let known = orders.known(self.client, numbers).await?;
            // The index may be behind: an order may have been settled meanwhile, or be due later.
            let is_due = |order: &&OutboundOrder| order.due_at.is_some_and(|at| at <= self.now);
            let due: Vec<_> = known.values().filter(is_due).collect();
            let (begun, late): (Vec<_>, Vec<_>) = due
                .iter()
                .partition(|order| order.result.is_some() || order.unconfirmed_at.is_some());
            self.complete(&begun).await?;
            if self.tell_late(&late).await? {
                let settled = due.iter().filter_map(|order| {
                    let due_at = order.due_at?;
                    Some((order.number.clone(), due_at))
                });
                let settled: Vec<_> = settled.collect();
                return Ok(orders.settle(self.client, &settled).await?);
            }
        }
        Ok(())
    }

    /// Sends what an earlier run or request may not have sent, in its order.
    async fn complete(self, begun: &[&OutboundOrder]) -> Result<(), FlowFailure> {
        if begun.is_empty() {
            return Ok(());
        }
        let client = self.client;
        let late = begun.iter().filter(|order| order.unconfirmed_at.is_some());
        let late = late.map(|order| unconfirmed_message(client, order));
        let results = begun.iter().filter_map(|order| {
            let dated = order.result.as_ref()?;
            Some(result_message(client, order, &dated.result))
        });
        let messages: Result<Vec<Message<'_>>, _> = late.chain(results).collect();
        let messages = messages.map_err(PublishFailure::NotSerialised)?;
        let publishing = &self.dependencies.publishing;
        let endpoints = publishing.endpoints.all(client).await?;
        publish_each_again(publishing, &endpoints, &messages, self.run, self.now).await?;
        Ok(())
    }

    /// Tells of orders that the OMS did not confirm in time; `false` if one of them was changed meanwhile.
    async fn tell_late(self, late: &[&OutboundOrder]) -> Result<bool, FlowFailure> {
        if late.is_empty() {
            return Ok(true);
        }
        let message = |order: &&OutboundOrder| unconfirmed_message(self.client, order);
        let messages: Result<Vec<_>, _> = late.iter().map(message).collect();
        let messages = messages.map_err(PublishFailure::NotSerialised)?;
        let write = async |parts| {
            let orders = &self.dependencies.orders;
            orders
                .mark_unconfirmed(self.client, late, self.now, parts)
                .await
        };
        let publishing = &self.dependencies.publishing;
        let endpoints = publishing.endpoints.all(self.client).await?;
        let (run, now) = (self.run, self.now);
        let published =
            publish_together(publishing, &endpoints, &messages, run, now, write).await?;
        Ok(published.is_some())
    }
}
