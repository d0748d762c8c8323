//! The port to logistic aggregators, and the aggregators that are behind it.
//!
//! An adapter translates; it holds no state. Account, credentials, connections, deadline and progress come with the
//! [`Call`]. Required methods have no default body; what only some aggregators can do is asked for and may be absent,
//! so that nobody can call what is not there. A sequence of calls (log in, create, assign, label) is the adapter's own
//! affair: it saves each id that it got in [`Progress`], and a repeat resumes from there.
//!
//! To add an aggregator: one folder here and one line in [`REGISTERED`]. No adapter imports another.

pub mod failure;
pub mod progress;
pub mod rms_magic;
pub mod transport;

use futures::future::BoxFuture;

use crate::aggregators::failure::Failure;
use crate::aggregators::progress::Progress;
use crate::aggregators::transport::Deadline;
use crate::contract::fields::Unreadable;
use crate::domain::account::LogisticAccount;
use crate::domain::booking::{Booked, Booking};
use crate::domain::courier::{Recommendation, Route};
use crate::domain::notification::PushedEvent;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorName, AggregatorOrderId, Awb, OrderNumber, ShipmentCode};
use crate::outbound::client::Outbound;

/// Every aggregator that RMS speaks to.
static REGISTERED: [&dyn Aggregator; 1] = [&rms_magic::RmsMagic];

/// The adapter that is registered under a name.
pub fn find(name: &AggregatorName) -> Option<&'static dyn Aggregator> {
    REGISTERED
        .iter()
        .copied()
        .find(|aggregator| aggregator.name() == name.as_str())
}

/// What an adapter needs for one piece of work.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Whose credentials, URLs and settings to use.
    pub account: &'a LogisticAccount,
    /// The way out.
    pub outbound: &'a Outbound,
    /// When the work must have ended.
    pub deadline: Deadline,
}

/// Which booking is asked for. An adapter uses the id that its aggregator knows best.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'a> {
    /// Label or return AWB.
    pub shipment_type: ShipmentType,
    /// Our reference: the client's order number.
    pub order_number: &'a OrderNumber,
    /// One of several parcels of the order.
    pub shipment_code: Option<&'a ShipmentCode>,
    /// The aggregator's id, where it is known.
    pub order_id: Option<&'a AggregatorOrderId>,
    /// The AWB, where it is known.
    pub awb: Option<&'a Awb>,
}

/// What an aggregator has under a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This.
    Booking(Booking),
    /// Nothing, and it says so.
    Nothing,
    /// It cannot be asked, or its answer decides nothing.
    CannotTell,
}

/// An aggregator: a hub with couriers behind it.
pub trait Aggregator: Send + Sync + std::fmt::Debug {
    /// The name under which accounts choose it.
    fn name(&self) -> &'static str;

    /// Books a shipment: a creating call, never repeated blindly.
    fn book<'a>(
        &'a self,
        call: Call<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, Failure>>;

    /// Looks a booking up: a reading call. This is also how an unknown outcome is reconciled.
    fn look_up<'a>(
        &'a self,
        call: Call<'a>,
        reference: Reference<'a>,
    ) -> BoxFuture<'a, Result<Found, Failure>>;

    /// Reads a push, whose proof was checked, into its events.
    fn read_push(&self, body: &[u8]) -> Result<Vec<PushedEvent>, Unreadable>;

    /// The aggregator as one that recommends couriers, if it does so for this account.
    fn recommends_couriers(&self, account: &LogisticAccount) -> Option<&dyn RecommendsCouriers>;
}

/// An aggregator that recommends couriers for a route.
pub trait RecommendsCouriers: Send + Sync {
    /// The couriers that serve the route: a reading call.
    fn recommend<'a>(
        &'a self,
        call: Call<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, Failure>>;
}
