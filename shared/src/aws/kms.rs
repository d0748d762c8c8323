//! A minimal KMS client for keyrings: two operations, of which a function calls one, once.
//!
//! Requests are built here and signed by the signer of the SDKs. The KMS SDK would add 250 kB to every function that
//! opens a secret.

use std::collections::HashMap;
use std::fmt::Display;
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::aws::connector::Connector;
use crate::aws::endpoint_url;
use crate::clock;

const SERVICE: &str = "kms";
const OK: u16 = 200;
const JSON: &str = "application/x-amz-json-1.1";
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
        let connector = Connector::new().map_err(|error| unavailable(&error))?;
        let mut attempt = 1;
        loop {
            let answered = self.attempt(&connector, operation, &body).await;
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
        connector: &Connector,
        operation: &str,
        body: &[u8],
    ) -> Result<KmsAnswer, KmsFailure> {
        let target = format!("TrentService.{operation}");
        let mut headers = self.signature(&target, body).await?;
        // The connection adds this header itself.
        headers.retain(|(name, _)| name != "host");
        headers.push(("content-type".to_owned(), JSON.to_owned()));
        headers.push(("x-amz-target".to_owned(), target));
        let sent = connector.post(&self.url, &headers, body, DEADLINE).await;
        let (status, answer) = sent.map_err(|error| unavailable(&error))?;
        let answer = Zeroizing::new(answer);
        if status == OK {
            return serde_json::from_slice(&answer).map_err(|error| unavailable(&error));
        }
        let refusal: KmsRefusal = serde_json::from_slice(&answer).unwrap_or_default();
        if refusal.kind.ends_with("InvalidCiphertextException") {
            return Err(KmsFailure::NotItsOwn);
        }
        Err(unavailable(&format_args!("{status} {}", refusal.kind)))
    }

    /// The headers that sign a request.
    async fn signature(
        &self,
        target: &str,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, KmsFailure> {
        let provider = self.credentials.as_ref();
        let provider = provider.ok_or_else(|| unavailable(&"no credentials"))?;
        let credentials = provider
            .provide_credentials()
            .await
            .map_err(|error| unavailable(&error))?;
        let identity: Identity = credentials.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(SERVICE)
            .time(SystemTime::from(clock::now()))
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| unavailable(&error))?
            .into();
        let headers = [("content-type", JSON), ("x-amz-target", target)];
        let body = SignableBody::Bytes(body);
        let signable = SignableRequest::new("POST", &self.url, headers.into_iter(), body);
        let signed = sign(signable.map_err(|error| unavailable(&error))?, &parameters)
            .map_err(|error| unavailable(&error))?;
        let headers = signed.output().headers();
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Ok(headers.map(owned).collect())
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
