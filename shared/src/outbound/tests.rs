//! Tests over real sockets: what an untrusted server can and cannot do to us.

use std::io::Write;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::domain::failure_cause::FailureCause;
use crate::outbound::client::{Limits, Outbound, OutboundRequest, Reply, SendError};
use crate::outbound::raw_server::raw;
use crate::outbound::target::{AllowedTargets, ForbiddenTarget};
use crate::outbound::vetting::Unfit;

const LIMITS: Limits = Limits {
    total: Duration::from_secs(10),
    most_bytes: 1024,
};

fn get(url: &str) -> OutboundRequest {
    OutboundRequest {
        method: Method::GET,
        url: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: None,
    }
}

async fn send(authority: &str, limits: Limits) -> Result<Reply, SendError> {
    let outbound = Outbound::new(AllowedTargets::parse(authority)).unwrap();
    outbound
        .send(get(&format!("http://{authority}/")), limits)
        .await
}

#[tokio::test]
async fn redirects_are_not_followed_the_second_url_is_not_visited() {
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start().await;
        let second = format!("http://{}/second", server.address());
        Mock::given(path("/second"))
            .respond_with(ResponseTemplate::new(200))
            .expect(0)
            .mount(&server)
            .await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(status).insert_header("Location", second.as_str()))
            .mount(&server)
            .await;
        let reply = send(&server.address().to_string(), LIMITS).await.unwrap();
        assert_eq!(reply.status, status);
    }
}

#[tokio::test]
async fn a_body_is_read_up_to_its_cap() {
    for (length, read, truncated) in [(1023, 1023, false), (1024, 1024, false), (1025, 1024, true)]
    {
        let server = MockServer::start().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; length]))
            .mount(&server)
            .await;
        let reply = send(&server.address().to_string(), LIMITS).await.unwrap();
        assert_eq!((reply.body.len(), reply.truncated), (read, truncated));
    }
}

#[tokio::test]
async fn an_endless_body_is_cut_off_at_its_cap() {
    let (authority, _) = raw(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 8 * 1024]).is_ok() {}
    });
    let reply = send(&authority, LIMITS).await.unwrap();
    assert_eq!((reply.body.len(), reply.truncated), (1024, true));
}

#[tokio::test]
async fn a_compressed_body_is_neither_requested_nor_decompressed() {
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
    let (authority, head) = raw(|stream| {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n";
        let _ = stream.write_all(&[head.as_bytes(), gzip].concat());
    });
    let reply = send(&authority, LIMITS).await.unwrap();
    assert_eq!(reply.body, gzip);
    let head = head.recv().unwrap().to_ascii_lowercase();
    assert!(!head.contains("accept-encoding"), "{head}");
    assert!(!head.contains("referer"), "{head}");
}

#[tokio::test]
async fn a_slow_body_ends_at_the_total_deadline() {
    let (authority, _) = raw(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let limits = Limits {
        total: Duration::from_millis(300),
        ..LIMITS
    };
    let began = Instant::now();
    let error = send(&authority, limits).await.unwrap_err();
    assert!(matches!(error, SendError::Unanswered(_)), "{error:?}");
    assert_eq!(error.cause(), Some(FailureCause::ResponseTimeout));
    let lasted = began.elapsed();
    assert!(
        lasted >= limits.total && lasted < LIMITS.total,
        "{lasted:?}"
    );
}

#[tokio::test]
async fn a_server_that_never_answers_ends_at_the_total_deadline() {
    let (authority, _) = raw(|_| std::thread::sleep(LIMITS.total));
    let limits = Limits {
        total: Duration::from_millis(200),
        ..LIMITS
    };
    let error = send(&authority, limits).await.unwrap_err();
    assert!(matches!(error, SendError::Unanswered(_)), "{error:?}");
    assert_eq!(error.cause(), Some(FailureCause::ResponseTimeout));
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_forbidden() {
    let outbound = Outbound::new(AllowedTargets::default()).unwrap();
    for url in [
        "https://localhost/",
        "https://localhost:9001/2018-06-01/runtime",
    ] {
        let error = outbound.send(get(url), LIMITS).await.unwrap_err();
        assert!(
            matches!(error, SendError::Forbidden(ForbiddenTarget::NotPublic(_))),
            "{url}: {error:?}"
        );
    }
}

#[tokio::test]
async fn an_exception_for_an_address_does_not_cover_names_that_resolve_to_it() {
    let server = MockServer::start().await;
    let port = server.address().port();
    let allowed = AllowedTargets::parse(&format!("127.0.0.1:{port}, localhost:{port}"));
    let outbound = Outbound::new(allowed).unwrap();
    let url = format!("http://localhost:{port}/");
    let error = outbound.send(get(&url), LIMITS).await.unwrap_err();
    assert!(matches!(error, SendError::Forbidden(_)), "{error:?}");
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_forbidden_target_is_refused_before_anything_is_sent() {
    let server = MockServer::start().await;
    let outbound = Outbound::new(AllowedTargets::default()).unwrap();
    let url = format!("http://{}/", server.address());
    let error = outbound.send(get(&url), LIMITS).await.unwrap_err();
    assert!(matches!(
        error,
        SendError::Forbidden(ForbiddenTarget::NotHttps)
    ));
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    drop(listener);
    let error = send(&authority, LIMITS).await.unwrap_err();
    assert!(matches!(error, SendError::NotSent(_)), "{error:?}");
    assert_eq!(error.cause(), Some(FailureCause::ConnectionRefused));
}

#[tokio::test]
async fn an_error_does_not_contain_the_url() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    drop(listener);
    let outbound = Outbound::new(AllowedTargets::parse(&authority)).unwrap();
    let url = format!("http://{authority}/hook?token=s3cret");
    let error = outbound.send(get(&url), LIMITS).await.unwrap_err();
    let told = crate::telemetry::chain(&error);
    assert!(!told.contains("s3cret"), "{told}");
}

#[tokio::test]
async fn a_retry_after_is_passed_on_unparsed() {
    let (authority, _) = raw(|stream| {
        let head = b"HTTP/1.1 429 Too Many\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n";
        let _ = stream.write_all(head);
    });
    let reply = send(&authority, LIMITS).await.unwrap();
    assert_eq!(reply.status, 429);
    assert_eq!(reply.retry_after.as_deref(), Some("120"));
}

/// A resolver that returns a different answer each time; the last answer repeats.
#[derive(Clone)]
struct Changing(Arc<Mutex<(usize, Vec<Vec<IpAddr>>)>>);

impl Changing {
    fn new(answers: &[&[&str]]) -> Self {
        let read = |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        Self(Arc::new(Mutex::new((
            0,
            answers.iter().map(read).collect(),
        ))))
    }

    fn asked(&self) -> usize {
        self.0.lock().unwrap().0
    }
}

impl Resolve for Changing {
    fn resolve(&self, _: Name) -> Resolving {
        let (asked, answers) = &mut *self.0.lock().unwrap();
        let answer = answers.get(*asked).or(answers.last()).unwrap().clone();
        *asked += 1;
        let addresses = answer
            .into_iter()
            .map(|address| SocketAddr::new(address, 0));
        Box::pin(async move { Ok(Box::new(addresses) as Addrs) })
    }
}

/// A public address according to the registries, but unassigned: connections to it fail.
const UNASSIGNED: &str = "2d00::1";

#[tokio::test]
async fn a_name_is_resolved_once_and_later_addresses_are_not_visited() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!(
        "https://changing.example:{}/",
        listener.local_addr().unwrap().port()
    );
    let names = Changing::new(&[&[UNASSIGNED], &["127.0.0.1"]]);
    let outbound = Outbound::with_names(AllowedTargets::default(), names.clone()).unwrap();
    let limits = Limits {
        total: Duration::from_millis(300),
        ..LIMITS
    };
    let error = outbound.send(get(&url), limits).await.unwrap_err();
    assert!(!matches!(error, SendError::Forbidden(_)), "{error:?}");
    assert_eq!(names.asked(), 1);
    // The next attempt resolves the name again and gets the right address.
    let error = outbound.send(get(&url), limits).await.unwrap_err();
    assert!(
        matches!(error, SendError::Forbidden(ForbiddenTarget::NotPublic(_))),
        "{error:?}"
    );
    assert_eq!(names.asked(), 2);
    let visited = listener.accept().map_err(|error| error.kind());
    assert_eq!(visited.unwrap_err(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn one_address_that_is_not_public_forbids_a_name_in_every_spelling() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let answers: [&[&str]; 4] = [
        &["127.0.0.1"],
        &[UNASSIGNED, "127.0.0.1"],
        &["::ffff:127.0.0.1", UNASSIGNED],
        &["8.8.8.8", "64:ff9b::7f00:1"],
    ];
    for answer in answers {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "\u{ff4c}ocalhost",
            "b\u{fc}cher.example",
        ] {
            let names = Changing::new(&[answer]);
            let outbound = Outbound::with_names(AllowedTargets::default(), names.clone()).unwrap();
            let url = format!("https://{host}:{port}/");
            let error = outbound.send(get(&url), LIMITS).await.unwrap_err();
            assert!(
                matches!(error, SendError::Forbidden(ForbiddenTarget::NotPublic(_))),
                "{url}: {error:?}"
            );
            assert_eq!(names.asked(), 1);
        }
    }
    let visited = listener.accept().map_err(|error| error.kind());
    assert_eq!(visited.unwrap_err(), std::io::ErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_name_without_addresses_is_a_failed_connection() {
    let outbound = Outbound::with_names(AllowedTargets::default(), Changing::new(&[&[]])).unwrap();
    let error = outbound
        .send(get("https://nowhere.example/"), LIMITS)
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::NotSent(_)), "{error:?}");
    assert_eq!(error.cause(), Some(FailureCause::NameNotResolved));
}

/// A resolver that fails, as the system's does for an unknown name and without a name server.
struct Failing;

impl Resolve for Failing {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async {
            Err(std::io::Error::other("failed to lookup address information").into())
        })
    }
}

#[tokio::test]
async fn a_failed_resolution_is_told_from_a_refused_connection() {
    let outbound = Outbound::with_names(AllowedTargets::default(), Failing).unwrap();
    let sent = outbound.send(get("https://nowhere.example/"), LIMITS).await;
    let error = sent.unwrap_err();
    assert!(matches!(error, SendError::NotSent(_)), "{error:?}");
    assert_eq!(error.cause(), Some(FailureCause::NameNotResolved));
    assert!(crate::telemetry::chain(&error).contains("failed to lookup"));
}

#[tokio::test]
async fn a_reset_connection_is_told_from_one_without_a_response() {
    let (authority, _) = raw(|stream| {
        // With unread bytes in its buffer, a closed socket resets the connection.
        let _ = stream.write_all(b"HTTP/1.1 200");
    });
    let body = OutboundRequest {
        method: Method::POST,
        body: Some(vec![b'x'; 1024 * 1024]),
        ..get(&format!("http://{authority}/"))
    };
    let outbound = Outbound::new(AllowedTargets::parse(&authority)).unwrap();
    let error = outbound.send(body, LIMITS).await.unwrap_err();
    assert_eq!(error.cause(), Some(FailureCause::ConnectionReset));
}

#[tokio::test]
async fn a_forbidden_target_has_no_cause_because_nothing_was_tried() {
    let outbound = Outbound::new(AllowedTargets::default()).unwrap();
    let error = outbound.send(get("http://127.0.0.1/"), LIMITS).await;
    assert_eq!(error.unwrap_err().cause(), None);
}

#[tokio::test]
async fn a_url_is_vetted_by_all_its_addresses_without_calling_it() {
    let vet = async |answer: &'static [&'static str]| {
        let names = Changing::new(&[answer]);
        let outbound = Outbound::with_names(AllowedTargets::default(), names).unwrap();
        let url = "https://changing.example/".parse().unwrap();
        outbound.vet(&url).await
    };
    assert_eq!(vet(&[UNASSIGNED]).await, Ok(()));
    let unfit = vet(&[UNASSIGNED, "10.0.0.1"]).await.unwrap_err();
    let private = "10.0.0.1".parse().unwrap();
    assert_eq!(unfit, ForbiddenTarget::NotPublic(private).into());
    let unfit = vet(&[]).await.unwrap_err();
    assert_eq!(unfit, Unfit::Unresolvable("changing.example".to_owned()));
}
