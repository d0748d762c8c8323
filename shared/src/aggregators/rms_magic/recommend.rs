//! Which couriers serve a route.

use crate::aggregators::rms_magic::call::{GET_COURIERS, account_url, post};
use crate::aggregators::rms_magic::refusal;
use crate::contract::courier::{RouteBody, read_couriers};
use crate::contract::fields::read_body;
use crate::domain::courier::{Recommendation, Route};
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::transport::{Effect, exchange, unclear};

/// The couriers that serve a route.
pub(super) async fn recommend(
    call: Call<'_>,
    route: &Route,
) -> Result<Vec<Recommendation>, Failure> {
    let url = account_url(call.account, GET_COURIERS)?;
    let reply = exchange(
        call,
        post(call.account, url, &RouteBody::from(route)),
        Effect::Reads,
    )
    .await?;
    refusal::check(&reply)?;
    read_body(&reply.body, read_couriers).map_err(|_| unclear(Effect::Reads))
}
