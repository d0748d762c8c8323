//! Exchanges: one call orders the replacement for a customer and the return of the article that it replaces.
//!
//! Only the orders are created together. Each half then is a shipment like any other: [`Aggregator::book`] continues it
//! from its progress, and look-ups and cancellations find it by its own reference.
//!
//! [`Aggregator::book`]: crate::aggregators::Aggregator::book

use futures::future::BoxFuture;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::domain::order::ShipmentRequest;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;

/// Where the forward shipment is in the request body: the pointers of its violations begin with it.
pub const FORWARD: &str = "/forward";
/// Where the return is in the request body.
pub const RETURN: &str = "/return";
/// Where the order number of the forward shipment is in the request body.
pub const FORWARD_NUMBER: &str = "/exchangeOrderNumber";
/// Where the order number of the return is in the request body.
pub const RETURN_NUMBER: &str = "/returnOrderCode";

/// One shipment of an exchange.
#[derive(Debug, Clone, Copy)]
pub struct ExchangeHalf<'a> {
    /// Its reference.
    pub reference: BookingReference<'a>,
    /// Its request.
    pub request: &'a ShipmentRequest,
}

/// An exchange to be ordered.
#[derive(Debug, Clone, Copy)]
pub struct ExchangeOrder<'a> {
    /// The replacement for the customer.
    pub forward: ExchangeHalf<'a>,
    /// The article that comes back.
    pub returned: ExchangeHalf<'a>,
    /// Whether an earlier attempt may have ordered it: then it is looked up first.
    pub may_exist: bool,
}

/// The progress of both shipments of an exchange.
#[derive(Debug)]
pub struct ExchangeProgress<'a, 'p> {
    /// That of the replacement.
    pub forward: &'a mut Progress<'p>,
    /// That of the return.
    pub returned: &'a mut Progress<'p>,
}

/// Orders exchanges.
pub trait Exchanges: Send + Sync {
    /// Orders both shipments without their AWBs: a creating call, which is never repeated blindly. Afterwards the progress
    /// of both has their orders, and each is booked from there.
    fn order_exchange<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        exchange: ExchangeOrder<'a>,
        progress: ExchangeProgress<'a, '_>,
    ) -> BoxFuture<'a, Result<(), PartnerFailure>>;
}
