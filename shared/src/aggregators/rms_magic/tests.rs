//! Per capability: the request as it is sent, the right call, the answer as it is read, the refusal; then what each kind
//! of unclear answer means to a call that creates and to one that reads.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request as Received, ResponseTemplate};

use super::*;
use crate::aggregators::workbench::{MemorySessions, Names};
use crate::contract::fields::Unreadable;
use crate::contract::{courier, shipment};
use crate::domain::account::Region;
use crate::domain::text::{AggregatorOrderId, OrderNumber, ShipmentCode};
use crate::outbound::client::Outbound;
use crate::outbound::target::AllowedTargets;
use crate::partners::call::Deadline;
use crate::partners::failure::Refusal;
use crate::partners::progress::{KeepsProgress, NotKept};

const LABEL_REQUEST: &str = include_str!("fixtures/label-request.json");
const LABEL_ANSWER: &str = include_str!("fixtures/label-answer.json");
const RETURN_REQUEST: &str = include_str!("fixtures/return-request.json");
const RETURN_ANSWER: &str = include_str!("fixtures/return-answer.json");
const COURIER_REQUEST: &str = include_str!("fixtures/courier-request.json");
const COURIER_ANSWER: &str = include_str!("fixtures/courier-answer.json");
const NOTHING: &str = include_str!("fixtures/nothing.json");
const REFUSAL: &str = include_str!("fixtures/refusal.json");

/// Long enough for an answer on this machine.
const PATIENCE: Duration = Duration::from_secs(10);
/// For calls that get no answer.
const IMPATIENCE: Duration = Duration::from_millis(200);

/// An account at an aggregator that listens at `authority`, and the way there.
struct Magic {
    account: LogisticAccount,
    outbound: Outbound,
    sessions: MemorySessions,
    deadline: Duration,
}

/// What is asked of the aggregator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Label,
    ReturnAwb,
    Couriers,
    LookUp,
}

/// The calls that create something, and those that read.
const CREATING: [Ask; 2] = [Ask::Label, Ask::ReturnAwb];
const READING: [Ask; 2] = [Ask::Couriers, Ask::LookUp];

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

    fn call(&self) -> Call<'_> {
        Call {
            account: &self.account,
            outbound: &self.outbound,
            sessions: &self.sessions,
            deadline: Deadline::after(self.deadline),
            now: jiff::Timestamp::UNIX_EPOCH,
        }
    }

    async fn book(&self, body: &str, shipment_type: ShipmentType) -> Result<Booked, Failure> {
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

    async fn label(&self) -> Result<Booked, Failure> {
        self.book(LABEL_REQUEST, ShipmentType::Forward).await
    }

    async fn return_awb(&self) -> Result<Booked, Failure> {
        self.book(RETURN_REQUEST, ShipmentType::Return).await
    }

    async fn recommend(&self) -> Result<Vec<Recommendation>, Failure> {
        let addressed = read_body(COURIER_REQUEST.as_bytes(), courier::read).unwrap();
        RmsMagic.recommend(self.call(), &addressed.route).await
    }

    async fn look_up(&self, wanted: Wanted<'_>) -> Result<Found, Failure> {
        let order_number: OrderNumber = "asdf1234".parse().unwrap();
        let order_id: Option<AggregatorOrderId> = wanted.order_id.map(|id| id.parse().unwrap());
        let code: Option<ShipmentCode> = wanted.shipment_code.map(|code| code.parse().unwrap());
        let reference = Reference {
            shipment_type: wanted.shipment_type,
            order_number: &order_number,
            shipment_code: code.as_ref(),
            round: 1,
            order_id: order_id.as_ref(),
            awb: None,
            reached: &BTreeMap::new(),
        };
        RmsMagic.look_up(self.call(), reference).await
    }

    /// Asks, and forgets a good answer.
    async fn ask(&self, ask: Ask) -> Result<(), Failure> {
        match ask {
            Ask::Label => self.label().await.map(drop),
            Ask::ReturnAwb => self.return_awb().await.map(drop),
            Ask::Couriers => self.recommend().await.map(drop),
            Ask::LookUp => self.look_up(Wanted::default()).await.map(drop),
        }
    }
}

/// Which booking a test looks up: the label of the order number, if it does not say otherwise.
struct Wanted<'a> {
    shipment_type: ShipmentType,
    order_id: Option<&'a str>,
    shipment_code: Option<&'a str>,
}

impl Default for Wanted<'_> {
    fn default() -> Self {
        Self {
            shipment_type: ShipmentType::Forward,
            order_id: None,
            shipment_code: None,
        }
    }
}

/// One call books: there is no progress to keep.
struct NeverKept;

impl KeepsProgress for NeverKept {
    fn keep<'a>(&'a self, step: &'a str, _id: &'a str) -> BoxFuture<'a, Result<(), NotKept>> {
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

/// An aggregator that answers everything in one way.
async fn answering(template: ResponseTemplate) -> (MockServer, Magic) {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(template)
        .mount(&server)
        .await;
    let magic = Magic::at(&server.address().to_string());
    (server, magic)
}

/// The one request that the aggregator got.
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

mod capabilities {
    use super::*;

    #[tokio::test]
    async fn a_label_is_asked_for_and_read() {
        let (server, magic) = answering(body(LABEL_ANSWER)).await;
        assert_eq!(magic.label().await.unwrap(), Booked::Now(label_booking()));
        let request = received(&server).await;
        assert_call(&request, "POST", "/generateShippingLabel");
        assert_eq!(header(&request, "content-type"), Some("application/json"));
        assert_eq!(
            request.body_json::<Value>().unwrap(),
            json_of(LABEL_REQUEST)
        );
    }

    #[tokio::test]
    async fn a_return_awb_is_asked_for_and_read() {
        let (server, magic) = answering(body(RETURN_ANSWER)).await;
        let booked = magic.return_awb().await.unwrap();
        assert_eq!(booked, Booked::Now(return_booking()));
        let request = received(&server).await;
        assert_call(&request, "POST", "/generateReturnAwb");
        assert_eq!(header(&request, "content-type"), Some("application/json"));
        assert_eq!(
            request.body_json::<Value>().unwrap(),
            json_of(RETURN_REQUEST)
        );
    }

    #[tokio::test]
    async fn couriers_are_asked_for_and_read() {
        let (server, magic) = answering(body(COURIER_ANSWER)).await;
        let couriers = magic.recommend().await.unwrap();
        let told: Vec<_> = couriers
            .iter()
            .map(|courier| {
                (
                    courier.courier.as_str(),
                    courier.name.as_str(),
                    courier.priority.to_string(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("1001", "Delhivery", "1".to_owned()),
                ("1002", "Fedex", "2".to_owned())
            ]
        );
        let request = received(&server).await;
        assert_call(&request, "POST", "/getCouriers");
        assert_eq!(
            request.body_json::<Value>().unwrap(),
            json_of(COURIER_REQUEST)
        );
    }

    #[tokio::test]
    async fn a_label_is_looked_up_by_order_id() {
        let (server, magic) = answering(body(LABEL_ANSWER)).await;
        let wanted = Wanted {
            order_id: Some("11012"),
            ..Wanted::default()
        };
        let found = magic.look_up(wanted).await.unwrap();
        assert_eq!(found, Found::Booking(label_booking()));
        let request = received(&server).await;
        assert_call(&request, "GET", "/getShippingLabel?orderId=11012");
        assert!(request.body.is_empty());
    }

    #[tokio::test]
    async fn a_label_is_looked_up_by_order_number_and_shipment_code() {
        let (server, magic) = answering(body(LABEL_ANSWER)).await;
        let wanted = Wanted {
            shipment_code: Some("box 1/2"),
            ..Wanted::default()
        };
        let found = magic.look_up(wanted).await.unwrap();
        assert_eq!(found, Found::Booking(label_booking()));
        assert_call(
            &received(&server).await,
            "GET",
            "/getShippingLabel?orderNumber=asdf1234&shipmentCode=box+1%2F2",
        );
    }

    #[tokio::test]
    async fn a_return_awb_is_looked_up_by_order_id_and_by_order_number() {
        for (order_id, target) in [
            (Some("11012"), "/getReturnAwb?orderId=11012"),
            (None, "/getReturnAwb?orderNumber=asdf1234"),
        ] {
            let (server, magic) = answering(body(RETURN_ANSWER)).await;
            let wanted = Wanted {
                shipment_type: ShipmentType::Return,
                order_id,
                ..Wanted::default()
            };
            let found = magic.look_up(wanted).await.unwrap();
            assert_eq!(found, Found::Booking(return_booking()));
            assert_call(&received(&server).await, "GET", target);
        }
    }

    #[tokio::test]
    async fn the_query_of_a_configured_url_is_kept() {
        let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
        let url = format!("http://{}/get?tenant=7", server.address());
        magic
            .account
            .urls
            .insert(GET_LABEL.to_owned(), url.parse().unwrap());
        magic.look_up(Wanted::default()).await.unwrap();
        assert_call(
            &received(&server).await,
            "GET",
            "/get?tenant=7&orderNumber=asdf1234",
        );
    }

    #[tokio::test]
    async fn credentials_that_the_account_lacks_are_not_sent() {
        let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
        magic.account.credentials.remove("authDomainName");
        magic.label().await.unwrap();
        let request = received(&server).await;
        assert_eq!(header(&request, "authDomainName"), None);
        assert_eq!(header(&request, "authUsername"), Some("rms"));
        assert_eq!(header(&request, "authPassword"), Some("s3cret"));
    }

    #[tokio::test]
    async fn a_password_beyond_ascii_is_sent_as_utf_8() {
        let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
        let credentials = &mut magic.account.credentials;
        credentials.insert("authPassword".to_owned(), "pässword".into());
        magic.label().await.unwrap();
        let request = received(&server).await;
        let password = request.headers.get("authPassword").unwrap();
        assert_eq!(password.as_bytes(), "pässword".as_bytes());
    }

    #[tokio::test]
    async fn what_the_account_has_no_url_for_is_not_sent() {
        let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
        assert!(RmsMagic.recommends_couriers(&magic.account).is_some());
        magic.account.urls.clear();
        assert!(RmsMagic.recommends_couriers(&magic.account).is_none());
        for (ask, name) in [
            (Ask::Label, GENERATE_LABEL),
            (Ask::ReturnAwb, GENERATE_RETURN),
            (Ask::Couriers, GET_COURIERS),
            (Ask::LookUp, GET_LABEL),
        ] {
            let failure = magic.ask(ask).await.unwrap_err();
            assert!(matches!(failure, Failure::NotConfigured(lacking) if lacking == name));
        }
        assert!(server.received_requests().await.unwrap().is_empty());
    }

    #[test]
    fn a_push_is_one_event() {
        let push = br#"{"forwardOrderCode": "asdf1234", "notificationType": "DELIVERED", "shipmentType": "FORWARD", "logisticAggregatorName": "NARVAR"}"#;
        let account = Magic::at("127.0.0.1:9").account;
        assert_eq!(RmsMagic.read_push(&account, push).unwrap().len(), 1);
        assert!(matches!(
            RmsMagic.read_push(&account, b"{}"),
            Err(PushRejection::Unreadable(Unreadable::Invalid(_)))
        ));
    }
}

mod refusals {
    use super::*;

    async fn refusal(template: ResponseTemplate, ask: Ask) -> Refusal {
        let (_server, magic) = answering(template).await;
        match magic.ask(ask).await {
            Err(Failure::Refused(refusal)) => refusal,
            other => panic!("{ask:?} is not refused: {other:?}"),
        }
    }

    #[tokio::test]
    async fn a_4xx_with_a_code_and_a_message_is_a_refusal_in_these_words() {
        for status in [400, 404, 409, 422] {
            for ask in [Ask::Label, Ask::ReturnAwb, Ask::Couriers] {
                let refusal = refusal(answer(status, REFUSAL), ask).await;
                assert_eq!(refusal.code.as_deref(), Some("NOT_SERVICEABLE"));
                let message = refusal.message.as_deref();
                assert_eq!(message, Some("no courier goes from 560102 to 395007"));
            }
        }
    }

    #[tokio::test]
    async fn other_names_and_numbers_are_understood() {
        for (body, code, message) in [
            (json!({"errorCode": 17, "error": "no"}), "17", Some("no")),
            (json!({"code": "E1", "detail": "no"}), "E1", Some("no")),
            (json!({"errorMessage": "no"}), "400", Some("no")),
            (json!({"code": null, "message": ["no"]}), "400", None),
            (json!([]), "400", None),
        ] {
            let refusal = refusal(answer(400, body.to_string()), Ask::Label).await;
            assert_eq!(refusal.code.as_deref(), Some(code), "{body}");
            assert_eq!(refusal.message.as_deref(), message, "{body}");
        }
    }

    #[tokio::test]
    async fn a_refusal_that_is_no_json_has_its_status_for_a_code() {
        for body in [&b"<html>Bad Request</html>"[..], b"", b"\xff\xfe"] {
            let refusal = refusal(answer(422, body), Ask::Label).await;
            assert_eq!(refusal.code.as_deref(), Some("422"));
            assert_eq!(refusal.message, None);
        }
    }

    #[tokio::test]
    async fn a_long_message_is_cut() {
        let body = json!({"message": "ß".repeat(10_000)}).to_string();
        let refusal = refusal(answer(400, body), Ask::Label).await;
        assert_eq!(refusal.message.unwrap().chars().count(), 500);
    }

    #[tokio::test]
    async fn a_401_and_a_403_are_about_the_credentials() {
        for status in [401, 403] {
            let (_server, magic) = answering(answer(status, REFUSAL)).await;
            for ask in CREATING.into_iter().chain(READING) {
                let failure = magic.ask(ask).await.unwrap_err();
                assert!(matches!(failure, Failure::BadCredentials), "{ask:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_429_is_throttling_with_its_wait() {
        for (retry_after, wait) in [
            (Some("7"), Some(Duration::from_secs(7))),
            (Some(" 0 "), Some(Duration::ZERO)),
            (Some("soon"), None),
            (Some("-1"), None),
            (None, None),
        ] {
            let template = match retry_after {
                Some(value) => answer(429, "").insert_header("Retry-After", value),
                None => answer(429, ""),
            };
            let (_server, magic) = answering(template).await;
            for ask in CREATING.into_iter().chain(READING) {
                let failure = magic.ask(ask).await.unwrap_err();
                assert!(
                    matches!(failure, Failure::Throttled(found) if found == wait),
                    "{ask:?} {retry_after:?}: {failure:?}"
                );
            }
        }
    }
}

mod unclear_answers {
    use super::*;

    /// Asserts what an aggregator's behaviour means: always "it may have happened" to a call that creates.
    async fn assert_unclear(magic: &Magic, reading: fn(&Failure) -> bool) {
        for ask in CREATING {
            let failure = magic.ask(ask).await.unwrap_err();
            assert!(
                matches!(failure, Failure::OutcomeUnknown),
                "{ask:?}: {failure:?}"
            );
        }
        for ask in READING {
            let failure = magic.ask(ask).await.unwrap_err();
            assert!(reading(&failure), "{ask:?}: {failure:?}");
        }
    }

    fn is_unreachable(failure: &Failure) -> bool {
        matches!(failure, Failure::Unreachable)
    }

    fn is_unreadable(failure: &Failure) -> bool {
        matches!(failure, Failure::Unreadable)
    }

    /// Serves every connection by `serve`, which gets the stream after the request's head was read.
    fn raw(serve: fn(&mut std::net::TcpStream)) -> Magic {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                std::thread::spawn(move || {
                    let mut head = [0; 1024];
                    let _ = stream.read(&mut head);
                    serve(&mut stream);
                });
            }
        });
        Magic::at(&authority)
    }

    #[tokio::test]
    async fn a_5xx_leaves_a_creating_call_unknown_and_a_reading_one_without_an_answer() {
        for status in [500, 502, 503, 504, 599] {
            let (_server, magic) = answering(answer(status, REFUSAL)).await;
            assert_unclear(&magic, is_unreachable).await;
        }
    }

    #[tokio::test]
    async fn a_408_is_no_refusal() {
        let (_server, magic) = answering(answer(408, "")).await;
        assert_unclear(&magic, is_unreachable).await;
    }

    #[tokio::test]
    async fn a_timeout_leaves_a_creating_call_unknown() {
        let late = body(LABEL_ANSWER).set_delay(PATIENCE);
        let (_server, magic) = answering(late).await;
        assert_unclear(&magic.impatient(), is_unreachable).await;
    }

    #[tokio::test]
    async fn a_connection_that_breaks_before_the_answer_leaves_a_creating_call_unknown() {
        let magic = raw(|_| {});
        assert_unclear(&magic, is_unreachable).await;
    }

    #[tokio::test]
    async fn a_connection_that_breaks_within_the_answer_leaves_a_creating_call_unknown() {
        let magic = raw(|stream| {
            let _ =
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"orderId\":");
        });
        assert_unclear(&magic, is_unreachable).await;
    }

    #[tokio::test]
    async fn what_is_no_http_leaves_a_creating_call_unknown() {
        let magic = raw(|stream| {
            let _ = stream.write_all(b"\x16\x03\x01 hello\r\n\r\n");
        });
        assert_unclear(&magic, is_unreachable).await;
    }

    #[tokio::test]
    async fn garbage_leaves_a_creating_call_unknown() {
        for garbage in [
            &b"\xff\xfe\x00"[..],
            b"",
            b"<html></html>",
            b"[]",
            b"null",
            b"{}",
        ] {
            let (_server, magic) = answering(answer(200, garbage)).await;
            assert_unclear(&magic, is_unreadable).await;
        }
    }

    #[tokio::test]
    async fn a_200_with_an_error_or_without_an_awb_is_no_booking() {
        let without_awb =
            json!({"orderId": "11012", "orderNumber": "asdf1234", "carrierName": "X"});
        let empty_awb =
            json!({"orderId": "11012", "orderNumber": "asdf1234", "awb": "", "returnAwb": ""});
        for body in [json_of(REFUSAL), without_awb, empty_awb] {
            let (_server, magic) = answering(answer(200, body.to_string())).await;
            assert_unclear(&magic, is_unreadable).await;
        }
    }

    #[tokio::test]
    async fn another_order_s_booking_leaves_a_creating_call_unknown() {
        for answer in [LABEL_ANSWER, RETURN_ANSWER] {
            let mut other = json_of(answer);
            other["orderNumber"] = json!("other");
            let (_server, magic) = answering(body(&other.to_string())).await;
            for ask in CREATING {
                let failure = magic.ask(ask).await.unwrap_err();
                assert!(matches!(failure, Failure::OutcomeUnknown), "{failure:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_booking_that_names_no_order_is_the_one_that_was_asked_for() {
        let mut nameless = json_of(LABEL_ANSWER);
        nameless.as_object_mut().unwrap().remove("orderNumber");
        let (_server, magic) = answering(body(&nameless.to_string())).await;
        assert_eq!(magic.label().await.unwrap(), Booked::Now(label_booking()));
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed_and_leaves_a_creating_call_unknown() {
        for status in [301, 302, 303, 307, 308] {
            let server = MockServer::start().await;
            let elsewhere = format!("http://{}/elsewhere", server.address());
            Mock::given(path("/elsewhere"))
                .respond_with(body(LABEL_ANSWER))
                .expect(0)
                .mount(&server)
                .await;
            Mock::given(any())
                .respond_with(answer(status, "").insert_header("Location", elsewhere.as_str()))
                .mount(&server)
                .await;
            assert_unclear(&Magic::at(&server.address().to_string()), is_unreachable).await;
        }
    }

    #[tokio::test]
    async fn an_answer_over_1_mib_is_not_read_on() {
        let magic = raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"orderId\": \"11012\", \"x\": \"");
            while stream.write_all(&[b'x'; 8 * 1024]).is_ok() {}
        });
        let began = std::time::Instant::now();
        assert_unclear(&magic, is_unreadable).await;
        assert!(began.elapsed() < PATIENCE, "the answers have no end");
    }

    #[tokio::test]
    async fn an_answer_of_exactly_1_mib_is_read() {
        let mut padded = LABEL_ANSWER.as_bytes().to_vec();
        padded.resize(1024 * 1024, b' ');
        let (_server, magic) = answering(answer(200, padded.clone())).await;
        assert_eq!(magic.label().await.unwrap(), Booked::Now(label_booking()));
        padded.push(b' ');
        let (_server, magic) = answering(answer(200, padded)).await;
        assert!(matches!(magic.label().await, Err(Failure::OutcomeUnknown)));
    }

    #[tokio::test]
    async fn without_a_connection_nothing_was_sent() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let magic = Magic::at(&listener.local_addr().unwrap().to_string());
        drop(listener);
        for ask in CREATING.into_iter().chain(READING) {
            let failure = magic.ask(ask).await.unwrap_err();
            assert!(
                matches!(failure, Failure::NotSent(_)),
                "{ask:?}: {failure:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_forbidden_target_is_not_called() {
        let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
        magic.outbound = Outbound::new(AllowedTargets::default()).unwrap();
        for ask in CREATING.into_iter().chain(READING) {
            let failure = magic.ask(ask).await.unwrap_err();
            assert!(
                matches!(failure, Failure::NotSent(_)),
                "{ask:?}: {failure:?}"
            );
        }
        assert!(server.received_requests().await.unwrap().is_empty());
    }
}

mod looking_up {
    use super::*;

    async fn found(template: ResponseTemplate, wanted: Wanted<'_>) -> Result<Found, Failure> {
        let (_server, magic) = answering(template).await;
        magic.look_up(wanted).await
    }

    #[tokio::test]
    async fn a_404_that_echoes_the_order_number_says_that_there_is_nothing() {
        let found = found(answer(404, NOTHING), Wanted::default()).await;
        assert_eq!(found.unwrap(), Found::Nothing);
    }

    #[tokio::test]
    async fn any_other_404_decides_nothing() {
        let other = json!({"orderNumber": "other", "found": false}).to_string();
        let upper = json!({"orderNumber": "ASDF1234", "found": false}).to_string();
        for body in ["", "<html>Not Found</html>", REFUSAL, &other, &upper] {
            let found = found(answer(404, body), Wanted::default()).await.unwrap();
            assert_eq!(found, Found::CannotTell, "{body}");
        }
    }

    #[tokio::test]
    async fn a_404_on_the_aggregator_s_own_id_decides_nothing() {
        let wanted = Wanted {
            order_id: Some("11012"),
            ..Wanted::default()
        };
        let found = found(answer(404, NOTHING), wanted).await.unwrap();
        assert_eq!(found, Found::CannotTell);
    }

    #[tokio::test]
    async fn any_other_4xx_decides_nothing() {
        for status in [400, 405, 409, 410, 422] {
            let found = found(answer(status, NOTHING), Wanted::default())
                .await
                .unwrap();
            assert_eq!(found, Found::CannotTell, "{status}");
        }
    }

    #[tokio::test]
    async fn another_order_s_booking_is_unreadable() {
        let mut other = json_of(LABEL_ANSWER);
        other["orderNumber"] = json!("other");
        let mut nameless = json_of(LABEL_ANSWER);
        nameless.as_object_mut().unwrap().remove("orderNumber");
        for body in [other, nameless] {
            for order_id in [None, Some("11012")] {
                let wanted = Wanted {
                    order_id,
                    ..Wanted::default()
                };
                let failure = found(answer(200, body.to_string()), wanted)
                    .await
                    .unwrap_err();
                assert!(matches!(failure, Failure::Unreadable), "{body}");
            }
        }
    }

    #[tokio::test]
    async fn a_return_is_not_looked_up_among_labels() {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/getReturnAwb"))
            .respond_with(body(RETURN_ANSWER))
            .expect(1)
            .mount(&server)
            .await;
        let wanted = Wanted {
            shipment_type: ShipmentType::Return,
            ..Wanted::default()
        };
        let magic = Magic::at(&server.address().to_string());
        let found = magic.look_up(wanted).await.unwrap();
        assert_eq!(found, Found::Booking(return_booking()));
    }
}
