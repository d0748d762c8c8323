//! The capability of aggregators that predict dates of delivery in a call of their own, beside their recommendations.

use std::collections::BTreeMap;

use futures::future::BoxFuture;

use crate::aggregators::call::AggregatorCall;
use crate::domain::courier::Route;
use crate::domain::quote::DeliveryDates;
use crate::domain::text::CourierId;
use crate::partners::failure::PartnerFailure;

/// The expected dates of delivery, by courier.
pub type DatesByCourier = BTreeMap<CourierId, DeliveryDates>;

/// Predicts the dates of delivery on a route.
pub trait PredictsDelivery: Send + Sync {
    /// The dates of the couriers for which the aggregator has some: a reading call.
    fn predict<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<DatesByCourier, PartnerFailure>>;
}
