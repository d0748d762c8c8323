//! The port to logistic aggregators, and the aggregators that are behind it.
//!
//! An adapter translates; it holds no state. Account, credentials, connections, deadline and progress come with the
//! [`AggregatorCall`]. What has nothing to do with shipments is in [`crate::partners`]. Required methods have no default
//! body; what only some aggregators can do is asked for and may be absent, so that a caller cannot call what is not
//! there. A sequence of calls (log in, create, assign, label) is up to the adapter: it saves each id that it got in
//! [`Progress`], and a repeat resumes from there.
//!
//! To add an aggregator: one folder here and one line in [`REGISTERED`]. No adapter imports another.

pub mod call;
pub mod clickpost;
pub mod india;
pub mod reference;
pub mod returns;
pub mod rms_magic;
pub mod scans;
pub mod shiprocket;
pub mod shipway;
pub mod status;
#[cfg(test)]
mod workbench;

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};

use crate::aggregators::call::AggregatorCall;
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
use crate::domain::text::{AggregatorName, AggregatorOrderId};
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;

/// Every aggregator that RMS can call.
const REGISTERED: [Registered; 4] = [
    Registered::of(&rms_magic::RmsMagic),
    Registered::of(&clickpost::Clickpost),
    Registered::of(&shiprocket::Shiprocket),
    Registered::of(&shipway::Shipway),
];

/// An adapter as one that is called, as one that pushes, and as one whose accounts are configured.
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
    reason = "within the length, and evaluated when it is compiled"
)]
static AGGREGATORS: [&dyn Aggregator; REGISTERED.len()] = {
    let [first, ..] = REGISTERED;
    let mut all = [first.aggregator; REGISTERED.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = REGISTERED[index].aggregator;
        index += 1;
    }
    all
};

/// A list of its own, so that a function that takes pushes in does not hold the code of all calls.
#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated when it is compiled"
)]
static PUSHING: [&dyn Pushes; REGISTERED.len()] = {
    let [first, ..] = REGISTERED;
    let mut all = [first.pushing; REGISTERED.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = REGISTERED[index].pushing;
        index += 1;
    }
    all
};

/// Likewise, so that no other function holds what only an account's configuration needs.
#[expect(
    clippy::indexing_slicing,
    reason = "within the length, and evaluated when it is compiled"
)]
static CONFIGURED: [&dyn Configures; REGISTERED.len()] = {
    let [first, ..] = REGISTERED;
    let mut all = [first.configured; REGISTERED.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = REGISTERED[index].configured;
        index += 1;
    }
    all
};

/// The adapter that is registered under a name.
pub fn find(name: &AggregatorName) -> Option<&'static dyn Aggregator> {
    let mut all = AGGREGATORS.iter().copied();
    all.find(|aggregator| aggregator.name() == name.as_str())
}

/// The adapter that is registered under a name, as one that pushes.
pub fn find_pushing(name: &AggregatorName) -> Option<&'static dyn Pushes> {
    all_pushing().find(|pushing| pushing.name() == name.as_str())
}

/// Every adapter, as one that pushes.
pub fn all_pushing() -> impl Iterator<Item = &'static dyn Pushes> {
    PUSHING.iter().copied()
}

/// The adapter that is registered under a name, as one whose accounts are configured.
pub fn find_configured(name: &AggregatorName) -> Option<&'static dyn Configures> {
    all_configured().find(|configured| configured.name() == name.as_str())
}

/// Every adapter, as one whose accounts are configured.
pub fn all_configured() -> impl Iterator<Item = &'static dyn Configures> {
    CONFIGURED.iter().copied()
}

/// What proves the pushes of an account, in addition to the token or the credential that leads to it. Has to be made
/// again when the credentials change; `webhook_key` is the key that the aggregator sends in a header, if there is one.
pub fn push_proofs(account: &LogisticAccount, webhook_key: Option<&SecretString>) -> PushProofs {
    let known = |secret: &SecretString| {
        let secret = secret.expose_secret().as_bytes();
        KnownSecret::new(&account.client_id, &account.alias, secret)
    };
    let adapter = find_configured(&account.aggregator);
    let body = adapter.and_then(|adapter| adapter.body_proof(&account.credentials));
    PushProofs {
        webhook_key: webhook_key.map(known),
        body: body.as_ref().map(known),
    }
}

/// What an aggregator has under a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time, and moved at once: a box would only add a line to every adapter"
)]
pub enum LookUp {
    /// This.
    Booking(Booking),
    /// Nothing that a courier would carry, as it says itself: booking can go on from the progress without a second AWB.
    Nothing,
    /// It cannot be asked, or its answer decides nothing.
    CannotTell,
}

/// How an aggregator proves that a push is its own. Shared code checks it before the body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushProof {
    /// A user name and a secret that we gave it.
    Credential,
    /// The token in the push URL and, where the account has a key, that key in a header.
    Token {
        /// The header, if the aggregator sends one.
        key_header: Option<&'static str>,
    },
}

/// Why a proved push was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PushRejection {
    /// It cannot be read.
    #[error("the push could not be parsed")]
    Unreadable(#[from] Unreadable),
    /// Its body holds a proof too, which is invalid.
    #[error("the push has an invalid proof")]
    Unproved,
}

/// An aggregator as one that is known: by its name, and by what its pushes prove.
pub trait Registers: Send + Sync + std::fmt::Debug {
    /// The name under which accounts choose it.
    fn name(&self) -> &'static str;

    /// How its pushes are proved.
    fn push_proof(&self) -> PushProof;

    /// The word that the bodies of its pushes hold as a further proof, made of the account's credentials; `None` where
    /// there is no such word.
    fn body_proof(&self, credentials: &BTreeMap<String, SecretString>) -> Option<SecretString>;
}

/// An aggregator as one that pushes notifications.
pub trait Pushes: Registers {
    /// Reads a push, whose proof was checked, into its events.
    fn read_push(
        &self,
        account: &LogisticAccount,
        body: &[u8],
    ) -> Result<Vec<PushedEvent>, PushRejection>;

    /// Every code that its pushes use, and what we make of it; empty where pushes speak our own vocabulary.
    fn statuses(&self) -> Vec<AggregatorStatus>;
}

/// An aggregator as one whose accounts are configured.
pub trait Configures: Registers {
    /// What its accounts have.
    fn form(&self) -> &'static AccountForm;

    /// Checks an account by calls that change nothing, and says what is wrong with it. A failure is a problem of the
    /// account as a whole.
    fn check<'a>(
        &'a self,
        call: AggregatorCall<'a>,
    ) -> BoxFuture<'a, Result<Vec<AccountProblem>, PartnerFailure>>;
}

/// An aggregator: a hub with couriers behind it.
pub trait Aggregator: Pushes {
    /// Whether booking under a name that the aggregator knows gives the former booking instead of a second one. Then an
    /// unknown outcome is reconciled by booking again, otherwise by [`Aggregator::look_up`].
    fn repeats_safely(&self) -> bool;

    /// Whether it chooses a courier itself when none is named: then it is not asked for its best first.
    fn chooses_couriers(&self) -> bool;

    /// Books a shipment: a creating call, never repeated blindly.
    fn book<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<Booked, PartnerFailure>>;

    /// Looks a booking up: a call that reads, or at most prints the label of what is booked.
    fn look_up<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<LookUp, PartnerFailure>>;

    /// The aggregator's own id of an order, where the reference knows it.
    fn order_id(&self, reference: BookingReference<'_>) -> Option<AggregatorOrderId>;

    /// The aggregator as one that recommends couriers, if it does so for this account.
    fn recommends_couriers(&self, account: &LogisticAccount) -> Option<&dyn RecommendsCouriers>;

    /// The aggregator as one that keeps orders without an AWB, if it does so for this account.
    fn creates_orders(&self, account: &LogisticAccount) -> Option<&dyn CreatesOrders>;

    /// The aggregator as one that cancels, if it does so for this account.
    fn cancels(&self, account: &LogisticAccount) -> Option<&dyn Cancels>;
}

/// An aggregator that recommends couriers for a route.
pub trait RecommendsCouriers: Send + Sync {
    /// The couriers that serve the route: a reading call.
    fn recommend<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        route: &'a Route,
    ) -> BoxFuture<'a, Result<Vec<Recommendation>, PartnerFailure>>;
}

/// An aggregator whose orders exist before a courier is chosen.
pub trait CreatesOrders: Send + Sync {
    /// Makes the order: a creating call. One that exists under the reference's name is answered, not made again. Booking
    /// later goes on from the progress.
    fn create_order<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
        request: &'a ShipmentRequest,
        progress: &'a mut Progress<'_>,
    ) -> BoxFuture<'a, Result<AggregatorOrderId, PartnerFailure>>;
}

/// An aggregator that takes a booking, or an order without an AWB, back.
pub trait Cancels: Send + Sync {
    /// Cancels. What is cancelled already is a success, so a repeat after an unknown outcome is safe.
    fn cancel<'a>(
        &'a self,
        call: AggregatorCall<'a>,
        reference: BookingReference<'a>,
    ) -> BoxFuture<'a, Result<Cancellation, PartnerFailure>>;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write;

    use super::*;
    use crate::domain::form::{FormEntry, FormSetting};

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/settings.md");
    const HEAD: &str = "\
# Account settings by aggregator

The credentials, URLs and settings of `PUT /logistic-accounts/{alias}` ([configuration.md](configuration.md)), as the
adapters declare them. The pages of the aggregators have more details.

Generated from the code by `UPDATE_DOCS=1 cargo test -p logistics`.
";

    fn entries(page: &mut String, title: &str, entries: &[FormEntry]) {
        write!(page, "\n| {title} | | |\n|---|---|---|\n").unwrap();
        for FormEntry {
            name,
            help,
            is_needed,
        } in entries
        {
            let needed = if *is_needed { "required" } else { "optional" };
            writeln!(page, "| `{name}` | {needed} | {help} |").unwrap();
        }
    }

    fn settings(page: &mut String, settings: &[FormSetting]) {
        if settings.is_empty() {
            page.push_str("\nIt has no settings.\n");
            return;
        }
        page.push_str("\n| setting | per warehouse | is | |\n|---|---|---|---|\n");
        for setting in settings {
            let names = setting.described_name().replace(", ", "`, `");
            let warehouse = if setting.per_warehouse { "yes" } else { "no" };
            let (kind, help) = (setting.kind.allowed(), setting.help);
            writeln!(page, "| `{names}` | {warehouse} | {kind} | {help} |").unwrap();
        }
    }

    #[test]
    fn the_documented_settings_are_the_declared_ones() {
        let mut page = HEAD.to_owned();
        for adapter in all_configured() {
            let form = adapter.form();
            write!(page, "\n## {}\n", adapter.name()).unwrap();
            entries(&mut page, "credential", form.credentials);
            entries(&mut page, "URL", form.urls);
            settings(&mut page, form.settings);
            page.push_str("\nAt the aggregator:\n\n");
            for sentence in form.at_the_partner {
                writeln!(page, "- {sentence}").unwrap();
            }
        }
        crate::docs::hold(COMMITTED, &page);
    }

    #[test]
    fn no_form_says_a_name_twice() {
        for adapter in all_configured() {
            let form = adapter.form();
            let entries = form.credentials.iter().chain(form.urls);
            let names: Vec<_> = entries
                .map(|entry| entry.name)
                .chain(form.settings.iter().map(|setting| setting.name))
                .collect();
            let distinct: BTreeSet<_> = names.iter().collect();
            assert_eq!(distinct.len(), names.len(), "{}", adapter.name());
        }
    }
}
