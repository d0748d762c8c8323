//! Creates a return order, once. One with an AWB is registered; for one without, RMS buys the AWB if an account can.
//!
//! An order that is only registered costs one read, one transaction and one send. The order, its parcel and the
//! notification that it was placed are one transaction, so a repeat finds all of them or none.

use std::sync::Arc;

use crate::aggregators::{self, Aggregator};
use crate::contract::return_order::content::return_digest;
use crate::domain::account::LogisticAccount;
use crate::domain::endpoint::WebhookEndpoint;
use crate::domain::notification::NotificationType;
use crate::domain::returning::mark::ReturnMark;
use crate::domain::returning::return_order::{ReturnOrder, ReturnOrderType};
use crate::domain::returning::state::ReturnOrderState;
use crate::domain::shipment::ShipmentType;
use crate::domain::shipment_id::ShipmentId;
use crate::domain::text::{AccountAlias, AggregatorName};
use crate::flows::booking::account::{Chosen, choose};
use crate::flows::failure::FlowFailure;
use crate::flows::returning::announce::{Announcement, ReturnNews, announce_again};
use crate::flows::returning::buy_awb::buy;
use crate::flows::returning::dependencies::ReturnRequest;
use crate::flows::returning::parcel::{only_account, pushing_accounts, register, taken};
use crate::flows::returning::read_return::{PresentReturn, ReturnSource, parcel_id, read_return};
use crate::store::booking::kept_requests::KnownOfReturn;
use crate::store::returning::return_orders::{NewReturn, ReturnOrders, StoredReturn};
use crate::store::transaction::Part;

/// How often the creation is begun, if other requests change the same return order.
const MOST_TRIES: usize = 4;

/// The result of a request for a return order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It is created.
    Created,
    /// It was created before.
    Replayed,
    /// It is created, and the aggregator has its AWB in a queue.
    Pending,
}

/// A return order that is to be created.
#[derive(Debug, Clone, Copy)]
pub(super) struct Creation<'a> {
    pub(super) request: ReturnRequest<'a>,
    pub(super) order: &'a ReturnOrder,
    /// A digest of the content that a repeat must match.
    pub(super) content: &'a str,
    /// The id of its parcel.
    pub(super) parcel: &'a ShipmentId,
}

/// What is known before a return order is created.
pub(super) struct Known {
    pub(super) shipments: KnownOfReturn,
    /// Whether the client has a return order with the code.
    pub(super) is_used: bool,
    pub(super) endpoints: Arc<[WebhookEndpoint]>,
}

/// The return order that had the code before.
pub(super) enum Before {
    /// There was none.
    Never,
    /// It was cancelled: the code may be used again.
    Cancelled(PresentReturn),
    /// It exists.
    Placed(PresentReturn),
}

/// A return order with what is written and told with it.
pub(super) struct Written<'a> {
    /// The order, with its AWB if that is known.
    pub(super) order: &'a ReturnOrder,
    pub(super) mark: &'a ReturnMark,
    pub(super) account: Option<(&'a AccountAlias, &'a AggregatorName)>,
    pub(super) endpoints: Arc<[WebhookEndpoint]>,
    /// Whether the client is told now.
    pub(super) is_told: bool,
    pub(super) replaces: Option<&'a StoredReturn>,
    pub(super) also: Vec<Part>,
}

/// Creates a return order.
pub async fn create_return(
    request: ReturnRequest<'_>,
    order: &ReturnOrder,
) -> Result<Placed, FlowFailure> {
    Box::pin(create(request, order, true)).await
}

/// Creates a return order without buying its AWB, whatever accounts the client has.
pub async fn register_return(
    request: ReturnRequest<'_>,
    order: &ReturnOrder,
) -> Result<Placed, FlowFailure> {
    Box::pin(create(request, order, false)).await
}

async fn create(
    request: ReturnRequest<'_>,
    order: &ReturnOrder,
    may_buy: bool,
) -> Result<Placed, FlowFailure> {
    if ReturnOrders::is_too_large(order) {
        let detail = "is too large: shorten its texts, or send fewer items";
        return Err(FlowFailure::of_field("/orderItems", detail.to_owned()));
    }
    let client = &request.caller.client_id;
    let parcel = parcel_id(client, &order.return_order_code)?;
    let content = return_digest(order);
    let creation = Creation {
        request,
        order,
        content: &content,
        parcel: &parcel,
    };
    let chosen = if may_buy {
        creation.account().await?
    } else {
        None
    };
    for _ in 0..MOST_TRIES {
        let placed = match &chosen {
            Some(chosen) => Box::pin(buy(creation, chosen)).await?,
            None => Box::pin(creation.register()).await?,
        };
        if let Some(placed) = placed {
            return Ok(placed);
        }
    }
    Err(FlowFailure::Contended)
}

/// Tells again that a return order was placed, to the endpoints that an interrupted request did not tell.
pub async fn tell_again(
    request: ReturnRequest<'_>,
    stored: &StoredReturn,
) -> Result<(), FlowFailure> {
    let word = NotificationType::ReturnOrderPlaced;
    announce_again(request, &stored.order, stored.round, word).await
}

impl Creation<'_> {
    /// The account that buys the AWB; `None` if RMS buys none.
    async fn account(&self) -> Result<Option<Chosen>, FlowFailure> {
        let order = self.order;
        if order.awb.is_some() || order.order_type != ReturnOrderType::CustomerReturn {
            return Ok(None);
        }
        let client = &self.request.caller.client_id;
        let accounts = &self.request.dependencies.purchase.booking.accounts;
        if let Some(alias) = &order.alias {
            let chosen = choose(accounts, client, Some(alias)).await?;
            if !chosen.aggregator.books_returns() {
                return Err(FlowFailure::NotSupported(
                    "the account's aggregator does not book return AWBs",
                ));
            }
            return Ok(Some(chosen));
        }
        let mut all = accounts.all(client).await?;
        all.retain(books_returns);
        match all.as_slice() {
            [] => Ok(None),
            [only] => choose(accounts, client, Some(&only.alias)).await.map(Some),
            [..] => Err(FlowFailure::of_field(
                "/logisticAccountAlias",
                "is required: several accounts make return AWBs".to_owned(),
            )),
        }
    }

    /// What is known of the shipments, and the endpoints of the client, with one read if they did not change.
    pub(super) async fn known(&self) -> Result<Known, FlowFailure> {
        let (order, dependencies) = (self.order, self.request.dependencies);
        let client = &self.request.caller.client_id;
        let details = order.order_details.as_ref();
        let of_order = ShipmentId {
            client_id: client.clone(),
            shipment_type: ShipmentType::Forward,
            order_number: order.forward_order_code.clone(),
            shipment_code: None,
        };
        // A label may be asked for without the parcel's number.
        let parcel = details.and_then(|details| details.forward_shipment_number.clone());
        let of_parcel = parcel.map(|parcel| ShipmentId {
            shipment_code: Some(parcel),
            ..of_order.clone()
        });
        let forward: Vec<_> = of_parcel.into_iter().chain([of_order]).collect();
        let wanted = [
            dependencies.versions.wanted(client)?,
            dependencies
                .returns
                .wanted(client, &order.return_order_code)?,
        ];
        let shipments = dependencies.shipments();
        let (shipments, mut found) = shipments.of_return(&forward, self.parcel, wanted).await?;
        let is_used = dependencies.returns.was_found(&mut found);
        let version = dependencies.versions.found(found);
        let endpoints = dependencies.endpoints.all_as_of(client, &version).await?;
        Ok(Known {
            shipments,
            is_used,
            endpoints,
        })
    }

    /// What the parcel's record says about the return order.
    pub(super) fn mark(&self, known: &Known) -> ReturnMark {
        let forward = known.shipments.forward.as_ref();
        ReturnMark::of(self.order, forward.map(|forward| &forward.facts))
    }

    /// Registers a return order without buying anything; `None` if another request was faster.
    async fn register(&self) -> Result<Option<Placed>, FlowFailure> {
        let (request, order) = (self.request, self.order);
        let known = self.known().await?;
        let replaces = match self.before(&known).await? {
            Before::Never => None,
            Before::Cancelled(met) => Some(met),
            Before::Placed(met) => return self.replay(&met).await.map(Some),
        };
        let accounts = if order.awb.is_some() || order.alias.is_some() {
            pushing_accounts(request, order.alias.as_ref()).await?
        } else {
            Vec::new()
        };
        let mark = self.mark(&known);
        let met = known.shipments.parcel.as_ref();
        let written = Written {
            order,
            mark: &mark,
            account: only_account(&accounts),
            also: register(request, self.parcel, order, &mark, &accounts, met)?,
            endpoints: known.endpoints,
            is_told: true,
            replaces: replaces.as_ref().map(|met| &met.stored),
        };
        if self.write(&written).await? {
            return Ok(Some(Placed::Created));
        }
        let Some(awb) = &order.awb else {
            return Ok(None);
        };
        let taken = taken(request, self.parcel, awb, &accounts).await?;
        taken.map_or(Ok(None), Err)
    }

    /// What became of the return order that had the code before.
    pub(super) async fn before(&self, known: &Known) -> Result<Before, FlowFailure> {
        if !known.is_used {
            return Ok(Before::Never);
        }
        Ok(match self.present().await? {
            None => Before::Never,
            Some(met) if met.timeline.state == ReturnOrderState::Cancelled => {
                Before::Cancelled(met)
            }
            Some(met) => Before::Placed(met),
        })
    }

    async fn present(&self) -> Result<Option<PresentReturn>, FlowFailure> {
        let client = &self.request.caller.client_id;
        let source = ReturnSource::of(self.request.dependencies);
        read_return(source, client, &self.order.return_order_code).await
    }

    /// Answers a repeat, after it sent what an earlier request may not have sent.
    pub(super) async fn replay(&self, met: &PresentReturn) -> Result<Placed, FlowFailure> {
        if met.stored.content != self.content {
            return Err(FlowFailure::OrderNumberReused);
        }
        let word = NotificationType::ReturnOrderPlaced;
        let (order, round) = (&met.stored.order, met.stored.round);
        announce_again(self.request, order, round, word).await?;
        Ok(Placed::Replayed)
    }

    /// Writes a new return order and tells the client; `false` if another request was faster.
    pub(super) async fn write(&self, written: &Written<'_>) -> Result<bool, FlowFailure> {
        let request = self.request;
        let order = written.order;
        let announcement = written
            .is_told
            .then(|| {
                let news = ReturnNews {
                    order,
                    round: written.replaces.map_or(1, |before| before.round + 1),
                    created_at: request.now,
                    word: NotificationType::ReturnOrderPlaced,
                    account: written.account,
                    awb: order.awb.as_ref(),
                    transporter: order.transporter.as_deref(),
                    mark: written.mark,
                };
                Announcement::new(request, news, Arc::clone(&written.endpoints))
            })
            .transpose()?;
        let told = announcement.as_ref().map(Announcement::part).transpose()?;
        let new = NewReturn {
            order,
            created_at: request.now,
            content: self.content,
            replaces: written.replaces,
        };
        let also = written.also.iter().cloned().chain(told);
        let client = &request.caller.client_id;
        let returns = &request.dependencies.returns;
        if !returns.create(client, &new, also).await? {
            return Ok(false);
        }
        if let Some(announcement) = announcement {
            announcement.send().await?;
        }
        Ok(true)
    }
}

fn books_returns(account: &LogisticAccount) -> bool {
    let aggregator = aggregators::find(&account.aggregator);
    aggregator.is_some_and(Aggregator::books_returns)
}
