//! Test support for adapters: an aggregator with prepared responses and an account.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::{MockServer, Request as Received};

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::reference::BookingReference;
use crate::aggregators::{Aggregator, LookUp};
use crate::contract::fields::read_value;
use crate::contract::shipment;
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::booking::Booked;
use crate::domain::naming::Naming;
use crate::domain::order::ShipmentRequest;
use crate::domain::shipment::ShipmentType;
use crate::domain::status_mappings::StatusMappings;
use crate::domain::text::{AggregatorOrderId, Awb, OrderNumber, ShipmentCode};
use crate::outbound::client::Outbound;
use crate::outbound::target::AllowedTargets;
use crate::partners::call::Deadline;
use crate::partners::failure::PartnerFailure;
use crate::partners::progress::Progress;
use crate::partners::workbench::{MemoryProgress, MemorySessions};

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
                status_mappings: StatusMappings::default(),
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
            naming: Naming::Dash,
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
