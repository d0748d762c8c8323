use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::provider::future::ProvideCredentials as Provided;
use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_runtime_api::client::identity::Identity;
use http::header::{CONTENT_TYPE, HOST};

use super::*;

const BODY: &[u8] = br#"{"TableName":"t"}"#;
const AT: &str = "2026-11-30T05:52:03Z";

/// Returns new credentials each time: `AKID-1`, `AKID-2`, and so on.
#[derive(Debug, Default)]
struct Rotating {
    given: AtomicUsize,
    live_until: Option<Timestamp>,
    token: Option<String>,
}

impl ProvideCredentials for Rotating {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        let number = self.given.fetch_add(1, Ordering::Relaxed) + 1;
        Provided::ready(Ok(Credentials::new(
            format!("AKID-{number}"),
            "secret",
            self.token.clone(),
            self.live_until.map(Into::into),
            "test",
        )))
    }
}

#[derive(Debug)]
struct Missing;

impl ProvideCredentials for Missing {
    fn provide_credentials<'a>(&'a self) -> Provided<'a>
    where
        Self: 'a,
    {
        Provided::ready(Err(CredentialsError::not_loaded_no_source()))
    }
}

fn signer(provider: impl ProvideCredentials + 'static) -> Signer {
    let provider = SharedCredentialsProvider::new(provider);
    Signer::new("dynamodb", "ap-south-1", provider)
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(
        HOST,
        HeaderValue::from_static("dynamodb.ap-south-1.amazonaws.com"),
    );
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-amz-json-1.0"),
    );
    headers.insert(
        "x-amz-target",
        HeaderValue::from_static("DynamoDB_20120810.PutItem"),
    );
    headers
}

async fn signed_at(signer: &Signer, at: &str) -> HeaderMap {
    let mut headers = headers();
    let at = at.parse().unwrap();
    signer.sign_at(at, &mut headers, BODY).await.unwrap();
    headers
}

fn authorization(headers: &HeaderMap) -> &str {
    headers[AUTHORIZATION].to_str().unwrap()
}

/// The access key id in the signature.
async fn signed_by(signer: &Signer, at: &str) -> String {
    let headers = signed_at(signer, at).await;
    let (_, rest) = authorization(&headers).split_once("Credential=").unwrap();
    rest.split('/').next().unwrap().to_owned()
}

/// The same by the signer of the SDKs.
fn by_sdk(credentials: Credentials, at: &str) -> String {
    let identity: Identity = credentials.into();
    let at: Timestamp = at.parse().unwrap();
    let parameters = SigningParams::builder()
        .identity(&identity)
        .region("ap-south-1")
        .name("dynamodb")
        .time(at.into())
        .settings(SigningSettings::default())
        .build()
        .unwrap()
        .into();
    let headers = headers();
    let named = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let url = "https://dynamodb.ap-south-1.amazonaws.com/";
    let request = SignableRequest::new("POST", url, named, SignableBody::Bytes(BODY)).unwrap();
    let signed = sign(request, &parameters).unwrap();
    let mut output = signed.output().headers();
    let (_, value) = output.find(|(name, _)| *name == "authorization").unwrap();
    value.to_owned()
}

#[tokio::test]
async fn a_signature_is_that_of_the_sdks() {
    for token in [None, Some("session+token/=".to_owned())] {
        for at in [AT, "2027-01-01T00:00:00Z", "2026-11-30T23:59:59.999Z"] {
            let rotating = Rotating {
                token: token.clone(),
                ..Rotating::default()
            };
            let headers = signed_at(&signer(rotating), at).await;
            let credentials = Credentials::new("AKID-1", "secret", token.clone(), None, "test");
            assert_eq!(
                authorization(&headers),
                by_sdk(credentials, at),
                "{token:?} {at}"
            );
            let sent = headers.get("x-amz-security-token");
            assert_eq!(sent.map(|sent| sent.to_str().unwrap()), token.as_deref());
        }
    }
}

#[tokio::test]
async fn a_kept_key_signs_as_a_new_one_on_each_day() {
    let kept = signer(Rotating::default());
    for at in [
        "2026-11-30T23:59:59Z",
        "2026-12-01T00:00:01Z",
        "2026-12-01T00:00:02Z",
    ] {
        let credentials = Credentials::new("AKID-1", "secret", None, None, "test");
        let headers = signed_at(&kept, at).await;
        assert_eq!(authorization(&headers), by_sdk(credentials, at));
    }
}

#[tokio::test]
async fn credentials_without_an_expiry_are_used_for_a_quarter_of_an_hour() {
    let signer = signer(Rotating::default());
    assert_eq!(signed_by(&signer, "2026-11-30T05:00:00Z").await, "AKID-1");
    assert_eq!(signed_by(&signer, "2026-11-30T05:14:59Z").await, "AKID-1");
    assert_eq!(signed_by(&signer, "2026-11-30T05:15:00Z").await, "AKID-2");
}

#[tokio::test]
async fn credentials_are_renewed_shortly_before_they_expire() {
    let signer = signer(Rotating {
        live_until: Some("2026-11-30T05:10:00Z".parse().unwrap()),
        ..Rotating::default()
    });
    assert_eq!(signed_by(&signer, "2026-11-30T05:00:00Z").await, "AKID-1");
    assert_eq!(signed_by(&signer, "2026-11-30T05:09:49Z").await, "AKID-1");
    assert_eq!(signed_by(&signer, "2026-11-30T05:09:50Z").await, "AKID-2");
}

#[tokio::test]
async fn forgotten_credentials_are_asked_for_again() {
    let signer = signer(Rotating::default());
    assert_eq!(signed_by(&signer, AT).await, "AKID-1");
    signer.forget();
    assert_eq!(signed_by(&signer, AT).await, "AKID-2");
}

#[tokio::test]
async fn nothing_is_signed_without_credentials() {
    let signed = signer(Missing).sign(&mut headers(), BODY).await;
    assert_eq!(signed, None);
}

#[tokio::test]
async fn a_signature_does_not_print() {
    let signer = signer(Rotating {
        token: Some("session-token".to_owned()),
        ..Rotating::default()
    });
    let headers = signed_at(&signer, AT).await;
    let printed = format!("{headers:?} {:?}", signer.kept);
    assert!(
        !printed.contains("Signature=") && !printed.contains("session-token"),
        "{printed}"
    );
}
