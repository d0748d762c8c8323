//! Attempts over real sockets, to receivers that misbehave.

mod sent;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::delivery::policy::{self, LONGEST_RETRY_AFTER, Situation, Verdict};
use crate::destinations::client_webhook::attempt::{LIMITS, attempt_within};
use crate::destinations::{Attempted, Delivery};
use crate::domain::delivery::AttemptEnd;
use crate::domain::endpoint::{GiveUpAfter, WebhookEndpoint};
use crate::domain::failure_cause::FailureCause;
use crate::domain::message::MessageKind;
use crate::domain::signing::SigningSecrets;
use crate::outbound::client::{Limits, Outbound};
use crate::outbound::raw_server::raw;
use crate::outbound::target::AllowedTargets;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// Long enough for a response on a busy machine, short enough to wait for.
const SHORT: Duration = Duration::from_millis(400);

const DELIVERY: Delivery<'static> = Delivery {
    id: "dlv_1",
    kind: MessageKind::Notification,
    body: "{}",
    request_id: None,
    traceparent: None,
    replayed: false,
    correction: false,
};

fn endpoint(url: &str) -> WebhookEndpoint {
    WebhookEndpoint::new(
        "demo".parse().unwrap(),
        "sink".parse().unwrap(),
        url.parse().unwrap(),
        SigningSecrets::new(SECRET.into()),
    )
}

fn limits(total: Duration) -> Limits {
    Limits { total, ..LIMITS }
}

async fn attempted(endpoint: &WebhookEndpoint, total: Duration) -> Attempted {
    let authority = endpoint.url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
    let outbound = Outbound::new(AllowedTargets::parse(&authority)).unwrap();
    let now = crate::clock::now();
    attempt_within(&outbound, endpoint, DELIVERY, now, limits(total)).await
}

/// An attempt to a receiver that responds with `serve`.
async fn answered(
    total: Duration,
    serve: impl FnOnce(&mut TcpStream) + Send + 'static,
) -> Attempted {
    let (authority, _head) = raw(serve);
    attempted(&endpoint(&format!("http://{authority}/")), total).await
}

/// An attempt to a receiver that sends these bytes and closes the connection.
async fn told(bytes: impl Into<Vec<u8>>) -> Attempted {
    let bytes = bytes.into();
    answered(LIMITS.total, move |stream| {
        stream.write_all(&bytes).unwrap();
    })
    .await
}

/// The decision after the first attempt for a new notification.
fn verdict(attempted: &Attempted) -> Verdict {
    let situation = Situation {
        end: attempted.attempt.end,
        status: attempted.attempt.status,
        retry_after: attempted.retry_after,
        failed: 1,
        refused: 0,
        others_succeed: false,
        moved: false,
        age: Duration::ZERO,
        give_up_after: GiveUpAfter::default(),
    };
    policy::decide(&situation, 0.5)
}

fn ended(attempted: &Attempted) -> (AttemptEnd, Option<u16>) {
    (attempted.attempt.end, attempted.attempt.status)
}

const USUAL: Verdict = Verdict::Retry(Duration::from_secs(5));

/// Asserts that the attempt lasted until its deadline and not much longer.
fn lasted_to_the_deadline(attempted: &Attempted) {
    let lasted = Duration::from_millis(attempted.attempt.duration_ms);
    assert!(lasted + Duration::from_millis(1) >= SHORT, "{lasted:?}");
    assert!(lasted < LIMITS.total, "{lasted:?}");
}

#[tokio::test]
async fn slow_headers_end_at_the_deadline() {
    let attempted = answered(SHORT, |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nx-slow: ");
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(10));
        }
    })
    .await;
    assert_eq!(ended(&attempted), (AttemptEnd::NoAnswer, None));
    assert_eq!(attempted.attempt.cause, Some(FailureCause::ResponseTimeout));
    assert_eq!(verdict(&attempted), USUAL);
    lasted_to_the_deadline(&attempted);
}

#[tokio::test]
async fn a_slow_body_is_a_failure_even_after_a_200() {
    let attempted = answered(SHORT, |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(10));
        }
    })
    .await;
    assert_eq!(ended(&attempted), (AttemptEnd::NoAnswer, None));
    assert_eq!(attempted.attempt.cause, Some(FailureCause::ResponseTimeout));
    assert_eq!(verdict(&attempted), USUAL);
    lasted_to_the_deadline(&attempted);
}

#[tokio::test]
async fn an_endless_body_is_cut_off_and_its_status_counts() {
    let attempted = answered(LIMITS.total, |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 8 * 1024]).is_ok() {}
    })
    .await;
    assert_eq!(ended(&attempted), (AttemptEnd::Accepted, Some(200)));
    assert_eq!(verdict(&attempted), Verdict::Done);
}

#[tokio::test]
async fn endless_headers_are_a_failure() {
    let attempted = answered(LIMITS.total, |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"x-more: of the same\r\n").is_ok() {}
    })
    .await;
    assert_eq!(ended(&attempted), (AttemptEnd::NoAnswer, None));
}

/// 256 MiB of zeros: decompressing them would take longer than this test may, and more memory than a function has.
#[tokio::test]
async fn a_compression_bomb_is_never_decompressed() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..256 {
        bomb.write_all(&zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let (authority, head) = raw(move |stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json";
        let head = format!("{head}\r\nContent-Length: {}\r\n\r\n", bomb.len());
        let _ = stream.write_all(&[head.as_bytes(), &bomb].concat());
    });
    let endpoint = endpoint(&format!("http://{authority}/"));
    let attempted = attempted(&endpoint, LIMITS.total).await;
    assert_eq!(ended(&attempted), (AttemptEnd::Accepted, Some(200)));
    let head = head.recv().unwrap().to_ascii_lowercase();
    assert!(!head.contains("accept-encoding"), "{head}");
}

#[tokio::test]
async fn a_connection_closed_within_the_body_is_a_failure() {
    let attempted = told("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf").await;
    assert_eq!(ended(&attempted), (AttemptEnd::NoAnswer, None));
    assert_eq!(attempted.attempt.cause, Some(FailureCause::ConnectionReset));
    assert_eq!(verdict(&attempted), USUAL);
}

#[tokio::test]
async fn a_response_that_is_not_http_is_a_failure() {
    for (garbage, cause) in [
        ("", FailureCause::ConnectionReset),
        (
            "220 mail.example.com ESMTP\r\n",
            FailureCause::InvalidResponse,
        ),
        (
            "HTTP/1.1 two hundred\r\n\r\n",
            FailureCause::InvalidResponse,
        ),
    ] {
        let attempted = told(garbage).await;
        assert_eq!(ended(&attempted), (AttemptEnd::NoAnswer, None), "{garbage}");
        assert_eq!(attempted.attempt.cause, Some(cause), "{garbage}");
    }
}

#[tokio::test]
async fn nothing_is_sent_to_an_untrusted_certificate() {
    let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let connection = rustls::ServerConnection::new(Arc::new(tls)).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, stream);
        let mut received = Vec::new();
        let error = stream.read_to_end(&mut received).unwrap_err();
        (received, error.to_string())
    });
    let attempted = attempted(&endpoint(&format!("https://{authority}/")), LIMITS.total).await;
    assert_eq!(ended(&attempted), (AttemptEnd::NoConnection, None));
    assert_eq!(
        attempted.attempt.cause,
        Some(FailureCause::CertificateInvalid)
    );
    assert_eq!(verdict(&attempted), USUAL);
    let (received, error) = server.join().unwrap();
    assert!(received.is_empty(), "{received:?}");
    assert!(error.contains("UnknownCA"), "{error}");
}

#[tokio::test]
async fn nothing_is_sent_in_plain_text_without_tls() {
    let (authority, head) = raw(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let attempted = attempted(&endpoint(&format!("https://{authority}/")), LIMITS.total).await;
    assert_eq!(ended(&attempted), (AttemptEnd::NoConnection, None));
    assert_eq!(attempted.attempt.cause, Some(FailureCause::TlsFailed));
    let head = head.recv().unwrap();
    assert!(!head.contains("webhook-id"), "{head}");
}

#[tokio::test]
async fn a_redirect_to_the_metadata_service_is_a_failure_and_not_followed() {
    for target in [
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
        "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
        "//[fd00:ec2::254]/latest",
    ] {
        let began = Instant::now();
        let answer =
            format!("HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
        let attempted = told(answer).await;
        assert_eq!(ended(&attempted), (AttemptEnd::Rejected, Some(302)));
        assert_eq!(verdict(&attempted), USUAL);
        assert!(began.elapsed() < LIMITS.total);
    }
}

#[tokio::test]
async fn a_redirect_to_another_listener_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let second = TcpListener::bind("127.0.0.1:0").unwrap();
        second.set_nonblocking(true).unwrap();
        let target = second.local_addr().unwrap();
        let first = format!("HTTP/1.1 {status} Moved\r\nLocation: http://{target}/\r\n\r\n");
        let (authority, _head) = raw(move |stream| stream.write_all(first.as_bytes()).unwrap());
        // Even if the guard would allow the target.
        let allowed = AllowedTargets::parse(&format!("{authority},{target}"));
        let outbound = Outbound::new(allowed).unwrap();
        let endpoint = endpoint(&format!("http://{authority}/"));
        let now = crate::clock::now();
        let attempted = attempt_within(&outbound, &endpoint, DELIVERY, now, LIMITS).await;
        assert_eq!(ended(&attempted), (AttemptEnd::Rejected, Some(status)));
        let visited = second.accept().map_err(|error| error.kind());
        assert_eq!(visited.unwrap_err(), std::io::ErrorKind::WouldBlock);
    }
}

#[tokio::test]
async fn an_absurd_retry_after_neither_speeds_up_nor_stops_the_retries() {
    let longest = Verdict::Retry(LONGEST_RETRY_AFTER);
    for (asked, expected) in [
        ("4294967296", longest),
        ("18446744073709551616", longest),
        ("9999999999999999999999999999999999999999", longest),
        ("Fri, 31 Dec 9999 23:59:59 GMT", longest),
        ("Friday, 31-Dec-49 23:59:59 GMT", longest),
        ("Fri Dec 31 23:59:59 2100", longest),
        ("0", USUAL),
        ("-1", USUAL),
        ("NaN", USUAL),
        ("Thu, 01 Jan 1970 00:00:00 GMT", USUAL),
        ("\u{ff}\u{fe}", USUAL),
    ] {
        let head = format!("HTTP/1.1 429 Slow down\r\nRetry-After: {asked}\r\n");
        let attempted = told(format!("{head}Content-Length: 0\r\n\r\n")).await;
        assert_eq!(ended(&attempted), (AttemptEnd::Rejected, Some(429)));
        assert_eq!(verdict(&attempted), expected, "{asked}");
    }
}

#[tokio::test]
async fn gone_is_given_up() {
    let attempted = told("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n").await;
    assert_eq!(ended(&attempted), (AttemptEnd::Rejected, Some(410)));
    assert_eq!(verdict(&attempted), Verdict::GiveUp);
    assert!(policy::is_gone(attempted.attempt.status));
}
