//! Shipway (docs/aggregators/shipway.md).
//!
//! One call books: `v2orders` with a courier and warehouses creates the order and buys its AWB; without them it only
//! creates the order. A booking may succeed in part: the order exists, but the AWB was refused, for example because the
//! wallet is empty. The order is then stored as progress, and a repeat looks it up before it requests the AWB again.
//! The effect of a repeated `v2orders` is not documented, so an unknown outcome is always looked up first
//! (`getorders`).
//!
//! Not here: returns without a booking, pickups, manifests, NDR actions, and international shipping, for which no
//! contract is known.

mod account;
mod book;
mod call;
mod cancel;
mod look_up;
mod order;
mod push;
mod recommend;
mod refusal;
mod status;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::exchange::Exchanges;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::status::AggregatorStatus;
use crate::aggregators::{
    Aggregator, Cancels, Configures, CreatesOrders, LookUp, PushProof, PushRejection, Pushes,
    RecommendsCouriers, Registers,
};
use crate::contract::fields::Unreadable;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booked, Cancellation};
use crate::domain::courier::{Recommendation, Route};
use crate::domain::form::{AccountForm, AccountProblem};
use crate::domain::notification::PushedEvent;
use crate::domain::order::ShipmentRequest;
use crate::domain::status_mappings::CodeMeanings;
use crate::domain::text::AggregatorOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;

/// The adapter.
#[derive(Debug)]
pub struct Shipway;

impl Registers for Shipway {
    fn name(&self) -> &'static str {
        "SHIPWAY"
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Token { key_header: None }
    }

    fn body_proof(
        &self,
        credentials: &BTreeMap<String, SecretString>,
        _: Option<&str>,
    ) -> Option<SecretString> {
        push::body_proof(credentials)
    }

    fn meanings(&self, code: &str) -> Option<CodeMeanings> {
        Some(CodeMeanings::both(status::meaning(code)))
    }
}

impl Pushes for Shipway {
    fn read_push(
        &self,
        account: &LogisticAccount,
        body: &[u8],
    ) -> Result<Vec<PushedEvent>, PushRejection> {
        push::read(account, body)
    }

    fn read_stored(
        &self,
        account: &LogisticAccount,
        stored: &[u8],
    ) -> Result<PushedEvent, Unreadable> {
        push::read_stored(account, stored)
    }

    fn statuses(&self) -> Vec<AggregatorStatus> {
        status::all()
    }
}

impl Configures for Shipway {
    fn form(&self) -> &'static AccountForm {
        &account::FORM
    }

    fn check<'a>(
        &'a self,
        call: AggregatorCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>> {
        Box::pin(account::check(call))
    }
}

impl Aggregator for Shipway {
    /// The effect of booking an existing order again is not documented.
    fn repeats_safely(&self) -> bool {
        false
    }

    fn chooses_couriers(&self) -> bool {
        true
    }

    fn books_returns(&self) -> bool {
        true
    }

    fn book<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, PartnerFailure>> {
        Box::pin(book::book(call, reference, request, progress))
    }

    fn look_up<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<LookUp, PartnerFailure>> {
        Box::pin(look_up::look_up(call, reference))
    }

    fn order_id(&self, reference: BookingReference<'_>) -> Option<AggregatorOrderId> {
        order::known_as(reference).ok()
    }

    fn recommends_couriers(&self, _account: &LogisticAccount) -> Option<&dyn RecommendsCouriers> {
        Some(self)
    }

    fn creates_orders(&self, _account: &LogisticAccount) -> Option<&dyn CreatesOrders> {
        Some(self)
    }

    fn cancels(&self, _account: &LogisticAccount) -> Option<&dyn Cancels> {
        Some(self)
    }

    fn exchanges(&self, _account: &LogisticAccount) -> Option<&dyn Exchanges> {
        None
    }
}

impl CreatesOrders for Shipway {
    fn create_order<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<AggregatorOrderId, PartnerFailure>> {
        Box::pin(order::create_order(call, reference, request, progress))
    }
}

impl Cancels for Shipway {
    fn cancel<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, PartnerFailure>> {
        Box::pin(cancel::cancel(call, reference))
    }
}

impl RecommendsCouriers for Shipway {
    fn recommend<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, PartnerFailure>> {
        Box::pin(recommend::recommend(call, route))
    }
}
