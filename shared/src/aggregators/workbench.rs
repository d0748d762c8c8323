//! Test support for adapters: an aggregator with prepared responses, an account, and in-memory progress and sessions.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use wiremock::{MockServer, Request as Received};

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::{Aggregator, LookUp};
use crate::contract::fields::read_value;
use crate::contract::shipment;
use crate::domain::account::{LogisticAccount, PartnerAccount, Region};
use crate::domain::booking::Booked;
use crate::domain::given_id::GivenId;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::text::{AggregatorOrderId, Awb, OrderNumber, ShipmentCode};
use crate::outbound::client::Outbound;
use crate::outbound::target::AllowedTargets;
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::{KeepsProgress, NotKept, Progress};
use crate::partners::session::KeepsSessions;
use crate::telemetry::captured::Captured;

/// The current time of every test.
const NOW: &str = "2026-11-21T10:30:00Z";
/// Long enough for a response on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// An account at an aggregator that `server` simulates.
pub(crate) struct Workbench {
    /// The aggregator: mount its responses.
    pub(crate) server: MockServer,
    /// The account; its `baseUrl` is the URL of the server.
    pub(crate) account: LogisticAccount,
    /// The stored tokens.
    pub(crate) sessions: MemorySessions,
    /// The deadline of a call.
    pub(crate) deadline: Duration,
    outbound: Outbound,
}

impl Workbench {
    /// An account at this aggregator with these credentials.
    pub(crate) async fn start(aggregator: &str, credentials: &[(&str, &str)]) -> Self {
        let server = MockServer::start().await;
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), SecretString::from(*value));
        Self {
            account: LogisticAccount {
                client_id: "client-1".parse().unwrap(),
                alias: "account-1".parse().unwrap(),
                aggregator: aggregator.parse().unwrap(),
                region: Region::Domestic,
                credentials: credentials.iter().map(owned).collect(),
                urls: [("baseUrl".to_owned(), server.uri().parse().unwrap())].into(),
                settings: BTreeMap::new(),
                warehouses: BTreeMap::new(),
                default_courier: None,
                notifications_enabled: true,
                proofs: crate::domain::proof::PushProofs::default(),
                push_name: None,
            },
            outbound: Outbound::new(AllowedTargets::parse(&server.address().to_string())).unwrap(),
            sessions: MemorySessions::default(),
            deadline: PATIENCE,
            server,
        }
    }

    /// Adds a setting to the account.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.account
            .settings
            .insert(name.to_owned(), value.to_owned());
        self
    }

    /// A call for the account.
    pub(crate) fn call(&self) -> AggregatorCall<'_> {
        AggregatorCall::new(
            &self.account,
            &self.outbound,
            &self.sessions,
            Deadline::after(self.deadline),
            NOW.parse().unwrap(),
        )
    }

    /// Books the request, continuing from `progress`.
    pub(crate) async fn book(
        &self,
        adapter: &dyn Aggregator,
        request: &ShipmentRequest,
        progress: &MemoryProgress,
    ) -> Result<Booked, PartnerFailure> {
        let named = Names::of(request);
        let mut reached = Progress::new(progress.reached(), progress);
        adapter
            .book(self.call(), named.reference(), request, &mut reached)
            .await
    }

    /// Looks up a booking by the known names.
    pub(crate) async fn look_up(
        &self,
        adapter: &dyn Aggregator,
        names: &Names,
    ) -> Result<LookUp, PartnerFailure> {
        adapter.look_up(self.call(), names.reference()).await
    }

    /// The calls that the aggregator received, in order.
    pub(crate) async fn received(&self) -> Vec<Received> {
        self.server.received_requests().await.unwrap()
    }

    /// The body of the n-th call.
    pub(crate) async fn body(&self, index: usize) -> Value {
        serde_json::from_slice(&self.received().await[index].body).unwrap()
    }
}

/// The known names of a booking.
#[derive(Clone)]
pub(crate) struct Names {
    pub(crate) shipment_type: ShipmentType,
    pub(crate) order_number: OrderNumber,
    pub(crate) shipment_code: Option<ShipmentCode>,
    pub(crate) round: u32,
    pub(crate) order_id: Option<AggregatorOrderId>,
    pub(crate) awb: Option<Awb>,
    pub(crate) reached: BTreeMap<String, String>,
}

impl Names {
    /// The names that are known before a booking.
    pub(crate) fn of(request: &ShipmentRequest) -> Self {
        Self {
            shipment_type: request.purpose.shipment_type(),
            order_number: request.order_number.clone(),
            shipment_code: request.shipment_code.clone(),
            round: 1,
            order_id: None,
            awb: None,
            reached: BTreeMap::new(),
        }
    }

    /// The same as a reference.
    pub(crate) fn reference(&self) -> BookingReference<'_> {
        BookingReference {
            shipment_type: self.shipment_type,
            order_number: &self.order_number,
            shipment_code: self.shipment_code.as_ref(),
            round: self.round,
            order_id: self.order_id.as_ref(),
            awb: self.awb.as_ref(),
            reached: &self.reached,
        }
    }
}

/// Parses a request of our contract.
pub(crate) fn request(body: &Value) -> ShipmentRequest {
    let shipment_type = match body["orderDetails"]["shipmentType"].as_str() {
        Some("RETURN") => ShipmentType::Return,
        _ => ShipmentType::Forward,
    };
    let addressed = read_value(body, |fields| shipment::read(fields, shipment_type));
    addressed.unwrap().request
}

/// Progress in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryProgress {
    steps: Mutex<BTreeMap<String, String>>,
}

impl MemoryProgress {
    /// Progress with these completed steps.
    pub(crate) fn at(steps: &[(&str, &str)]) -> Self {
        let owned = |(step, id): &(&str, &str)| ((*step).to_owned(), (*id).to_owned());
        Self {
            steps: Mutex::new(steps.iter().map(owned).collect()),
        }
    }

    /// All steps.
    pub(crate) fn reached(&self) -> BTreeMap<String, String> {
        self.steps.lock().unwrap().clone()
    }
}

impl KeepsProgress for MemoryProgress {
    fn keep<'a>(
        &'a self,
        step: &'a str,
        result: &'a str,
        _given: &'a GivenId,
    ) -> BoxFuture<'a, Result<(), NotKept>> {
        let mut steps = self.steps.lock().unwrap();
        steps.insert(step.to_owned(), result.to_owned());
        async { Ok(()) }.boxed()
    }
}

/// Tokens in memory, by alias.
#[derive(Debug, Default)]
pub(crate) struct MemorySessions {
    tokens: Mutex<BTreeMap<String, SecretString>>,
}

impl MemorySessions {
    /// The stored token of the workbench's account.
    pub(crate) fn kept(&self) -> Option<String> {
        let tokens = self.tokens.lock().unwrap();
        let token = tokens.values().next()?;
        Some(token.expose_secret().to_owned())
    }
}

impl KeepsSessions for MemorySessions {
    fn token<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        refused: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Option<SecretString>> {
        let tokens = self.tokens.lock().unwrap();
        let kept = tokens.get(account.alias.as_str()).cloned();
        let good = kept.filter(|kept| {
            refused.is_none_or(|refused| refused.expose_secret() != kept.expose_secret())
        });
        async { good }.boxed()
    }

    fn keep<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        token: &'a SecretString,
        _lives: Duration,
    ) -> BoxFuture<'a, ()> {
        let mut tokens = self.tokens.lock().unwrap();
        tokens.insert(account.alias.to_string(), token.clone());
        async {}.boxed()
    }
}

/// The calls with a warning in the log: operation, outcome, status and length of the response.
pub(crate) fn warned_of(captured: &Captured) -> Vec<String> {
    let field = |line: &Value, name: &str| {
        let text = line[name].as_str().map(str::to_owned);
        text.unwrap_or_else(|| line[name].to_string())
    };
    let told = |line: &Value| {
        let fields = ["operation", "outcome", "status", "bytes"];
        fields.map(|name| field(line, name)).join(" ")
    };
    let lines = captured.lines();
    let warnings = lines.iter().filter(|line| line["level"] == "WARN");
    warnings.map(told).collect()
}

/// An answer with one value after the other replaced by values of other types, odd texts and long ones, except those at
/// the pointers in `but`. Each comes with its pointer.
pub(crate) fn with_odd_values(answer: &Value, but: &[&str]) -> Vec<(String, Value)> {
    let odd = [
        json!(null),
        json!(7),
        json!(1.5),
        json!(true),
        json!(["x"]),
        json!({ "x": 1 }),
        json!(""),
        json!("a\r\nb\u{0}"),
        json!("x".repeat(10_000)),
        json!("http://rms:s3cret@[::1/"),
    ];
    let mut pointers = Vec::new();
    collect_pointers(answer, "", &mut pointers);
    let pointers = pointers
        .into_iter()
        .filter(|pointer| !but.contains(&pointer.as_str()));
    let mut answers = Vec::new();
    for pointer in pointers {
        for value in &odd {
            let mut changed = answer.clone();
            *changed.pointer_mut(&pointer).unwrap() = value.clone();
            answers.push((pointer.clone(), changed));
        }
    }
    assert!(!answers.is_empty());
    answers
}

fn collect_pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    if let Value::Object(fields) = value {
        for (name, value) in fields {
            let pointer = format!("{at}/{name}");
            collect_pointers(value, &pointer, found);
            found.push(pointer);
        }
    }
}

/// An answer with values that no parser can represent, and with bytes that are not UTF-8.
pub(crate) fn with_odd_bytes(answer: &Value) -> Vec<u8> {
    let answer = answer.to_string();
    let odd = br#"{"half": "\ud83d", "huge": 1e400, "latin": "Caf"#;
    [odd, &b"\xe9\", "[..], &answer.as_bytes()[1..]].concat()
}
