//! Shipper: an aggregator of couriers in Indonesia (docs/aggregators/shipper.md).
//!
//! Booking takes two calls: one creates the order, one asks for its pickup. The courier's AWB is not in either answer: it
//! comes with a push, or with a later look-up, so that every booking is queued at first. Shipper accepts several orders
//! with one external id; therefore a booking looks for an order of its name before it creates one.
//!
//! Not here: returns, which Shipper's API does not have, and international orders.

mod account;
mod book;
mod call;
mod cancel;
mod look_up;
mod price;
mod push;
mod recommend;
mod refusal;
mod status;
#[cfg(test)]
mod tests;
mod units;
mod wire;

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::tz::Offset;
use secrecy::SecretString;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::exchange::Exchanges;
use crate::aggregators::fulfilment::Fulfils;
use crate::aggregators::pricing::{PricesShipments, ToldPrices};
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
use crate::domain::pricing::PriceQuestion;
use crate::domain::status_mappings::CodeMeanings;
use crate::domain::text::AggregatorOrderId;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;

/// The adapter.
#[derive(Debug)]
pub struct Shipper;

impl Registers for Shipper {
    fn name(&self) -> &'static str {
        "SHIPPER"
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Token { key_header: None }
    }

    fn body_proof(
        &self,
        credentials: &BTreeMap<String, SecretString>,
        push_url: Option<&str>,
    ) -> Option<SecretString> {
        push::body_proof(credentials, push_url)
    }

    fn meanings(&self, code: &str) -> Option<CodeMeanings> {
        status::meanings(code)
    }

    fn fulfils(&self) -> Option<&dyn Fulfils> {
        Some(self)
    }
}

impl Fulfils for Shipper {
    fn confirmation_deadline(&self, account: &LogisticAccount) -> Duration {
        account::confirmation_deadline(account)
    }

    fn time_zone(&self, account: &LogisticAccount) -> Offset {
        account::time_zone(account)
    }
}

impl Pushes for Shipper {
    fn read_push(
        &self,
        account: &LogisticAccount,
        body: &[u8],
    ) -> Result<Vec<PushedEvent>, PushRejection> {
        Ok(vec![push::read(account, body)?])
    }

    fn read_stored(
        &self,
        account: &LogisticAccount,
        stored: &[u8],
    ) -> Result<PushedEvent, Unreadable> {
        push::read_stored(account, stored)
    }

    fn passes_on(&self) -> bool {
        true
    }

    fn statuses(&self) -> Vec<AggregatorStatus> {
        status::all()
    }
}

impl Configures for Shipper {
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

impl Aggregator for Shipper {
    /// It accepts several orders with one name.
    fn repeats_safely(&self) -> bool {
        false
    }

    fn chooses_couriers(&self) -> bool {
        false
    }

    fn books_returns(&self) -> bool {
        false
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
        look_up::known_as(reference)
    }

    fn recommends_couriers(&self, _account: &LogisticAccount) -> Option<&dyn RecommendsCouriers> {
        Some(self)
    }

    fn prices_shipments(&self, _account: &LogisticAccount) -> Option<&dyn PricesShipments> {
        Some(self)
    }

    /// An order without a label differs only by its pickup: Shipper has no call that asks for the label.
    fn creates_orders(&self, _account: &LogisticAccount) -> Option<&dyn CreatesOrders> {
        None
    }

    fn cancels(&self, _account: &LogisticAccount) -> Option<&dyn Cancels> {
        Some(self)
    }

    fn exchanges(&self, _account: &LogisticAccount) -> Option<&dyn Exchanges> {
        None
    }
}

impl RecommendsCouriers for Shipper {
    fn recommend<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, PartnerFailure>> {
        Box::pin(recommend::recommend(call, route))
    }
}

impl PricesShipments for Shipper {
    fn prices<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        question: &'a PriceQuestion,
    ) -> BoxFuture<'a, Result<ToldPrices, PartnerFailure>> {
        Box::pin(price::prices(call, question))
    }
}

impl Cancels for Shipper {
    fn cancel<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, PartnerFailure>> {
        Box::pin(cancel::cancel(call, reference))
    }
}
