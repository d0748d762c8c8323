//! Recommends couriers for a route.

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::rms_magic::call::{GET_COURIERS, post};
use crate::aggregators::rms_magic::refusal;
use crate::contract::courier::{RouteBody, read_couriers};
use crate::contract::fields::read_body;
use crate::domain::courier::{Recommendation, Route};
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const RECOMMEND: Operation = Operation::reads("recommend");

/// The couriers that serve a route.
pub(super) async fn recommend(
    call: AggregatorCall<'_>,
    route: &Route,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let asked = post(call.partner.account, GET_COURIERS, &RouteBody::from(route))?;
    let answered = exchange(call.partner, RECOMMEND, asked).await?;
    answered.read(|reply| {
        refusal::check(reply)?;
        read_body(&reply.body, read_couriers).map_err(|_| RECOMMEND.unclear())
    })
}
