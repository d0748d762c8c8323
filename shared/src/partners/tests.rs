//! Tests that a call logs one line with the shape of the response and none of its content.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::Value;
use tracing::Instrument;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::domain::account::PartnerAccount;
use crate::domain::text::{AccountAlias, ClientId};
use crate::outbound::client::{Outbound, Reply};
use crate::outbound::target::AllowedTargets;
use crate::partners::call::{Deadline, PartnerCall};
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::request::post;
use crate::partners::session::KeepsSessions;
use crate::partners::transport::{Operation, exchange};
use crate::telemetry::captured::Captured;
use crate::telemetry::trace_context::within;

const READS: Operation = Operation::reads("look_up");
const CREATES: Operation = Operation::creates("book");
/// Must not appear in any line: it is in the URL, in the request and in every response.
const SECRET: &str = "s3cret";

/// The fields of a line as strings.
type Line = BTreeMap<String, String>;

fn texts(line: &Value) -> Line {
    let fields = line.as_object().unwrap().iter();
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    fields
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// Sessions are not used in these tests.
#[derive(Debug)]
struct NoSessions;

impl KeepsSessions for NoSessions {
    fn token<'a>(
        &'a self,
        _: PartnerAccount<'a>,
        _: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Option<SecretString>> {
        async { None }.boxed()
    }

    fn keep<'a>(
        &'a self,
        _: PartnerAccount<'a>,
        _: &'a SecretString,
        _: Duration,
    ) -> BoxFuture<'a, ()> {
        async {}.boxed()
    }
}

/// Makes a call to a partner at `authority` and returns its log lines.
async fn logged(
    authority: &str,
    operation: Operation,
    read: fn(&Reply) -> Result<(), PartnerFailure>,
) -> Vec<Line> {
    let client_id: ClientId = "client-1".parse().unwrap();
    let alias: AccountAlias = "account-1".parse().unwrap();
    let credentials = BTreeMap::from([("key".to_owned(), SecretString::from(SECRET))]);
    let call = PartnerCall {
        account: PartnerAccount {
            client_id: &client_id,
            alias: &alias,
            kind: crate::domain::account::PartnerKind::Aggregator,
            partner: "OTHER",
            credentials: &credentials,
            urls: &BTreeMap::new(),
        },
        outbound: &Outbound::new(AllowedTargets::parse(authority)).unwrap(),
        sessions: &NoSessions,
        deadline: Deadline::after(Duration::from_millis(700)),
        now: Timestamp::UNIX_EPOCH,
    };
    let url = format!("http://{authority}/book?key={SECRET}");
    let request = post(url.parse().unwrap(), &SECRET);
    let captured = Captured::start();
    let booking = tracing::info_span!("booking", order_number = "asdf1234");
    let outcome = async { exchange(call, operation, request).await?.read(read) };
    outcome.instrument(booking).await.ok();
    captured.lines().iter().map(texts).collect()
}

/// The log lines of a call that gets this response.
async fn answered(
    template: ResponseTemplate,
    operation: Operation,
    read: fn(&Reply) -> Result<(), PartnerFailure>,
) -> Vec<Line> {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(template)
        .mount(&server)
        .await;
    logged(&server.address().to_string(), operation, read).await
}

fn html(status: u16, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "text/html; charset=s3cret")
}

fn never_read(_: &Reply) -> Result<(), PartnerFailure> {
    panic!("the transport decides");
}

/// Asserts that there is one line with these fields; `-` means that a field is absent.
fn assert_line(lines: &[Line], expected: &[(&str, &str)]) {
    let [line] = lines else {
        panic!("{lines:?}");
    };
    let around = [
        ("client_id", "client-1"),
        ("alias", "account-1"),
        ("partner", "OTHER"),
        ("order_number", "asdf1234"),
        ("method", "POST"),
    ];
    for (name, value) in around.iter().chain(expected) {
        let found = line.get(*name).map_or("-", String::as_str);
        assert_eq!(found, *value, "{name} of {line:?}");
    }
    let duration: u64 = line["duration_ms"].parse().unwrap();
    assert!(duration < 5_000, "{line:?}");
    assert!(!format!("{line:?}").contains(SECRET), "{line:?}");
}

#[tokio::test]
async fn the_shape_of_an_unreadable_response_is_logged() {
    let garbage = || html(200, "<html>s3cret</html>");
    for (operation, read, name, outcome) in [
        (
            READS,
            (|_| Err(READS.unclear())) as fn(&Reply) -> _,
            "look_up",
            "unreadable",
        ),
        (
            CREATES,
            |_| Err(CREATES.unclear()),
            "book",
            "outcome-unknown",
        ),
    ] {
        let lines = answered(garbage(), operation, read).await;
        let expected = [
            ("level", "WARN"),
            ("message", "partner call failed"),
            ("operation", name),
            ("outcome", outcome),
            ("status", "200"),
            ("bytes", "19"),
            ("content_type", "text/html"),
            ("is_cut", "-"),
        ];
        assert_line(&lines, &expected);
    }
}

#[tokio::test]
async fn a_response_over_the_limit_is_logged_with_the_length_read() {
    let long = "s3cret".repeat(400 * 1024);
    let lines = answered(html(200, long), CREATES, never_read).await;
    let expected = [
        ("level", "WARN"),
        ("outcome", "outcome-unknown"),
        ("status", "200"),
        ("bytes", "1048576"),
        ("is_cut", "true"),
    ];
    assert_line(&lines, &expected);
}

#[tokio::test]
async fn a_5xx_is_logged_with_its_status() {
    for (operation, outcome) in [(READS, "unreachable"), (CREATES, "outcome-unknown")] {
        let lines = answered(html(502, "s3cret"), operation, never_read).await;
        let expected = [
            ("level", "WARN"),
            ("outcome", outcome),
            ("status", "502"),
            ("bytes", "6"),
            ("content_type", "text/html"),
            ("error", "-"),
        ];
        assert_line(&lines, &expected);
    }
}

#[tokio::test]
async fn no_answer_in_time_is_logged_with_its_cause() {
    let late = html(200, "s3cret").set_delay(Duration::from_secs(5));
    let lines = answered(late, CREATES, never_read).await;
    let expected = [
        ("level", "WARN"),
        ("outcome", "outcome-unknown"),
        ("status", "-"),
        ("bytes", "-"),
        ("content_type", "-"),
        ("cause", "RESPONSE_TIMEOUT"),
    ];
    assert_line(&lines, &expected);
    assert!(lines[0]["error"].contains("timed out"), "{lines:?}");
}

#[tokio::test]
async fn a_failed_connection_is_logged() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    drop(listener);
    let lines = logged(&authority, CREATES, never_read).await;
    let cause = ("cause", "CONNECTION_REFUSED");
    assert_line(&lines, &[("level", "WARN"), ("outcome", "not-sent"), cause]);
    assert!(lines[0].contains_key("error"), "{lines:?}");
}

#[tokio::test]
async fn a_successful_call_is_logged_without_a_warning() {
    let refused = |_: &Reply| Err(PartnerFailure::Refused(Refusal::default()));
    for (status, read, outcome) in [
        (200, (|_| Ok(())) as fn(&Reply) -> _, "answered"),
        (422, refused, "refused"),
        (429, never_read, "throttled"),
        (401, never_read, "bad-credentials"),
    ] {
        let lines = answered(html(status, "s3cret"), CREATES, read).await;
        let expected = [
            ("level", "INFO"),
            ("message", "partner call answered"),
            ("outcome", outcome),
            ("status", &status.to_string()),
            ("bytes", "6"),
        ];
        assert_line(&lines, &expected);
    }
}

#[tokio::test]
async fn an_invalid_content_type_is_not_logged() {
    for header in ["s3cret: 1", "text/html s3cret", &"s3cret/".repeat(20)] {
        let template = ResponseTemplate::new(500).insert_header("content-type", header);
        let lines = answered(template, READS, never_read).await;
        assert_line(&lines, &[("content_type", "other"), ("bytes", "0")]);
    }
}

#[tokio::test]
async fn a_call_is_in_the_trace_of_the_request_that_it_is_made_for() {
    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let server = MockServer::start().await;
    let accepting = Mock::given(any()).respond_with(html(200, ""));
    accepting.mount(&server).await;
    let authority = server.address().to_string();
    for trace in [Some(TRACE.parse().unwrap()), None] {
        within(trace, logged(&authority, CREATES, |_| Ok(()))).await;
    }
    let received = server.received_requests().await.unwrap();
    let trace_of = |request: &wiremock::Request| {
        let trace = request.headers.get("traceparent")?;
        Some(trace.to_str().unwrap().to_owned())
    };
    let traces: Vec<_> = received.iter().map(trace_of).collect();
    assert_eq!(traces, [Some(TRACE.to_owned()), None]);
}
