//! Tells the changes of a page: each order whose content differs from what was told of it last. One that the channel writes as it
//! did then is not even read: most orders of a page were told by an earlier run.

use std::collections::{BTreeMap, HashMap};

use ring::digest::{Context, SHA256};
use serde_bytes::ByteBuf;
use tokio::time::Instant;

use crate::clock;
use crate::contract::selling::order::ShopOrderBody;
use crate::domain::account::ChannelAccount;
use crate::domain::message::{Message, MessageKind, MessageSubject, Routing};
use crate::domain::selling::listing::{OrderPage, OrderSource, SourcePage};
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

/// Length of the digests that are kept, in bytes.
const DIGEST_BYTES: usize = 16;
/// A byte that is in no text: two parts are not the same as others that are divided elsewhere.
const END_OF_PART: &[u8] = &[0xff];

/// A change of an order that is to be told.
struct News {
    id: ChannelOrderId,
    key: Key,
    told: ToldOrder,
    body: String,
}

/// An order that may have changed since it was told.
struct Candidate<'a> {
    order: &'a ShopOrder,
    /// The digest of the channel's text that was read for it.
    source: Option<&'a ByteBuf>,
}

/// What was told last of orders.
type Told = HashMap<Key, ToldOrder>;

impl OrderRun<'_> {
    /// Tells the changes of a page, and returns it with the orders that were read: those that the channel does not write as it
    /// did when they were told. Of an order that changed while the page was read only the last state is told.
    pub(super) async fn tell_page(
        &mut self,
        poll: &mut OrderPoll,
        page: SourcePage,
    ) -> Result<(Ended, OrderPage), OrderPollFailure> {
        let sources = page.sources.into_iter();
        let sources: BTreeMap<Key, OrderSource> = sources
            .map(|source| (self.key(&source.position.id), source))
            .collect();
        let told = self.told(sources.keys()).await?;
        let (mut fresh, mut digests) = (Vec::new(), HashMap::new());
        for (key, source) in sources {
            let digest = source_digest(self.account, &source);
            let known = told.get(&key).and_then(|told| told.source.as_ref());
            if known != Some(&digest) {
                digests.insert(source.position.id.clone(), digest);
                fresh.push(source);
            }
        }
        let page = SourcePage {
            sources: fresh,
            ..page
        };
        let page = page.read(|source| self.channel.read_source(self.account, source));
        let candidate = |order| Candidate {
            order,
            source: digests.get(&order.id),
        };
        let candidates: Vec<Candidate<'_>> = page.orders.iter().map(candidate).collect();
        let ended = self.tell_changed(poll, &candidates, &told).await?;
        Ok((ended, page))
    }

    /// Tells the changes of these different orders, which were read by themselves.
    pub(super) async fn tell(
        &mut self,
        poll: &mut OrderPoll,
        orders: &[ShopOrder],
    ) -> Result<Ended, OrderPollFailure> {
        let keys: Vec<Key> = orders.iter().map(|order| self.key(&order.id)).collect();
        let told = self.told(&keys).await?;
        let candidate = |order| Candidate {
            order,
            source: None,
        };
        let candidates: Vec<Candidate<'_>> = orders.iter().map(candidate).collect();
        self.tell_changed(poll, &candidates, &told).await
    }

    async fn told(&self, keys: impl IntoIterator<Item = &Key>) -> Result<Told, StoreFailure> {
        let keys: Vec<Key> = keys.into_iter().cloned().collect();
        self.dependencies.told.read(&keys).await
    }

    /// Tells the changes of these orders. If it returns a failure or is killed, [`OrderRun::send_left`] of the next run sends what
    /// was stored.
    async fn tell_changed(
        &mut self,
        poll: &mut OrderPoll,
        candidates: &[Candidate<'_>],
        told: &Told,
    ) -> Result<Ended, OrderPollFailure> {
        let news = self.news(candidates, told)?;
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

    /// The key of what was told of an order.
    fn key(&self, id: &ChannelOrderId) -> Key {
        let ChannelAccount {
            client_id, alias, ..
        } = self.account;
        told_order(&channel_order(client_id, alias, id))
    }

    /// The orders that are not as they were told.
    fn news(&self, candidates: &[Candidate<'_>], told: &Told) -> Result<Vec<News>, PublishFailure> {
        let mut news = Vec::new();
        for Candidate { order, source } in candidates {
            let body = serde_json::to_string(&ShopOrderBody::from(*order))?;
            let digest = digest([body.as_bytes()]);
            let key = self.key(&order.id);
            let before = told.get(&key);
            if before.is_some_and(|before| before.digest == digest) {
                continue;
            }
            let told = ToldOrder {
                digest,
                source: source.cloned(),
                number: before.map_or(1, |before| before.number.saturating_add(1)),
            };
            news.push(News {
                id: order.id.clone(),
                key,
                told,
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

/// The digest of all that an order is made of: what the channel wrote, the settings of the account, and the version that reads it.
fn source_digest(account: &ChannelAccount, source: &OrderSource) -> ByteBuf {
    let settings = account.settings.iter();
    let settings = settings.flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
    let version = env!("CARGO_PKG_VERSION").as_bytes();
    digest(
        [version, source.text.expose().as_bytes()]
            .into_iter()
            .chain(settings),
    )
}

/// The digest of several parts. It is that of `ring`, which uses the processor's instructions for it on each architecture.
fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> ByteBuf {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
        context.update(END_OF_PART);
    }
    let digest = context.finish();
    let kept = digest.as_ref().iter().copied().take(DIGEST_BYTES);
    ByteBuf::from(kept.collect::<Vec<u8>>())
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
