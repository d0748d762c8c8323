//! Tests the adapter against a server that uses our own contract.

mod book;
mod call;
mod look_up;
mod optional;
mod push;
mod recommend;
mod refusal;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request as Received, ResponseTemplate};

use crate::aggregators::rms_magic::call::{GENERATE_LABEL, GENERATE_RETURN, GET_LABEL, GET_RETURN};
use crate::aggregators::rms_magic::*;
use crate::aggregators::workbench::Names;
use crate::contract::fields::{Unreadable, read_body};
use crate::contract::{courier, shipment};
use crate::domain::account::Region;
use crate::domain::booking::Booking;
use crate::domain::given_id::GivenId;
use crate::domain::naming::Naming;
use crate::domain::shipment::ShipmentType;
use crate::domain::status_mappings::StatusMappings;
use crate::domain::text::{AggregatorOrderId, OrderNumber, ShipmentCode};
use crate::outbound::client::Outbound;
use crate::outbound::target::AllowedTargets;
use crate::partners::call::Deadline;
use crate::partners::failure::Refusal;
use crate::partners::progress::{KeepsProgress, NotKept};
use crate::partners::workbench::MemorySessions;

const LABEL_REQUEST: &str = include_str!("fixtures/label-request.json");
const LABEL_ANSWER: &str = include_str!("fixtures/label-answer.json");
const RETURN_REQUEST: &str = include_str!("fixtures/return-request.json");
const RETURN_ANSWER: &str = include_str!("fixtures/return-answer.json");
const COURIER_REQUEST: &str = include_str!("fixtures/courier-request.json");
const COURIER_ANSWER: &str = include_str!("fixtures/courier-answer.json");
const NOTHING: &str = include_str!("fixtures/nothing.json");
const REFUSAL: &str = include_str!("fixtures/refusal.json");

/// Long enough for a response on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);
/// For calls without a response.
const IMPATIENCE: Duration = Duration::from_millis(200);

/// An account at an aggregator that listens at `authority`, with a transport.
struct Magic {
    account: LogisticAccount,
    outbound: Outbound,
    sessions: MemorySessions,
    deadline: Duration,
}

/// A call to the aggregator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MagicCall {
    Label,
    ReturnAwb,
    Couriers,
    LookUp,
}

/// The calls that create something, and those that read.
const CREATING: [MagicCall; 2] = [MagicCall::Label, MagicCall::ReturnAwb];
const READING: [MagicCall; 2] = [MagicCall::Couriers, MagicCall::LookUp];

impl Magic {
    fn at(authority: &str) -> Self {
        let urls = [
            GENERATE_LABEL,
            GET_LABEL,
            GENERATE_RETURN,
            GET_RETURN,
            GET_COURIERS,
        ];
        let url = |name: &str| format!("http://{authority}/{name}").parse().unwrap();
        let credentials = [
            ("authDomainName", "brand"),
            ("authUsername", "rms"),
            ("authPassword", "s3cret"),
        ];
        Self {
            account: LogisticAccount {
                client_id: "client-1".parse().unwrap(),
                alias: "magic".parse().unwrap(),
                aggregator: "RMS_MAGIC".parse().unwrap(),
                region: Region::Domestic,
                credentials: credentials
                    .map(|(name, value)| (name.to_owned(), value.into()))
                    .into(),
                urls: urls.map(|name| (name.to_owned(), url(name))).into(),
                settings: BTreeMap::new(),
                warehouses: BTreeMap::new(),
                default_courier: None,
                notifications_enabled: true,
                status_mappings: StatusMappings::default(),
                proofs: crate::domain::proof::PushProofs::default(),
                push_name: None,
            },
            outbound: Outbound::new(AllowedTargets::parse(authority)).unwrap(),
            sessions: MemorySessions::default(),
            deadline: PATIENCE,
        }
    }

    fn impatient(self) -> Self {
        Self {
            deadline: IMPATIENCE,
            ..self
        }
    }

    fn call(&self) -> AggregatorCall<'_> {
        AggregatorCall::new(
            &self.account,
            &self.outbound,
            &self.sessions,
            Deadline::after(self.deadline),
            jiff::Timestamp::UNIX_EPOCH,
        )
    }

    async fn book(
        &self,
        body: &str,
        shipment_type: ShipmentType,
    ) -> Result<Booked, PartnerFailure> {
        let addressed = read_body(body.as_bytes(), |fields| {
            shipment::read(fields, shipment_type)
        });
        let request = addressed.unwrap().request;
        let mut progress = Progress::new(BTreeMap::new(), &NeverKept);
        let names = Names::of(&request);
        RmsMagic
            .book(self.call(), names.reference(), &request, &mut progress)
            .await
    }

    async fn label(&self) -> Result<Booked, PartnerFailure> {
        self.book(LABEL_REQUEST, ShipmentType::Forward).await
    }

    async fn return_awb(&self) -> Result<Booked, PartnerFailure> {
        self.book(RETURN_REQUEST, ShipmentType::Return).await
    }

    async fn recommend(&self) -> Result<Vec<Recommendation>, PartnerFailure> {
        let addressed = read_body(COURIER_REQUEST.as_bytes(), courier::read).unwrap();
        RmsMagic.recommend(self.call(), &addressed.route).await
    }

    async fn look_up(&self, wanted: LookedUp<'_>) -> Result<LookUp, PartnerFailure> {
        let order_number: OrderNumber = "asdf1234".parse().unwrap();
        let order_id: Option<AggregatorOrderId> = wanted.order_id.map(|id| id.parse().unwrap());
        let code: Option<ShipmentCode> = wanted.shipment_code.map(|code| code.parse().unwrap());
        let reference = BookingReference {
            shipment_type: wanted.shipment_type,
            order_number: &order_number,
            shipment_code: code.as_ref(),
            round: 1,
            naming: Naming::Dash,
            order_id: order_id.as_ref(),
            awb: None,
            reached: &BTreeMap::new(),
        };
        RmsMagic.look_up(self.call(), reference).await
    }

    /// Makes a call and discards a successful result.
    async fn ask(&self, ask: MagicCall) -> Result<(), PartnerFailure> {
        match ask {
            MagicCall::Label => self.label().await.map(drop),
            MagicCall::ReturnAwb => self.return_awb().await.map(drop),
            MagicCall::Couriers => self.recommend().await.map(drop),
            MagicCall::LookUp => self.look_up(LookedUp::default()).await.map(drop),
        }
    }
}

/// The booking that a test looks up; by default the label of the order number.
struct LookedUp<'a> {
    shipment_type: ShipmentType,
    order_id: Option<&'a str>,
    shipment_code: Option<&'a str>,
}

impl Default for LookedUp<'_> {
    fn default() -> Self {
        Self {
            shipment_type: ShipmentType::Forward,
            order_id: None,
            shipment_code: None,
        }
    }
}

/// Booking is one call: there is no progress to store.
struct NeverKept;

impl KeepsProgress for NeverKept {
    fn keep<'a>(
        &'a self,
        step: &'a str,
        _result: &'a str,
        _given: &'a GivenId,
    ) -> BoxFuture<'a, Result<(), NotKept>> {
        panic!("{step} was to be kept");
        #[expect(unreachable_code, reason = "gives the future its type")]
        async { Err(NotKept) }.boxed()
    }
}

fn body(sample: &str) -> ResponseTemplate {
    answer(200, sample)
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

/// An aggregator with the same response to all calls.
async fn answering(template: ResponseTemplate) -> (MockServer, Magic) {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(template)
        .mount(&server)
        .await;
    let magic = Magic::at(&server.address().to_string());
    (server, magic)
}

/// The only request that the aggregator received.
async fn received(server: &MockServer) -> Received {
    let mut requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    requests.pop().unwrap()
}

fn header<'a>(request: &'a Received, name: &str) -> Option<&'a str> {
    request
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap())
}

/// Asserts method, path, query and credentials.
fn assert_call(request: &Received, method: &str, target: &str) {
    let query = request.url.query().map(|query| format!("?{query}"));
    let found = format!("{}{}", request.url.path(), query.unwrap_or_default());
    assert_eq!((request.method.as_str(), found.as_str()), (method, target));
    assert_eq!(header(request, "authDomainName"), Some("brand"));
    assert_eq!(header(request, "authUsername"), Some("rms"));
    assert_eq!(header(request, "authPassword"), Some("s3cret"));
    assert_eq!(header(request, "accept"), Some("application/json"));
    assert_eq!(header(request, "accept-encoding"), None);
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn booking_of(order_id: &str, label_url: Option<&str>) -> Booking {
    Booking {
        order_id: Some(order_id.parse().unwrap()),
        awb: "71902671".parse().unwrap(),
        carrier_name: Some("Delhivery".to_owned()),
        label_url: label_url.map(|url| url.parse().unwrap()),
        commercial_invoice_url: None,
        meta_data: BTreeMap::new(),
        own_ids: std::collections::BTreeMap::new(),
    }
}

fn label_booking() -> Booking {
    booking_of("11012", Some("https://shipping-label-pdf.com/asdf1234"))
}

fn return_booking() -> Booking {
    booking_of("11012", None)
}
