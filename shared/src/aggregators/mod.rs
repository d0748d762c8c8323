//! The interface to logistic aggregators, and its adapters.
//!
//! An adapter only translates; it has no state. Account, credentials, connections, deadline and progress come with the
//! [`AggregatorCall`]. Code that is not about shipments is in [`crate::partners`]. Required methods have no default
//! body; optional capabilities are requested and may be absent, so that callers cannot call what is not supported. The
//! sequence of calls (log in, create, assign, label) is the adapter's decision: it saves each id in [`Progress`], and a
//! repeat resumes from there.
//!
//! To add an aggregator, add one folder here and one line in [`REGISTERED`]. Adapters do not import each other.

pub mod address;
pub mod call;
pub mod clickpost;
pub mod containers;
pub mod exchange;
pub mod flags;
pub mod fulfilment;
pub mod india;
pub mod instants;
pub mod predictions;
pub mod pricing;
pub mod quotes;
pub mod reference;
pub mod returns;
pub mod rms_magic;
pub mod scans;
pub mod shipper;
pub mod shiprocket;
pub mod shipway;
pub mod status;
#[cfg(test)]
mod tests;
pub mod unreadable;
pub mod unused_fields;
#[cfg(test)]
mod workbench;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::exchange::Exchanges;
use crate::aggregators::fulfilment::Fulfils;
use crate::aggregators::predictions::PredictsDelivery;
use crate::aggregators::pricing::PricesShipments;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::status::AggregatorStatus;
use crate::contract::fields::Unreadable;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booked, Booking, Cancellation};
use crate::domain::courier::{Recommendation, Route};
use crate::domain::form::{AccountForm, AccountProblem};
use crate::domain::notification::PushedEvent;
use crate::domain::order::ShipmentRequest;
use crate::domain::proof::{KnownSecret, PushProofs};
use crate::domain::status_mappings::CodeMeanings;
use crate::domain::text::{AggregatorName, AggregatorOrderId};
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;

/// All aggregators that RMS supports.
const REGISTERED: &[Registered] = &[
    Registered::of(&rms_magic::RmsMagic),
    Registered::of(&clickpost::Clickpost),
    Registered::of(&shiprocket::Shiprocket),
    Registered::of(&shipway::Shipway),
    Registered::of(&shipper::Shipper),
];

/// An adapter in its three roles: for calls, for pushes, and for the configuration of accounts.
#[derive(Clone, Copy)]
struct Registered {
    aggregator: &'static dyn Aggregator,
    pushing: &'static dyn Pushes,
    configured: &'static dyn Configures,
}

impl Registered {
    const fn of<A: Aggregator + Configures>(adapter: &'static A) -> Self {
        Self {
            aggregator: adapter,
            pushing: adapter,
            configured: adapter,
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static AGGREGATORS: [&dyn Aggregator; REGISTERED.len()] = {
    let mut all = [REGISTERED[0].aggregator; REGISTERED.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = REGISTERED[index].aggregator;
        index += 1;
    }
    all
};

/// A separate list, so that a function that receives pushes does not link the code of all calls.
#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static PUSHING: [&dyn Pushes; REGISTERED.len()] = {
    let mut all = [REGISTERED[0].pushing; REGISTERED.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = REGISTERED[index].pushing;
        index += 1;
    }
    all
};

/// A separate list for the same reason: only some functions need the account configuration.
#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated at compile time"
)]
static CONFIGURED: [&dyn Configures; REGISTERED.len()] = {
    let mut all = [REGISTERED[0].configured; REGISTERED.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = REGISTERED[index].configured;
        index += 1;
    }
    all
};

/// The adapter with this name.
pub fn find(name: &AggregatorName) -> Option<&'static dyn Aggregator> {
    let mut all = AGGREGATORS.iter().copied();
    all.find(|aggregator| aggregator.name() == name.as_str())
}

/// The adapter with this name, for pushes.
pub fn find_pushing(name: &AggregatorName) -> Option<&'static dyn Pushes> {
    all_pushing().find(|pushing| pushing.name() == name.as_str())
}

/// All adapters, for pushes.
pub fn all_pushing() -> impl Iterator<Item = &'static dyn Pushes> {
    PUSHING.iter().copied()
}

/// The adapter with this name, for the configuration of accounts.
pub fn find_configured(name: &AggregatorName) -> Option<&'static dyn Configures> {
    all_configured().find(|configured| configured.name() == name.as_str())
}

/// All adapters, for the configuration of accounts.
pub fn all_configured() -> impl Iterator<Item = &'static dyn Configures> {
    CONFIGURED.iter().copied()
}

/// What authenticates the pushes of an account, in addition to the token or the credential that identifies it. Must be
/// computed again if the credentials or the URL of the API change; `webhook_key` is the key that the aggregator sends in a
/// header, if there is one.
pub fn push_proofs(
    account: &LogisticAccount,
    base_url: &str,
    webhook_key: Option<&SecretString>,
) -> PushProofs {
    let known = |secret: &SecretString| {
        let secret = secret.expose_secret().as_bytes();
        KnownSecret::new(&account.client_id, &account.alias, secret)
    };
    let adapter = find_configured(&account.aggregator);
    let body = adapter.and_then(|adapter| {
        let push_url = push_url(base_url, adapter.push_proof(), account);
        adapter.body_proof(&account.credentials, push_url.as_deref())
    });
    PushProofs {
        webhook_key: webhook_key.map(known),
        body: body.as_ref().map(known),
    }
}

/// The URL for the pushes of an account, whose API is at `base_url`.
pub fn push_url(base_url: &str, proof: PushProof, account: &LogisticAccount) -> Option<String> {
    let name = account.push_name.as_ref().map(ExposeSecret::expose_secret);
    Some(match proof {
        PushProof::Credential => format!("{base_url}/rms-magic/notification/push"),
        PushProof::Token { .. } => format!("{base_url}/notifications/{}", name?),
    })
}

/// The result of a look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is only one at a time, and it is moved at once: a box would only add a line to every adapter"
)]
pub enum LookUp {
    /// The booking.
    Booking(Booking),
    /// The order exists without an AWB.
    Order {
        /// Its id.
        order_id: AggregatorOrderId,
        /// Whether the AWB comes without another call. Otherwise booking continues, and does not create the order again.
        is_queued: bool,
    },
    /// The aggregator says explicitly that it has no booking: booking may continue from the progress without a second
    /// AWB.
    Nothing,
    /// It cannot be looked up, or the response is inconclusive.
    CannotTell,
}

/// How an aggregator authenticates its pushes. Shared code checks it before the body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushProof {
    /// With a user name and a secret from RMS.
    Credential,
    /// With the token in the push URL and, if the account has a key, with that key in a header.
    Token {
        /// The header, if the aggregator sends one.
        key_header: Option<&'static str>,
    },
}

/// Why an authenticated push was rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PushRejection {
    /// It could not be parsed.
    #[error("the push could not be parsed")]
    Unreadable(#[from] Unreadable),
    /// The additional proof in its body is invalid.
    #[error("the push has an invalid proof")]
    Unproved,
}

/// The registration of an aggregator: its name and the authentication of its pushes.
pub trait Registers: Send + Sync + std::fmt::Debug {
    /// The name that accounts use.
    fn name(&self) -> &'static str;

    /// How its pushes are authenticated.
    fn push_proof(&self) -> PushProof;

    /// The additional proof in the bodies of its pushes, derived from the account's credentials and the URL that it pushes
    /// to; `None` if there is none.
    fn body_proof(
        &self,
        credentials: &BTreeMap<String, SecretString>,
        push_url: Option<&str>,
    ) -> Option<SecretString>;

    /// What its table says about a code as [`PushedEvent::pushed_type`] has it; `None` if its pushes cannot have this code.
    fn meanings(&self, code: &str) -> Option<CodeMeanings>;

    /// What its accounts say about outbound orders, if it ships from warehouses of its own.
    fn fulfils(&self) -> Option<&dyn Fulfils> {
        None
    }
}

/// An aggregator that pushes notifications.
pub trait Pushes: Registers {
    /// Parses an authenticated push into its events.
    fn read_push(
        &self,
        account: &LogisticAccount,
        body: &[u8],
    ) -> Result<Vec<PushedEvent>, PushRejection>;

    /// Parses an event again as it was stored: without what proved its push, and without the other events of a batch.
    fn read_stored(
        &self,
        account: &LogisticAccount,
        stored: &[u8],
    ) -> Result<PushedEvent, Unreadable>;

    /// Whether clients also get its pushes as they came, without what proves them.
    fn passes_on(&self) -> bool {
        false
    }

    /// All status codes of its pushes with their mapping; empty if its pushes use our own vocabulary.
    fn statuses(&self) -> Vec<AggregatorStatus>;
}

/// An aggregator whose accounts can be configured.
pub trait Configures: Registers {
    /// The form of its accounts.
    fn form(&self) -> &'static AccountForm;

    /// Whether it prints the names of orders as Code 39 bar codes, so that a check reports those that do not survive it.
    fn prints_code39(&self) -> bool {
        false
    }

    /// Checks an account with calls that change nothing, and returns the problems. A failure is a problem of the
    /// account as a whole.
    fn check<'a>(
        &'a self,
        call: AggregatorCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>>;
}

/// An aggregator: a hub for several couriers.
pub trait Aggregator: Pushes {
    /// Whether booking again with the same name returns the existing booking instead of creating a second one. If so,
    /// an unknown outcome is resolved by booking again, otherwise by [`Aggregator::look_up`].
    fn repeats_safely(&self) -> bool;

    /// Whether it chooses a courier itself if the request has none. Otherwise its best recommendation is requested
    /// first.
    fn chooses_couriers(&self) -> bool;

    /// Whether it books return AWBs. Otherwise [`Aggregator::book`] gets no request for a return.
    fn books_returns(&self) -> bool;

    /// Whether a return AWB needs the seller's GST registration and the invoice of the forward order.
    fn needs_invoice_of_returns(&self) -> bool {
        false
    }

    /// Books a shipment: a creating call, which is never repeated blindly.
    fn book<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, PartnerFailure>>;

    /// Looks up a booking: a call that reads, or at most prints the label of an existing booking.
    fn look_up<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<LookUp, PartnerFailure>>;

    /// The aggregator's own id of an order, if the reference contains it.
    fn order_id(&self, reference: BookingReference<'_>) -> Option<AggregatorOrderId>;

    /// The aggregator's courier recommendations, if the account supports them.
    fn recommends_couriers(&self, account: &LogisticAccount) -> Option<&dyn RecommendsCouriers>;

    /// The aggregator's predictions of dates of delivery, if it makes them in a call of their own.
    fn predicts_delivery(&self, _account: &LogisticAccount) -> Option<&dyn PredictsDelivery> {
        None
    }

    /// The aggregator's prices in its own terms, if the account has some.
    fn prices_shipments(&self, _account: &LogisticAccount) -> Option<&dyn PricesShipments> {
        None
    }

    /// The aggregator's orders without an AWB, if the account supports them.
    fn creates_orders(&self, account: &LogisticAccount) -> Option<&dyn CreatesOrders>;

    /// The aggregator's cancellations, if the account supports them.
    fn cancels(&self, account: &LogisticAccount) -> Option<&dyn Cancels>;

    /// The aggregator's exchanges that are ordered with one call, if the account supports them.
    fn exchanges(&self, account: &LogisticAccount) -> Option<&dyn Exchanges>;
}

/// Recommends couriers for a route.
pub trait RecommendsCouriers: Send + Sync {
    /// The couriers that serve the route: a reading call.
    fn recommend<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, PartnerFailure>>;
}

/// Creates orders before a courier is chosen.
pub trait CreatesOrders: Send + Sync {
    /// Creates the order: a creating call. If an order with this name exists, it is returned and not created again. A
    /// later booking continues from the progress.
    fn create_order<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<AggregatorOrderId, PartnerFailure>>;
}

/// Cancels bookings and orders without an AWB.
pub trait Cancels: Send + Sync {
    /// Cancels. If it is already cancelled, that is a success, so a repeat after an unknown outcome is safe.
    fn cancel<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, PartnerFailure>>;
}
