//! RMS Magic: any aggregator that speaks our own standard contract (docs/rms-magic.md).
//!
//! Its wire shapes are the contract's own. Beside the document it may answer `?orderNumber=` on its two Get URLs: the
//! booking with that order number, or 404 with `{"orderNumber": "<the one asked>", "found": false}` when it has none.
//! Only such an answer proves that nothing was booked; any other leaves an unknown outcome unknown.

mod account;
mod refusal;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use crate::aggregators::reference::Reference;
use crate::aggregators::status::Status;
use crate::aggregators::{
    Aggregator, Cancels, Configures, CreatesOrders, Found, PushProof, PushRejection, Pushes,
    RecommendsCouriers, Registers,
};
use crate::contract::courier::{RouteBody, read_couriers};
use crate::contract::fields::read_body;
use crate::contract::shipment::ShipmentBody;
use crate::contract::{booking, push};
use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booked, Booking};
use crate::domain::courier::{Recommendation, Route};
use crate::domain::form::{AccountProblem, Form};
use crate::domain::notification::PushedEvent;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::outbound::client::{Reply, Request};
use crate::partners::call::Call;
use crate::partners::failure::Failure;
use crate::partners::progress::Progress;
use crate::partners::transport::{Effect, exchange, unclear};

const GENERATE_LABEL: &str = "generateShippingLabel";
const GET_LABEL: &str = "getShippingLabel";
const GENERATE_RETURN: &str = "generateReturnAwb";
const GET_RETURN: &str = "getReturnAwb";
const GET_COURIERS: &str = "getCouriers";

/// The adapter.
#[derive(Debug)]
pub struct RmsMagic;

impl Registers for RmsMagic {
    fn name(&self) -> &'static str {
        "RMS_MAGIC"
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Credential
    }

    fn body_proof(&self, _: &BTreeMap<String, SecretString>) -> Option<SecretString> {
        None
    }
}

impl Pushes for RmsMagic {
    fn read_push(
        &self,
        _account: &LogisticAccount,
        body: &[u8],
    ) -> Result<Vec<PushedEvent>, PushRejection> {
        Ok(vec![push::read_push(body)?])
    }

    fn statuses(&self) -> Vec<Status> {
        Vec::new()
    }
}

impl Configures for RmsMagic {
    fn form(&self) -> &'static Form {
        &account::FORM
    }

    fn check<'a>(&'a self, call: Call<'a>) -> BoxFuture<'a, Result<Vec<AccountProblem>, Failure>> {
        Box::pin(account::check(call))
    }
}

impl Aggregator for RmsMagic {
    fn repeats_safely(&self) -> bool {
        false
    }

    fn chooses_couriers(&self) -> bool {
        false
    }

    fn book<'a>(
        &'a self,
        call: Call<'a>,
        _reference: Reference<'a>,
        request: &'a ShipmentRequest,
        _progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, Failure>> {
        Box::pin(async move {
            let shipment_type = request.purpose.shipment_type();
            let url = match shipment_type {
                ShipmentType::Forward => account_url(call.account, GENERATE_LABEL)?,
                ShipmentType::Return => account_url(call.account, GENERATE_RETURN)?,
            };
            let reply = exchange(
                call,
                post(call.account, url, &ShipmentBody::from(request)),
                Effect::Creates,
            )
            .await?;
            refusal::check(&reply)?;
            let is_ours = order_named(&reply)
                .is_none_or(|order_number| order_number == request.order_number.as_str());
            read_booking(&reply, shipment_type)
                .filter(|_| is_ours)
                .map(Booked::Now)
                .ok_or(Failure::OutcomeUnknown)
        })
    }

    fn look_up<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
    ) -> BoxFuture<'a, Result<Found, Failure>> {
        Box::pin(async move {
            let mut url = match reference.shipment_type {
                ShipmentType::Forward => account_url(call.account, GET_LABEL)?,
                ShipmentType::Return => account_url(call.account, GET_RETURN)?,
            };
            name_order(&mut url, reference);
            let reply = exchange(call, get(call.account, url), Effect::Reads).await?;
            judge_lookup(&reply, reference)
        })
    }

    fn recommends_couriers(&self, account: &LogisticAccount) -> Option<&dyn RecommendsCouriers> {
        account.urls.contains_key(GET_COURIERS).then_some(self)
    }

    /// The contract has no order without a label.
    fn creates_orders(&self, _account: &LogisticAccount) -> Option<&dyn CreatesOrders> {
        None
    }

    /// The contract has no cancellation.
    fn cancels(&self, _account: &LogisticAccount) -> Option<&dyn Cancels> {
        None
    }
}

impl RecommendsCouriers for RmsMagic {
    fn recommend<'a>(
        &'a self,
        call: Call<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, Failure>> {
        Box::pin(async move {
            let url = account_url(call.account, GET_COURIERS)?;
            let reply = exchange(
                call,
                post(call.account, url, &RouteBody::from(route)),
                Effect::Reads,
            )
            .await?;
            refusal::check(&reply)?;
            read_body(&reply.body, read_couriers).map_err(|_| unclear(Effect::Reads))
        })
    }
}

/// The aggregator's own id is documented; our order number is the extension.
fn name_order(url: &mut Url, reference: Reference<'_>) {
    let mut query = url.query_pairs_mut();
    if let Some(order_id) = reference.order_id {
        query.append_pair("orderId", order_id.as_str());
        return;
    }
    query.append_pair("orderNumber", reference.order_number.as_str());
    if let Some(code) = reference.shipment_code {
        query.append_pair("shipmentCode", code.as_str());
    }
}

fn judge_lookup(reply: &Reply, reference: Reference<'_>) -> Result<Found, Failure> {
    let asked_by_number = reference.order_id.is_none();
    let is_ours = order_named(reply).as_deref() == Some(reference.order_number.as_str());
    match reply.status {
        200..=299 => read_booking(reply, reference.shipment_type)
            .filter(|_| is_ours)
            .map(Found::Booking)
            .ok_or(Failure::Unreadable),
        404 if asked_by_number && is_ours && denies(reply) => Ok(Found::Nothing),
        _ => Ok(Found::CannotTell),
    }
}

/// Whether the answer says in so many words that there is no such order.
fn denies(reply: &Reply) -> bool {
    let body: Option<serde_json::Value> = serde_json::from_slice(&reply.body).ok();
    body.is_some_and(|body| body.get("found") == Some(&serde_json::Value::Bool(false)))
}

/// The order that the answer says it is about.
fn order_named(reply: &Reply) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(&reply.body).ok()?;
    Some(body.get("orderNumber")?.as_str()?.to_owned())
}

fn read_booking(reply: &Reply, shipment_type: ShipmentType) -> Option<Booking> {
    read_body(&reply.body, |fields| booking::read(fields, shipment_type)).ok()
}

fn account_url(account: &LogisticAccount, name: &'static str) -> Result<Url, Failure> {
    account
        .urls
        .get(name)
        .cloned()
        .ok_or(Failure::NotConfigured(name))
}

fn post(account: &LogisticAccount, url: Url, body: &impl Serialize) -> Request {
    let mut headers = credentials(account);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Request {
        method: Method::POST,
        url,
        headers,
        body: Some(serde_json::to_vec(body).unwrap_or_default()),
    }
}

fn get(account: &LogisticAccount, url: Url) -> Request {
    Request {
        method: Method::GET,
        url,
        headers: credentials(account),
        body: None,
    }
}

fn credentials(account: &LogisticAccount) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let names = [
        ("authDomainName", HeaderName::from_static("authdomainname")),
        ("authUsername", HeaderName::from_static("authusername")),
        ("authPassword", HeaderName::from_static("authpassword")),
    ];
    for (credential, header) in names {
        let value = account.credentials.get(credential);
        if let Some(Ok(mut value)) =
            value.map(|value| HeaderValue::from_bytes(value.expose_secret().as_bytes()))
        {
            value.set_sensitive(true);
            headers.insert(header, value);
        }
    }
    headers
}
