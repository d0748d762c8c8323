//! The capability of aggregators whose prices are asked for in their own terms, before an order exists.

use futures::future::BoxFuture;
use serde_json::Value;

use crate::aggregators::call::AggregatorCall;
use crate::domain::pricing::PriceQuestion;
use crate::partners::failure::PartnerFailure;

/// The aggregator's answer, as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldPrices {
    /// The prices.
    pub data: Value,
    /// Which part of all prices they are.
    pub pagination: Option<Value>,
}

/// Prices shipments.
pub trait PricesShipments: Send + Sync {
    /// The prices of a shipment: one reading call.
    fn prices<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        question: &'a PriceQuestion,
    ) -> BoxFuture<'a, Result<ToldPrices, PartnerFailure>>;
}
