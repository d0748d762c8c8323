//! Clickpost: an aggregator of couriers in India and abroad (docs/aggregators/clickpost.md).
//!
//! One call books: it creates the order, its AWB and its label. Clickpost identifies an order by the reference number
//! that we send, and a repeat returns the existing order; an unknown outcome is therefore resolved by the same request,
//! and a queued order is polled in the same way. Every response is judged by the code in its body, because errors also
//! have HTTP status 200.

mod account;
mod book;
mod call;
mod cancel;
mod look_up;
mod predict;
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
use crate::aggregators::predictions::{DatesByCourier, PredictsDelivery};
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

pub(super) const NAME: &str = "CLICKPOST";

/// The adapter.
#[derive(Debug)]
pub struct Clickpost;

impl Registers for Clickpost {
    fn name(&self) -> &'static str {
        NAME
    }

    fn push_proof(&self) -> PushProof {
        PushProof::Token {
            key_header: Some("webhook_key"),
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

impl Pushes for Clickpost {
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

impl Configures for Clickpost {
    fn form(&self) -> &'static AccountForm {
        &account::FORM
    }

    fn prints_code39(&self) -> bool {
        true
    }

    fn check<'a>(
        &'a self,
        call: AggregatorCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>> {
        Box::pin(account::check(call))
    }
}

impl Aggregator for Clickpost {
    fn repeats_safely(&self) -> bool {
        true
    }

    fn chooses_couriers(&self) -> bool {
        false
    }

    fn books_returns(&self) -> bool {
        true
    }

    fn needs_invoice_of_returns(&self) -> bool {
        true
    }

    fn book<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
        request: &'a ShipmentRequest,
        _progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, PartnerFailure>> {
        Box::pin(book::book(call, reference, request))
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

    fn recommends_couriers(&self, _account: &LogisticAccount) -> Option<&dyn RecommendsCouriers> {
        Some(self)
    }

    /// Abroad its predictions do not name couriers.
    fn predicts_delivery(&self, account: &LogisticAccount) -> Option<&dyn PredictsDelivery> {
        match account.region {
            Region::Domestic => Some(self),
            Region::International => None,
        }
    }

    /// Orders always have an AWB.
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

impl PredictsDelivery for Clickpost {
    fn predict<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<DatesByCourier, PartnerFailure>> {
        Box::pin(predict::predict(call, route))
    }
}

impl RecommendsCouriers for Clickpost {
    fn recommend<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, PartnerFailure>> {
        Box::pin(recommend::recommend(call, route))
    }
}

impl Cancels for Clickpost {
    fn cancel<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, PartnerFailure>> {
        Box::pin(cancel::cancel(call, reference))
    }
}
