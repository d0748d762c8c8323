//! Orders exchanges: one call creates the order of the replacement and that of the return.
//!
//! Whether Shiprocket returns the earlier orders if the call is repeated is not documented, so it is not repeated: after
//! an unknown outcome both orders are looked up by their names.

mod locations;
mod request;
mod wire;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::exchange::{ExchangeHalf, ExchangeOrder, ExchangeProgress};
use crate::aggregators::shiprocket::book::AWB;
use crate::aggregators::shiprocket::call::post;
use crate::aggregators::shiprocket::look_up::find;
use crate::aggregators::shiprocket::order::kept::{ORDER, ShiprocketOrder, created_order};
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::ask;
use crate::aggregators::shiprocket::wire::ShiprocketAnswer;
use crate::domain::given_id::GivenId;
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::progress::Progress;
use crate::partners::transport::Operation;

const CREATE_EXCHANGE: Operation = Operation::creates("create_exchange");

/// Creates both orders, or continues from what earlier attempts created.
pub(super) async fn order_exchange(
    call: AggregatorCall<'_>,
    exchange: ExchangeOrder<'_>,
    progress: ExchangeProgress<'_, '_>,
) -> Result<(), PartnerFailure> {
    let ExchangeProgress { forward, returned } = progress;
    let known = [forward.at(ORDER), returned.at(ORDER)].map(|order| order.is_some());
    let orders = match known {
        [true, true] => return Ok(()),
        [false, false] if !exchange.may_exist => created(call, exchange).await?,
        [false, false] => match looked_up(call, exchange).await? {
            [Some(forward), Some(returned)] => [forward, returned],
            [None, None] => created(call, exchange).await?,
            [Some(_), None] | [None, Some(_)] => return Err(CREATE_EXCHANGE.unclear()),
        },
        [true, false] => return other_half(call, exchange.returned, returned).await,
        [false, true] => return other_half(call, exchange.forward, forward).await,
    };
    let is_cancelled = orders.iter().any(|order| order.is_cancelled);
    let [of_forward, of_returned] = orders;
    keep(forward, of_forward).await?;
    keep(returned, of_returned).await?;
    if is_cancelled {
        return Err(refusal::cancelled_order());
    }
    Ok(())
}

/// The order of one half, if that of the other half is known: the exchange exists, so nothing is created.
async fn other_half(
    call: AggregatorCall<'_>,
    half: ExchangeHalf<'_>,
    progress: &mut Progress<'_>,
) -> Result<(), PartnerFailure> {
    let found = find_half(call, half).await?;
    let order = found.ok_or(CREATE_EXCHANGE.unclear())?;
    let is_cancelled = order.is_cancelled;
    keep(progress, order).await?;
    if is_cancelled {
        return Err(refusal::cancelled_order());
    }
    Ok(())
}

/// Stores an order, and its AWB if it has one, so that none is assigned again.
async fn keep(progress: &mut Progress<'_>, order: ShiprocketOrder) -> Result<(), PartnerFailure> {
    let packed = order.ids.packed();
    let given = GivenId::OrderId(order.ids.order);
    progress.reach(ORDER, &packed, given).await?;
    if let Some(assigned) = order.assigned.filter(|_| !order.is_cancelled) {
        let packed = assigned.packed();
        let given = GivenId::Awb(assigned.awb);
        progress.reach(AWB, &packed, given).await?;
    }
    Ok(())
}

async fn looked_up(
    call: AggregatorCall<'_>,
    exchange: ExchangeOrder<'_>,
) -> Result<[Option<ShiprocketOrder>; 2], PartnerFailure> {
    let forward = find_half(call, exchange.forward).await?;
    let returned = find_half(call, exchange.returned).await?;
    Ok([forward, returned])
}

/// Whatever fails here, the order may exist.
async fn find_half(
    call: AggregatorCall<'_>,
    half: ExchangeHalf<'_>,
) -> Result<Option<ShiprocketOrder>, PartnerFailure> {
    let reference = half.reference;
    let found = find(call, &reference.name(), reference.shipment_type).await;
    found.map_err(|_| CREATE_EXCHANGE.unclear())
}

async fn created(
    call: AggregatorCall<'_>,
    exchange: ExchangeOrder<'_>,
) -> Result<[ShiprocketOrder; 2], PartnerFailure> {
    let names = [exchange.forward, exchange.returned].map(|half| half.reference.name());
    let [forward_name, return_name] = &names;
    let mut body = request::exchange(call.account, [forward_name, return_name], exchange)?;
    locations::name(call, exchange, &mut body).await?;
    let asked = post(call.partner.account, "orders/create/exchange", &body)?;
    let answered = ask(call.partner, CREATE_EXCHANGE, asked).await?;
    match answered.read(creation)? {
        ExchangeCreation::Orders(orders) => Ok(*orders),
        ExchangeCreation::Taken(refusal) => match looked_up(call, exchange).await? {
            [Some(forward), Some(returned)] => Ok([forward, returned]),
            [Some(_) | None, None] | [None, Some(_)] => Err(PartnerFailure::Refused(refusal)),
        },
    }
}

/// The result of creating an exchange.
#[derive(Debug)]
enum ExchangeCreation {
    /// The forward order and the return.
    Orders(Box<[ShiprocketOrder; 2]>),
    /// An order with one of the names exists.
    Taken(Refusal),
}

/// Parses the response of `orders/create/exchange`.
fn creation(reply: &Reply) -> Result<ExchangeCreation, PartnerFailure> {
    if reply.status >= 400 {
        let refusal = refusal::of(reply);
        return if says_taken(reply) {
            Ok(ExchangeCreation::Taken(refusal))
        } else {
            Err(PartnerFailure::Refused(refusal))
        };
    }
    let answer = ShiprocketAnswer::of(reply).ok_or(CREATE_EXCHANGE.unclear())?;
    let order = |pointer| answer.at(pointer).and_then(created_order);
    let orders = [order("/data/forward_orders"), order("/data/return_orders")];
    match orders {
        [Some(forward), Some(returned)] => {
            Ok(ExchangeCreation::Orders(Box::new([forward, returned])))
        }
        [None, None] if is_refusal(reply, &answer) => {
            Err(PartnerFailure::Refused(refusal::of(reply)))
        }
        [Some(_) | None, None] | [None, Some(_)] => Err(CREATE_EXCHANGE.unclear()),
    }
}

/// Whether a 2xx body without any order id says that nothing was created.
fn is_refusal(reply: &Reply, answer: &ShiprocketAnswer) -> bool {
    let names_an_order = ["/data/forward_orders", "/data/return_orders"]
        .into_iter()
        .any(|pointer| answer.at(pointer).is_some());
    !names_an_order
        && (refusal::is_failure(answer)
            || (answer.at("/success").is_none() && refusal::of(reply).message.is_some()))
}

fn says_taken(reply: &Reply) -> bool {
    let is_taken = |name| refusal::says_field_taken(reply, name);
    refusal::says_taken(reply) || is_taken("exchange_order_id") || is_taken("return_order_id")
}
