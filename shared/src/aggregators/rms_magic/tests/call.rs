//! What every call contains, and what each kind of unclear response means for creating and reading calls.

use crate::aggregators::rms_magic::call::{GENERATE_LABEL, GENERATE_RETURN, GET_LABEL};
use crate::aggregators::rms_magic::tests::*;
use crate::partners::workbench::warned_of;
use crate::telemetry::captured::Captured;

#[tokio::test]
async fn the_query_of_a_configured_url_is_kept() {
    let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
    let url = format!("http://{}/get?tenant=7", server.address());
    magic
        .account
        .urls
        .insert(GET_LABEL.to_owned(), url.parse().unwrap());
    magic.look_up(LookedUp::default()).await.unwrap();
    assert_call(
        &received(&server).await,
        "GET",
        "/get?tenant=7&orderNumber=asdf1234",
    );
}

#[tokio::test]
async fn missing_credentials_are_not_sent() {
    let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
    magic.account.credentials.remove("authDomainName");
    magic.label().await.unwrap();
    let request = received(&server).await;
    assert_eq!(header(&request, "authDomainName"), None);
    assert_eq!(header(&request, "authUsername"), Some("rms"));
    assert_eq!(header(&request, "authPassword"), Some("s3cret"));
}

#[tokio::test]
async fn a_non_ascii_password_is_sent_as_utf_8() {
    let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
    let credentials = &mut magic.account.credentials;
    credentials.insert("authPassword".to_owned(), "pässword".into());
    magic.label().await.unwrap();
    let request = received(&server).await;
    let password = request.headers.get("authPassword").unwrap();
    assert_eq!(password.as_bytes(), "pässword".as_bytes());
}

#[tokio::test]
async fn a_call_without_a_url_is_not_sent() {
    let (server, mut magic) = answering(body(LABEL_ANSWER)).await;
    assert!(RmsMagic.recommends_couriers(&magic.account).is_some());
    magic.account.urls.clear();
    assert!(RmsMagic.recommends_couriers(&magic.account).is_none());
    for (ask, name) in [
        (MagicCall::Label, GENERATE_LABEL),
        (MagicCall::ReturnAwb, GENERATE_RETURN),
        (MagicCall::Couriers, GET_COURIERS),
        (MagicCall::LookUp, GET_LABEL),
    ] {
        let failure = magic.ask(ask).await.unwrap_err();
        assert!(matches!(failure, PartnerFailure::NotConfigured(lacking) if lacking == name));
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

/// Asserts the meaning of an aggregator's behaviour: for creating calls always that it may have happened.
async fn assert_unclear(magic: &Magic, reading: fn(&PartnerFailure) -> bool) {
    for ask in CREATING {
        let failure = magic.ask(ask).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::OutcomeUnknown),
            "{ask:?}: {failure:?}"
        );
    }
    for ask in READING {
        let failure = magic.ask(ask).await.unwrap_err();
        assert!(reading(&failure), "{ask:?}: {failure:?}");
    }
}

fn is_unreachable(failure: &PartnerFailure) -> bool {
    matches!(failure, PartnerFailure::Unreachable)
}

fn is_unreadable(failure: &PartnerFailure) -> bool {
    matches!(failure, PartnerFailure::Unreadable)
}

/// Handles every connection with `serve`, which gets the stream after the head of the request.
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
async fn a_5xx_leaves_a_creating_call_unknown_and_a_reading_one_unreachable() {
    for status in [500, 502, 503, 504, 599] {
        let (_server, magic) = answering(answer(status, REFUSAL)).await;
        assert_unclear(&magic, is_unreachable).await;
    }
}

#[tokio::test]
async fn a_408_is_not_a_refusal() {
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
async fn a_connection_lost_before_the_response_leaves_a_creating_call_unknown() {
    let magic = raw(|_| {});
    assert_unclear(&magic, is_unreachable).await;
}

#[tokio::test]
async fn a_connection_lost_within_the_response_leaves_a_creating_call_unknown() {
    let magic = raw(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"orderId\":");
    });
    assert_unclear(&magic, is_unreachable).await;
}

#[tokio::test]
async fn a_response_that_is_not_http_leaves_a_creating_call_unknown() {
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
async fn a_200_with_an_error_or_without_an_awb_is_not_a_booking() {
    let without_awb = json!({"orderId": "11012", "orderNumber": "asdf1234", "carrierName": "X"});
    let empty_awb =
        json!({"orderId": "11012", "orderNumber": "asdf1234", "awb": "", "returnAwb": ""});
    for body in [json_of(REFUSAL), without_awb, empty_awb] {
        let (_server, magic) = answering(answer(200, body.to_string())).await;
        assert_unclear(&magic, is_unreadable).await;
    }
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
async fn a_response_over_1_mib_is_cut_off() {
    let magic = raw(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"orderId\": \"11012\", \"x\": \"");
        while stream.write_all(&[b'x'; 8 * 1024]).is_ok() {}
    });
    let began = std::time::Instant::now();
    assert_unclear(&magic, is_unreadable).await;
    assert!(began.elapsed() < PATIENCE, "the answers have no end");
}

#[tokio::test]
async fn a_response_of_exactly_1_mib_is_read() {
    let mut padded = LABEL_ANSWER.as_bytes().to_vec();
    padded.resize(1024 * 1024, b' ');
    let (_server, magic) = answering(answer(200, padded.clone())).await;
    assert_eq!(magic.label().await.unwrap(), Booked::Now(label_booking()));
    padded.push(b' ');
    let (_server, magic) = answering(answer(200, padded)).await;
    assert!(matches!(
        magic.label().await,
        Err(PartnerFailure::OutcomeUnknown)
    ));
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let magic = Magic::at(&listener.local_addr().unwrap().to_string());
    drop(listener);
    for ask in CREATING.into_iter().chain(READING) {
        let failure = magic.ask(ask).await.unwrap_err();
        assert!(
            matches!(failure, PartnerFailure::NotSent(_)),
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
            matches!(failure, PartnerFailure::NotSent(_)),
            "{ask:?}: {failure:?}"
        );
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn garbage_logs_one_warning_with_its_shape() {
    for (ask, told) in [
        (MagicCall::Label, "book outcome-unknown 200 13"),
        (MagicCall::ReturnAwb, "book outcome-unknown 200 13"),
        (MagicCall::Couriers, "recommend unreadable 200 13"),
        (MagicCall::LookUp, "look_up unreadable 200 13"),
    ] {
        let (_server, magic) = answering(answer(200, "<html></html>")).await;
        let captured = Captured::start();
        magic.ask(ask).await.unwrap_err();
        assert_eq!(warned_of(&captured), [told]);
    }
}
