//! What the tests over all accounts know of each vendor: one file each. Such tests contain no vendor's language; they take it
//! from here, and ask what the vendor's adapter can do.

mod clickpost;
mod magic;
mod shipper;
mod shiprocket;
mod shipway;

use local::demo::ALIASES;
use logistics::aggregators::{self, Aggregator, PushProof};
use secrecy::ExposeSecret;
use serde_json::Value;

/// Every vendor of the demo.
pub(crate) const ALL: [&Vendor; ALIASES.len()] = [
    &magic::VENDOR,
    &clickpost::VENDOR,
    &shiprocket::VENDOR,
    &shipway::VENDOR,
    &shipper::VENDOR,
];

/// A vendor.
pub(crate) struct Vendor {
    /// The alias of the demo's account, and the first part of the simulator's paths.
    pub(crate) alias: &'static str,
    /// The aggregator's name, as notifications give it to the client.
    pub(crate) name: &'static str,
    /// How its requests that create an order end: `<method> <path>` without the alias, or the end of it.
    pub(crate) creates: &'static str,
    /// The simulator's name of the call that buys the AWB.
    pub(crate) purchase: &'static str,
    /// Its code for a notification type, if it has one.
    pub(crate) code: fn(&str) -> Option<&'static str>,
    /// A code that RMS does not know.
    pub(crate) unknown_code: &'static str,
    /// A push of one event.
    pub(crate) push: fn(&Push<'_>) -> Value,
    /// Pushes whose codes tell something about a parcel but have no notification type, each with the code as RMS lists it.
    pub(crate) unmapped: fn() -> Vec<(Value, &'static str)>,
    /// The notification types of a delivery.
    pub(crate) delivered: &'static [&'static str],
    /// The notification types of a parcel that goes back after a failed delivery, the last three of which are the failure,
    /// `RTO` and `RTO_DELIVERED`; empty if the simulator does not push them.
    pub(crate) returned_to_origin: &'static [&'static str],
    /// The notification types of a return until its pickup; empty if it books no returns.
    pub(crate) return_picked_up: &'static [&'static str],
    /// What its pushes say about a failed delivery in addition to the code, by the names of the meta data.
    pub(crate) failed_delivery: fn() -> Value,
    /// Whether a label has no AWB before the first push.
    pub(crate) awb_is_pushed: bool,
    /// The field in which every push has a proof that is made of the credentials and the URL.
    pub(crate) proof: Option<&'static str>,
    /// Turns a request with Indian addresses into one that it accepts.
    pub(crate) at_home: fn(&mut Value),
}

/// An event, without its direction.
#[derive(Clone, Copy)]
pub(crate) struct Push<'a> {
    /// The vendor's name of the order; without it the push has only the AWB.
    pub(crate) order: Option<&'a str>,
    pub(crate) awb: &'a str,
    /// The vendor's code.
    pub(crate) code: &'a str,
    /// Minutes after 10:00 on 28 November 2026.
    pub(crate) minute: u32,
}

/// What an aggregator may offer or not.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Capability {
    RecommendCouriers,
    CreateOrders,
    Cancel,
    BookReturns,
}

pub(crate) const CAPABILITIES: [Capability; 4] =
    [RecommendCouriers, CreateOrders, Cancel, BookReturns];

pub(crate) use Capability::{BookReturns, Cancel, CreateOrders, RecommendCouriers};

impl Vendor {
    /// Whether the adapter has a capability for the demo's account.
    pub(crate) fn can(&self, capability: Capability) -> bool {
        let account = local::demo::example(self.alias).unwrap();
        let adapter = self.adapter();
        match capability {
            RecommendCouriers => adapter.recommends_couriers(&account).is_some(),
            CreateOrders => adapter.creates_orders(&account).is_some(),
            Cancel => adapter.cancels(&account).is_some(),
            BookReturns => adapter.books_returns(),
        }
    }

    pub(crate) fn adapter(&self) -> &'static dyn Aggregator {
        let account = local::demo::example(self.alias).unwrap();
        aggregators::find(&account.aggregator).unwrap()
    }

    /// The header in which it sends a key with its pushes, if it sends one.
    pub(crate) fn key_header(&self) -> Option<&'static str> {
        match self.adapter().push_proof() {
            PushProof::Token { key_header } => key_header,
            PushProof::Credential => None,
        }
    }

    /// The status of the response to a request for a label.
    pub(crate) fn label_status(&self) -> u16 {
        if self.awb_is_pushed { 202 } else { 200 }
    }

    /// A notification type of a parcel under way for which it has a code: the last one before the delivery.
    pub(crate) fn last_scan(&self) -> &'static str {
        if self.has(&["OUT_FOR_DELIVERY"]) {
            "OUT_FOR_DELIVERY"
        } else {
            "TRANSIT"
        }
    }

    /// A push as it is sent to this URL by an account with this password.
    pub(crate) fn proved(&self, mut push: Value, password: &str, url: &str) -> Value {
        let Some((field, fields)) = self.proof.zip(push.as_object_mut()) else {
            return push;
        };
        let account = local::demo::example(self.alias).unwrap();
        let names = account.credentials.keys();
        let credentials = names.map(|name| (name.clone(), password.into())).collect();
        let configured = aggregators::find_configured(&account.aggregator).unwrap();
        let proof = configured.body_proof(&credentials, Some(url)).unwrap();
        let proof = ExposeSecret::expose_secret(&proof);
        fields.entry(field).or_insert_with(|| proof.into());
        push
    }

    /// The first notification type of a parcel under way for which it has a code.
    pub(crate) fn first_scan(&self) -> &'static str {
        if self.has(&["PICKED_UP"]) {
            "PICKED_UP"
        } else {
            "TRANSIT"
        }
    }

    /// Whether it has a code for each of these notification types.
    pub(crate) fn has(&self, types: &[&str]) -> bool {
        types.iter().all(|word| (self.code)(word).is_some())
    }
}

/// The vendor with an alias.
pub(crate) fn vendor(alias: &str) -> &'static Vendor {
    let vendor = ALL.iter().find(|vendor| vendor.alias == alias);
    vendor.unwrap_or_else(|| panic!("no vendor {alias}"))
}

/// The same, if there is one.
pub(crate) fn find(alias: &str) -> Option<&'static Vendor> {
    ALL.iter().copied().find(|vendor| vendor.alias == alias)
}

/// The vendors that fit: at least one, because a test of none shows nothing.
pub(crate) fn those(fit: impl Fn(&Vendor) -> bool) -> Vec<&'static Vendor> {
    let those: Vec<_> = ALL.iter().copied().filter(|vendor| fit(vendor)).collect();
    assert!(!those.is_empty(), "no vendor fits");
    those
}

/// The vendors with an API of their own that fit.
pub(crate) fn natives(fit: impl Fn(&Vendor) -> bool) -> Vec<&'static Vendor> {
    those(|vendor| vendor.alias != magic::VENDOR.alias && fit(vendor))
}

#[test]
fn the_vendors_are_those_of_the_demo() {
    assert_eq!(ALL.map(|vendor| vendor.alias), ALIASES);
}
