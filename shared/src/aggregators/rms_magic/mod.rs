//! RMS Magic: all aggregators that implement our own standard contract (docs/rms-magic.md).
//!
//! The contract defines the formats. As an extension of the document, an aggregator may support `?orderNumber=` on its
//! two Get URLs: it returns the booking with that order number, or 404 with
//! `{"orderNumber": "<the one asked>", "found": false}` if it has none. Only this 404 proves that nothing was booked;
//! after any other response the outcome stays unknown.

mod account;
mod book;
mod call;
mod look_up;
mod recommend;
mod refusal;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::exchange::Exchanges;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::rms_magic::call::GET_COURIERS;
use crate::aggregators::status::AggregatorStatus;
use crate::aggregators::{
    Aggregator, Cancels, Configures, CreatesOrders, LookUp, PushProof, PushRejection, Pushes,
    RecommendsCouriers, Registers,
};
use crate::contract::fields::Unreadable;
use crate::contract::push;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::Booked;
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
pub struct RmsMagic;

impl Registers for RmsMagic {
    fn name(&self) -> &'static str {
        "RMS_MAGIC"
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Credential
    }

    fn body_proof(
        &self,
        _: &BTreeMap<String, SecretString>,
        _: Option<&str>,
    ) -> Option<SecretString> {
        None
    }

    fn meanings(&self, code: &str) -> Option<CodeMeanings> {
        Some(CodeMeanings::both(push::meaning(code)))
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

    fn read_stored(
        &self,
        _account: &LogisticAccount,
        stored: &[u8],
    ) -> Result<PushedEvent, Unreadable> {
        push::read_push(stored)
    }

    fn statuses(&self) -> Vec<AggregatorStatus> {
        Vec::new()
    }
}

impl Configures for RmsMagic {
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

impl Aggregator for RmsMagic {
    fn repeats_safely(&self) -> bool {
        false
    }

    fn chooses_couriers(&self) -> bool {
        false
    }

    fn books_returns(&self) -> bool {
        true
    }

    fn book<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        _reference: BookingReference<'a>,
        request: &'a ShipmentRequest,
        _progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, PartnerFailure>> {
        Box::pin(book::book(call, request))
    }

    fn look_up<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<LookUp, PartnerFailure>> {
        Box::pin(look_up::look_up(call, reference))
    }

    fn order_id(&self, reference: BookingReference<'_>) -> Option<AggregatorOrderId> {
        reference.order_id.cloned()
    }

    fn recommends_couriers(&self, account: &LogisticAccount) -> Option<&dyn RecommendsCouriers> {
        account.urls.contains_key(GET_COURIERS).then_some(self)
    }

    /// The contract has no orders without a label.
    fn creates_orders(&self, _account: &LogisticAccount) -> Option<&dyn CreatesOrders> {
        None
    }

    /// The contract has no cancellation.
    fn cancels(&self, _account: &LogisticAccount) -> Option<&dyn Cancels> {
        None
    }

    fn exchanges(&self, _account: &LogisticAccount) -> Option<&dyn Exchanges> {
        None
    }
}

impl RecommendsCouriers for RmsMagic {
    fn recommend<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, PartnerFailure>> {
        Box::pin(recommend::recommend(call, route))
    }
}
