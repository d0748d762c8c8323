//! Shiprocket: an aggregator of Indian couriers (docs/aggregators/shiprocket.md).
//!
//! Booking is a sequence: create an order, assign an AWB to its shipment, print the label. Only the assignment is a
//! purchase. An order's name is never freed and returns the same order again, and a shipment with an AWB never gets a
//! second one, so the sequence can be repeated from any step.

mod account;
mod book;
mod call;
mod cancel;
mod exchange;
mod look_up;
mod order;
mod push;
mod recommend;
mod refusal;
mod session;
mod status;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use secrecy::SecretString;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::exchange::{ExchangeOrder, ExchangeProgress, Exchanges};
use crate::aggregators::reference::BookingReference;
use crate::aggregators::status::AggregatorStatus;
use crate::aggregators::{
    Aggregator, Cancels, Configures, CreatesOrders, LookUp, PushProof, PushRejection, Pushes,
    RecommendsCouriers, Registers,
};
use crate::contract::fields::Unreadable;
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::booking::{Booked, Cancellation};
use crate::domain::courier::{Recommendation, Route};
use crate::domain::form::{AccountForm, AccountProblem};
use crate::domain::notification::PushedEvent;
use crate::domain::order::ShipmentRequest;
use crate::domain::status_mappings::CodeMeanings;
use crate::domain::text::AggregatorOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;

pub(super) const NAME: &str = "SHIPROCKET";

/// The adapter.
#[derive(Debug)]
pub struct Shiprocket;

impl Registers for Shiprocket {
    fn name(&self) -> &'static str {
        NAME
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Token {
            key_header: Some("x-api-key"),
        }
    }

    fn body_proof(
        &self,
        _: &BTreeMap<String, SecretString>,
        _: Option<&str>,
    ) -> Option<SecretString> {
        None
    }

    fn meanings(&self, code: &str) -> Option<CodeMeanings> {
        status::meanings(code)
    }
}

impl Pushes for Shiprocket {
    fn read_push(
        &self,
        _account: &LogisticAccount,
        body: &[u8],
    ) -> Result<Vec<PushedEvent>, PushRejection> {
        Ok(vec![push::read(body)?])
    }

    fn read_stored(
        &self,
        _account: &LogisticAccount,
        stored: &[u8],
    ) -> Result<PushedEvent, Unreadable> {
        push::read(stored)
    }

    fn statuses(&self) -> Vec<AggregatorStatus> {
        status::all()
    }
}

impl Configures for Shiprocket {
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

impl Aggregator for Shiprocket {
    fn repeats_safely(&self) -> bool {
        true
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
        order::kept::order_id(reference)
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

    /// There are no returns across borders, so no exchanges either.
    fn exchanges(&self, account: &LogisticAccount) -> Option<&dyn Exchanges> {
        match account.region {
            Region::Domestic => Some(self),
            Region::International => None,
        }
    }
}

impl Exchanges for Shiprocket {
    fn order_exchange<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        exchange: ExchangeOrder<'a>,
        progress: ExchangeProgress<'a, '_>,
    ) -> BoxFuture<'a, Result<(), PartnerFailure>> {
        Box::pin(exchange::order_exchange(call, exchange, progress))
    }
}

impl RecommendsCouriers for Shiprocket {
    fn recommend<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, PartnerFailure>> {
        Box::pin(recommend::recommend(call, route))
    }
}

impl CreatesOrders for Shiprocket {
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

impl Cancels for Shiprocket {
    fn cancel<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, PartnerFailure>> {
        Box::pin(cancel::cancel(call, reference))
    }
}
