//! What an attempt sends: the headers, the message kind and the signatures.

use std::io::Write;
use std::net::TcpListener;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::destinations::Delivery;
use crate::destinations::client_webhook::attempt::{LIMITS, attempt_within};
use crate::destinations::client_webhook::tests::{DELIVERY, SECRET, attempted, ended, endpoint};
use crate::domain::delivery::AttemptEnd;
use crate::domain::endpoint::{EndpointMethod, WebhookEndpoint};
use crate::domain::message::MessageKind;
use crate::domain::signing::SigningSecrets;
use crate::outbound::client::Outbound;
use crate::outbound::raw_server::raw;
use crate::outbound::target::AllowedTargets;

#[tokio::test]
async fn configured_headers_never_replace_our_headers() {
    let (authority, head) = raw(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
    });
    let forged = [
        ("Host", "internal.example"),
        ("Content-Length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "upgrade"),
        ("Webhook-Signature", "v1,forged"),
        ("webhook-replayed", "forged"),
        ("RMS-Message-Kind", "forged"),
        ("rms-correction", "forged"),
        ("X-Request-Id", "forged"),
        ("X-Amz-Security-Token", "forged"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("User-Agent", "forged"),
        ("x-lines", "a\r\nx-smuggled: b"),
        ("not a name", "forged"),
        ("X-Token", "kept"),
    ];
    let headers = forged.map(|(name, value)| (name.to_owned(), SecretString::from(value)));
    let endpoint = WebhookEndpoint {
        headers: headers.into(),
        ..endpoint(&format!("http://{authority}/"))
    };
    let attempted = attempted(&endpoint, LIMITS.total).await;
    assert_eq!(ended(&attempted), (AttemptEnd::Accepted, Some(204)));
    let head = head.recv().unwrap();
    let lines: Vec<String> = head.lines().map(str::to_ascii_lowercase).collect();
    let has = |line: &str| lines.iter().filter(|found| *found == line).count();
    assert_eq!(has("x-token: kept"), 1, "{head}");
    assert_eq!(has(&format!("host: {authority}")), 1, "{head}");
    assert_eq!(has("content-length: 2"), 1, "{head}");
    for forged in [
        "forged",
        "internal",
        "chunked",
        "upgrade",
        "x-forwarded",
        "smuggled",
    ] {
        assert!(!head.contains(forged), "{head}");
    }
}

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test]
async fn a_message_is_sent_with_the_method_kind_request_id_and_trace() {
    let (authority, head) = raw(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
    });
    let endpoint = WebhookEndpoint {
        method: EndpointMethod::Put,
        ..endpoint(&format!("http://{authority}/acks"))
    };
    let delivery = Delivery {
        kind: MessageKind::ReturnOrderAck,
        request_id: Some(&"req-1".parse().unwrap()),
        traceparent: Some(&TRACE.parse().unwrap()),
        ..DELIVERY
    };
    let outbound = Outbound::new(AllowedTargets::parse(&authority)).unwrap();
    let attempted = attempt_within(&outbound, &endpoint, delivery, crate::clock::now(), LIMITS);
    assert_eq!(ended(&attempted.await), (AttemptEnd::Accepted, Some(204)));
    let head = head.recv().unwrap().to_ascii_lowercase();
    for line in [
        "put /acks http/1.1",
        "rms-message-kind: return_order_ack",
        "x-request-id: req-1",
        &format!("traceparent: {TRACE}"),
    ] {
        assert!(head.lines().any(|found| found == line), "{line}: {head}");
    }
}

#[tokio::test]
async fn only_a_correction_says_that_it_is_one() {
    for correction in [false, true] {
        let (authority, head) = raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
        });
        let endpoint = endpoint(&format!("http://{authority}/acks"));
        let delivery = Delivery {
            kind: MessageKind::ReturnOrderAck,
            correction,
            ..DELIVERY
        };
        let outbound = Outbound::new(AllowedTargets::parse(&authority)).unwrap();
        let attempted = attempt_within(&outbound, &endpoint, delivery, crate::clock::now(), LIMITS);
        assert_eq!(ended(&attempted.await), (AttemptEnd::Accepted, Some(204)));
        let head = head.recv().unwrap().to_ascii_lowercase();
        let says_so = head.lines().any(|line| line == "rms-correction: true");
        assert_eq!(says_so, correction, "{head}");
        assert_eq!(head.contains("rms-correction"), correction, "{head}");
    }
}

#[tokio::test]
async fn a_replaced_secret_signs_until_it_expires() {
    let now = crate::clock::now();
    let hours = |hours: i64| Timestamp::from_second(now.as_second() - hours * 3600).unwrap();
    for (rotated, signatures) in [(hours(23), 2), (hours(24), 1)] {
        let (authority, head) = raw(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
        });
        let newer = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".into();
        let endpoint = WebhookEndpoint {
            signing_secrets: SigningSecrets::new(SECRET.into()).rotated(newer, rotated),
            ..endpoint(&format!("http://{authority}/"))
        };
        let attempted = attempted(&endpoint, LIMITS.total).await;
        assert_eq!(ended(&attempted), (AttemptEnd::Accepted, Some(204)));
        assert_eq!(head.recv().unwrap().matches("v1,").count(), signatures);
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_signed_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let authority = listener.local_addr().unwrap();
    for secrets in [
        SigningSecrets::stored(Vec::new()),
        SigningSecrets::new("whsec_".into()),
    ] {
        let endpoint = WebhookEndpoint {
            signing_secrets: secrets,
            ..endpoint(&format!("http://{authority}/"))
        };
        let attempted = attempted(&endpoint, LIMITS.total).await;
        assert_eq!(ended(&attempted), (AttemptEnd::NotSigned, None));
    }
    let visited = listener.accept().map_err(|error| error.kind());
    assert_eq!(visited.unwrap_err(), std::io::ErrorKind::WouldBlock);
}
