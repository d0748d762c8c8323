//! A minimal KMS client for keyrings: two operations, of which a function calls one, once.
//!
//! The KMS SDK would add 250 kB to every function that opens a secret.

use std::collections::HashMap;
use std::fmt::Display;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::aws::connector::Connector;
use crate::aws::endpoint_url;
use crate::aws::service::Service;

const SERVICE: &str = "kms";
const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
/// KMS answers in milliseconds.
const DEADLINE: Duration = Duration::from_secs(3);
/// Few attempts, because the caller of the function waits.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_millis(100);

/// The encryption context, to which KMS binds a ciphertext.
pub type Context = HashMap<String, String>;

/// A KMS client for one region.
#[derive(Debug, Clone)]
pub struct Kms {
    url: String,
    region: String,
    credentials: Option<SharedCredentialsProvider>,
}

/// A KMS call failed.
#[derive(Debug, thiserror::Error)]
pub enum KmsFailure {
    /// KMS did not answer or is temporarily unavailable: retry later.
    #[error("KMS is unavailable: {0}")]
    Unavailable(String),
    /// KMS did not create this ciphertext, or created it for another context.
    #[error("KMS cannot decrypt this ciphertext")]
    NotItsOwn,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct KmsRequest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ciphertext_blob: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<&'a str>,
    encryption_context: &'a Context,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KmsAnswer {
    ciphertext_blob: Option<String>,
    plaintext: Option<SecretString>,
}

#[derive(Default, Deserialize)]
struct KmsRefusal {
    #[serde(default, rename = "__type")]
    kind: String,
}

impl Kms {
    /// KMS in the configured region.
    pub fn new(aws: &SdkConfig) -> Self {
        let region = aws.region().map(ToString::to_string).unwrap_or_default();
        let suffix = if region.starts_with("cn-") { ".cn" } else { "" };
        let in_aws = || format!("https://kms.{region}.amazonaws.com{suffix}/");
        let url = endpoint_url(aws, SERVICE).unwrap_or_else(in_aws);
        Self::at(url, region, aws.credentials_provider())
    }

    /// KMS at any URL.
    pub fn at(url: String, region: String, credentials: Option<SharedCredentialsProvider>) -> Self {
        Self {
            url,
            region,
            credentials,
        }
    }

    /// Decrypts a ciphertext that was encrypted with this context.
    pub async fn decrypt(
        &self,
        ciphertext: &[u8],
        context: &Context,
    ) -> Result<Zeroizing<Vec<u8>>, KmsFailure> {
        let request = KmsRequest {
            key_id: None,
            ciphertext_blob: Some(STANDARD.encode(ciphertext)),
            plaintext: None,
            encryption_context: context,
        };
        let answer = self.call("Decrypt", &request).await?;
        let plaintext = answer.plaintext.as_ref().map(ExposeSecret::expose_secret);
        let plaintext = plaintext.map(|text| STANDARD.decode(text));
        match plaintext {
            Some(Ok(plaintext)) => Ok(Zeroizing::new(plaintext)),
            Some(Err(_)) | None => Err(unavailable(&"the response could not be parsed")),
        }
    }

    /// Encrypts with a key and a context.
    pub async fn encrypt(
        &self,
        key_id: &str,
        plaintext: &[u8],
        context: &Context,
    ) -> Result<Vec<u8>, KmsFailure> {
        let plaintext = Zeroizing::new(STANDARD.encode(plaintext));
        let request = KmsRequest {
            key_id: Some(key_id),
            ciphertext_blob: None,
            plaintext: Some(&plaintext),
            encryption_context: context,
        };
        let answer = self.call("Encrypt", &request).await?;
        let ciphertext = answer.ciphertext_blob.unwrap_or_default();
        let ciphertext = STANDARD.decode(ciphertext);
        ciphertext.map_err(|_| unavailable(&"the response could not be parsed"))
    }

    async fn call(
        &self,
        operation: &str,
        request: &KmsRequest<'_>,
    ) -> Result<KmsAnswer, KmsFailure> {
        let body = serde_json::to_vec(request).map_err(|error| unavailable(&error))?;
        let body = Zeroizing::new(body);
        let service = self.service()?;
        let mut attempt = 1;
        loop {
            let answered = self.attempt(&service, operation, &body).await;
            let is_last = attempt == ATTEMPTS;
            match answered {
                Err(KmsFailure::Unavailable(_)) if !is_last => {
                    tokio::time::sleep(PAUSE * attempt).await;
                    attempt += 1;
                }
                answered => return answered,
            }
        }
    }

    async fn attempt(
        &self,
        service: &Service,
        operation: &str,
        body: &[u8],
    ) -> Result<KmsAnswer, KmsFailure> {
        let target = HeaderValue::from_str(&format!("TrentService.{operation}"));
        let target = target.map_err(|error| unavailable(&error))?;
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, JSON);
        headers.insert(TARGET, target);
        let body = Bytes::copy_from_slice(body);
        let answer = service.post(headers, body, DEADLINE).await;
        let answer = answer.map_err(|error| unavailable(&error))?;
        let body = answer.body().bytes().unwrap_or_default();
        if answer.status().is_success() {
            return serde_json::from_slice(body).map_err(|error| unavailable(&error));
        }
        let refusal: KmsRefusal = serde_json::from_slice(body).unwrap_or_default();
        if refusal.kind.ends_with("InvalidCiphertextException") {
            return Err(KmsFailure::NotItsOwn);
        }
        let status = answer.status().as_u16();
        Err(unavailable(&format_args!("{status} {}", refusal.kind)))
    }

    fn service(&self) -> Result<Service, KmsFailure> {
        let connector = Connector::new().map_err(|error| unavailable(&error))?;
        let credentials = self.credentials.clone();
        let credentials = credentials.ok_or_else(|| unavailable(&"no credentials"))?;
        let service = Service::new(connector, SERVICE, &self.region, credentials, &self.url);
        service.ok_or_else(|| unavailable(&"its endpoint is no URL without a path"))
    }
}

fn unavailable(why: &dyn Display) -> KmsFailure {
    KmsFailure::Unavailable(why.to_string())
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use serde_json::{Value, json};
    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, Request as Received, ResponseTemplate};

    use super::*;

    fn kms(server: &MockServer) -> Kms {
        let token = Some("token".to_owned());
        let credentials = Credentials::new("AKID", "secret", token, None, "test");
        let provider = SharedCredentialsProvider::new(credentials);
        Kms::at(server.uri(), "ap-south-1".to_owned(), Some(provider))
    }

    fn context() -> Context {
        Context::from([("purpose".to_owned(), "test".to_owned())])
    }

    /// Fails this many times with the given status, then returns a plaintext.
    async fn serve(failures: u64, status: u16, kind: &str) -> MockServer {
        let server = MockServer::start().await;
        let failure = ResponseTemplate::new(status).set_body_json(json!({ "__type": kind }));
        if failures > 0 {
            let failing = Mock::given(any()).respond_with(failure);
            failing.up_to_n_times(failures).mount(&server).await;
        }
        let plaintext = json!({ "KeyId": "key", "Plaintext": STANDARD.encode("opened") });
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_json(plaintext))
            .mount(&server)
            .await;
        server
    }

    #[tokio::test]
    async fn a_call_is_signed_and_names_its_target() {
        let server = serve(0, 500, "").await;
        let opened = kms(&server).decrypt(b"sealed", &context()).await.unwrap();
        assert_eq!(opened.as_slice(), b"opened");
        let received: Vec<Received> = server.received_requests().await.unwrap();
        let [request] = received.as_slice() else {
            panic!("{} requests", received.len())
        };
        let header = |name: &str| request.headers[name].to_str().unwrap();
        assert_eq!(header("x-amz-target"), "TrentService.Decrypt");
        assert_eq!(header("content-type"), JSON);
        assert_eq!(header("x-amz-security-token"), "token");
        let signature = header("authorization");
        assert!(signature.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"));
        assert!(
            signature.contains("/ap-south-1/kms/aws4_request"),
            "{signature}"
        );
        let signed = "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
        assert!(signature.contains(signed), "{signature}");
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let expected = json!({
            "CiphertextBlob": STANDARD.encode("sealed"), "EncryptionContext": { "purpose": "test" },
        });
        assert_eq!(body, expected);
    }

    #[tokio::test]
    async fn only_temporary_failures_are_retried() {
        for (failures, status, kind, calls) in [
            (2, 500, "KMSInternalException", 3),
            (1, 400, "ThrottlingException", 2),
        ] {
            let server = serve(failures, status, kind).await;
            let opened = kms(&server).decrypt(b"sealed", &context()).await;
            assert!(opened.is_ok(), "{kind}");
            assert_eq!(server.received_requests().await.unwrap().len(), calls);
        }
        let server = serve(9, 400, "InvalidCiphertextException").await;
        let refused = kms(&server).decrypt(b"sealed", &context()).await;
        assert!(matches!(refused, Err(KmsFailure::NotItsOwn)));
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
        let server = serve(9, 503, "").await;
        let down = kms(&server).encrypt("key", b"plain", &context()).await;
        assert!(matches!(down, Err(KmsFailure::Unavailable(_))));
        assert_eq!(server.received_requests().await.unwrap().len(), 3);
    }
}
