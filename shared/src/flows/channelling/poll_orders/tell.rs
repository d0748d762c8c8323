//! Tells the changes of a page: each order whose content differs from what was told of it last.

use std::collections::BTreeMap;

use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::clock;
use crate::contract::selling::order::ShopOrderBody;
use crate::domain::account::ChannelAccount;
use crate::domain::message::{Message, MessageKind, MessageSubject, Routing};
use crate::domain::selling::order::ShopOrder;
use crate::domain::selling::order_poll::{OrderPoll, Telling};
use crate::domain::text::ChannelOrderId;
use crate::flows::channelling::poll_orders::failure::OrderPollFailure;
use crate::flows::channelling::poll_orders::run::{Ended, LEASE, OrderRun};
use crate::flows::messaging::publish_each::publish_each;
use crate::flows::messaging::publish_message::{PublishFailure, publish_again};
use crate::store::channelling::told_orders::ToldOrder;
use crate::store::failure::StoreFailure;
use crate::store::keys::{Key, channel_order, told_order};
use crate::store::transaction::Part;

/// Length of the digest of what was told, in bytes.
const DIGEST_BYTES: usize = 16;

/// A change of an order that is to be told.
struct News {
    id: ChannelOrderId,
    key: Key,
    told: ToldOrder,
    body: String,
}

impl OrderRun<'_> {
    /// Tells the changes of these orders. If it returns a failure or is killed, [`OrderRun::send_left`] of the next run sends what
    /// was stored.
    pub(super) async fn tell(
        &mut self,
        poll: &mut OrderPoll,
        orders: &[ShopOrder],
    ) -> Result<Ended, OrderPollFailure> {
        let news = self.news(orders).await?;
        if news.is_empty() {
            return Ok(Ended::InOrder);
        }
        let telling = news.iter().map(|news| Telling {
            id: news.id.clone(),
            number: news.told.number,
        });
        poll.telling = telling.collect();
        if !self.keep(poll, LEASE).await? {
            return Ok(Ended::Outrun);
        }
        let count = news.len();
        let published = self.publish(news).await?;
        if published < count {
            tracing::warn!("another run told a change of an order first");
            return Ok(Ended::Outrun);
        }
        Ok(Ended::InOrder)
    }

    /// The orders that are not as they were told. Of an order that changed while the page was read only the last state is told.
    async fn news(&self, orders: &[ShopOrder]) -> Result<Vec<News>, OrderPollFailure> {
        let ChannelAccount {
            client_id, alias, ..
        } = self.account;
        let orders: BTreeMap<Key, &ShopOrder> = orders
            .iter()
            .map(|order| {
                let key = told_order(&channel_order(client_id, alias, &order.id));
                (key, order)
            })
            .collect();
        let keys: Vec<Key> = orders.keys().cloned().collect();
        let told = self.dependencies.told.read(&keys).await?;
        let mut news = Vec::new();
        for (key, order) in orders {
            let body = serde_json::to_string(&ShopOrderBody::from(order));
            let body = body.map_err(PublishFailure::from)?;
            let digest = digest(&body);
            let before = told.get(&key);
            if before.is_some_and(|before| before.digest == digest) {
                continue;
            }
            let number = before.map_or(1, |before| before.number.saturating_add(1));
            news.push(News {
                id: order.id.clone(),
                key,
                told: ToldOrder { digest, number },
                body,
            });
        }
        Ok(news)
    }

    /// Stores the messages with the records of what they tell, and sends them. Returns how many.
    async fn publish(&self, news: Vec<News>) -> Result<usize, OrderPollFailure> {
        let OrderRun {
            dependencies,
            account,
            ..
        } = *self;
        let publishing = &dependencies.publishing;
        let endpoints = publishing.endpoints.all(&account.client_id).await?;
        let caused = news.into_iter().map(|news| {
            let record = dependencies.told.part(&news.key, &news.told)?;
            let message = message(account, news.id, news.told.number, news.body);
            Ok((message, record))
        });
        let caused: Vec<(Message<'_>, Part)> = caused.collect::<Result<_, StoreFailure>>()?;
        // After the lease another run may tell the same.
        let write = async |parts| {
            let is_held = Instant::now() < self.held_until;
            Ok(is_held && dependencies.told.write(parts).await?)
        };
        let now = clock::now();
        let published = publish_each(publishing, &endpoints, &caused, self.id, now, write).await?;
        Ok(published.len())
    }

    /// Sends the messages that an earlier run may have stored without sending them.
    pub(super) async fn send_left(&self, poll: &mut OrderPoll) -> Result<(), PublishFailure> {
        for telling in &poll.telling {
            let unsent = message(
                self.account,
                telling.id.clone(),
                telling.number,
                String::new(),
            );
            publish_again(&self.dependencies.publishing, &unsent).await?;
        }
        poll.telling.clear();
        Ok(())
    }
}

fn digest(body: &str) -> ByteBuf {
    let digest = Sha256::digest(body);
    ByteBuf::from(
        digest
            .iter()
            .copied()
            .take(DIGEST_BYTES)
            .collect::<Vec<u8>>(),
    )
}

/// The message about an order. Its id depends only on the account, the order, and how many messages were before.
fn message(account: &ChannelAccount, id: ChannelOrderId, number: u64, body: String) -> Message<'_> {
    Message {
        client_id: &account.client_id,
        routing: Routing {
            kind: MessageKind::ChannelOrder,
            notification_type: None,
            shipment_type: None,
            alias: None,
            warehouse: None,
        },
        subject: MessageSubject::ChannelOrder(id),
        identity: vec![account.alias.to_string(), number.to_string()],
        content: String::new(),
        correction: false,
        body,
    }
}
