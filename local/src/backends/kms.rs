//! The part of KMS that a keyring needs: one key, which encrypts and decrypts.
//!
//! The functions call it as they call KMS in AWS, through a gate that enforces their policies. With a data directory, the key
//! and the wrapped keyring are in files that only the owner can read; otherwise both are lost when this is dropped.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use logistics::sealing::keyring::Keyring;
use logistics::sealing::vault::{self, Vault};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::backends::calls::{Calls, Instead};
use crate::backends::{data, listen};
use crate::http_server::HttpServer;
use crate::private_file;
use crate::region::{kms_key_arn, signer};
use crate::secret;

const KEY_FILE: &str = "kms-key";
const KEYRING_FILE: &str = "sealing-keyring";

#[derive(Debug)]
pub(super) struct Kms {
    server: HttpServer,
    pub(super) wrapped_keyring: String,
    pub(super) vault: Arc<Vault>,
}

struct Served {
    key: WrappingKey,
    calls: Calls,
}

/// The encryption context, which binds a wrapped value to its purpose.
type Purpose = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    /// What to unwrap.
    ciphertext_blob: Option<String>,
    /// What to wrap.
    plaintext: Option<String>,
    #[serde(default)]
    encryption_context: Purpose,
}

impl Kms {
    pub(super) async fn start(data: Option<&Path>, calls: &Calls) -> anyhow::Result<Self> {
        let key = WrappingKey::at(data)?;
        let wrapped_keyring = wrapped_keyring(data, &key)?;
        let vault = Vault::of(unwrapped(&key, &wrapped_keyring)?);
        let calls = calls.clone();
        let served = Arc::new(Served { key, calls });
        let router = Router::new().fallback(answer).with_state(served);
        Ok(Self {
            server: HttpServer::start(listen(0).await?, router)?,
            wrapped_keyring,
            vault,
        })
    }

    pub(super) fn url(&self) -> String {
        self.server.url()
    }

    pub(super) async fn stop(self) {
        self.server.stop().await;
    }
}

/// Adds a new key to the keyring of a data directory and returns the number of keys. The next stack that uses the directory
/// encrypts with the new key.
pub fn rotate(data: &Path) -> anyhow::Result<usize> {
    data::open(data)?;
    let key = WrappingKey::at(Some(data))?;
    let keyring = unwrapped(&key, &wrapped_keyring(Some(data), &key)?)?;
    let keyring = keyring.with_new_key()?;
    store(data, &wrapped(&key, &keyring)?)?;
    Ok(keyring.ids().count())
}

fn wrapped_keyring(data: Option<&Path>, key: &WrappingKey) -> anyhow::Result<String> {
    let kept = data.map(|data| data.join(KEYRING_FILE));
    if let Some(kept) = kept.filter(|kept| kept.exists()) {
        return Ok(std::fs::read_to_string(kept)?);
    }
    let wrapped = wrapped(key, &Keyring::generate()?)?;
    if let Some(data) = data {
        store(data, &wrapped)?;
    }
    Ok(wrapped)
}

fn store(data: &Path, wrapped: &str) -> anyhow::Result<()> {
    private_file::write(&data.join(KEYRING_FILE), wrapped.as_bytes())
}

fn wrapped(key: &WrappingKey, keyring: &Keyring) -> anyhow::Result<String> {
    let wrapped = key.wrap(&purpose(), &keyring.to_bytes())?;
    Ok(STANDARD.encode(wrapped))
}

fn unwrapped(key: &WrappingKey, wrapped: &str) -> anyhow::Result<Keyring> {
    let bytes = key.unwrap(&purpose(), &STANDARD.decode(wrapped.trim())?);
    let bytes = bytes
        .context("the keyring in the data directory cannot be decrypted with the key in it")?;
    Ok(Keyring::from_bytes(&bytes)?)
}

fn purpose() -> Purpose {
    vault::context().into_iter().collect()
}

async fn answer(State(served): State<Arc<Served>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target");
    let target = target.and_then(|target| target.to_str().ok());
    let target = target.unwrap_or_default();
    let caller = signer(&headers).unwrap_or_default();
    if let Some(instead) = served.calls.came(target, caller, &body) {
        return in_place(instead);
    }
    let answer = served
        .key
        .answer(target, &body)
        .unwrap_or_else(|refusal| (StatusCode::BAD_REQUEST, refusal.to_string()).into_response());
    match served.calls.happened(target, caller, &body) {
        Some(instead) => in_place(instead),
        None => answer,
    }
}

fn in_place(instead: Instead) -> Response {
    (instead.status, instead.body).into_response()
}

/// The only key.
struct WrappingKey(LessSafeKey);

impl WrappingKey {
    /// Reads the key of a data directory, or creates one.
    fn at(data: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = data.map(|data| data.join(KEY_FILE)) else {
            return Self::new(&secret::bytes());
        };
        if !file.exists() {
            private_file::write(&file, STANDARD.encode(secret::bytes()).as_bytes())?;
        }
        let text = std::fs::read_to_string(&file)?;
        let bytes = STANDARD.decode(text.trim());
        Self::new(&bytes.with_context(|| format!("in {}", file.display()))?)
    }

    fn new(bytes: &[u8]) -> anyhow::Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).ok();
        Ok(Self(LessSafeKey::new(
            key.context("the key is not 32 bytes long")?,
        )))
    }

    fn answer(&self, target: &str, body: &[u8]) -> Result<Response, Value> {
        let refused = |kind: &str| json!({ "__type": kind, "message": "refused" });
        let request: Request =
            serde_json::from_slice(body).map_err(|_| refused("ValidationException"))?;
        let bytes = |text: Option<String>| STANDARD.decode(text.unwrap_or_default()).ok();
        let purpose = &request.encryption_context;
        let found = match target {
            "TrentService.Decrypt" => bytes(request.ciphertext_blob)
                .and_then(|wrapped| self.unwrap(purpose, &wrapped))
                .map(|plain| ("Plaintext", plain)),
            "TrentService.Encrypt" => bytes(request.plaintext)
                .and_then(|plain| self.wrap(purpose, &plain).ok())
                .map(|wrapped| ("CiphertextBlob", wrapped)),
            _ => return Err(refused("UnknownOperationException")),
        };
        let (name, bytes) = found.ok_or_else(|| refused("InvalidCiphertextException"))?;
        let answer = json!({ "KeyId": kms_key_arn(), name: STANDARD.encode(bytes) });
        Ok(answer.to_string().into_response())
    }

    fn wrap(&self, purpose: &Purpose, plain: &[u8]) -> anyhow::Result<Vec<u8>> {
        let random = secret::bytes();
        let (nonce, _) = random
            .split_first_chunk::<NONCE_LEN>()
            .context("no nonce")?;
        let mut bytes = plain.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(serde_json::to_vec(purpose)?),
                &mut bytes,
            )
            .ok()
            .context("cannot wrap the value")?;
        Ok([&nonce[..], &bytes].concat())
    }

    fn unwrap(&self, purpose: &Purpose, wrapped: &[u8]) -> Option<Vec<u8>> {
        let (nonce, bytes) = wrapped.split_at_checked(NONCE_LEN)?;
        let mut bytes = bytes.to_vec();
        let plain = self.0.open_in_place(
            Nonce::try_assume_unique_for_key(nonce).ok()?,
            Aad::from(serde_json::to_vec(purpose).ok()?),
            &mut bytes,
        );
        Some(plain.ok()?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use logistics::aws::kms::KmsFailure;

    use super::*;
    use crate::backends::{BackendOptions, Backends};

    #[tokio::test]
    async fn a_keyring_is_unwrapped_only_for_its_purpose() {
        let backends = Backends::start(BackendOptions::default()).await.unwrap();
        let kms = backends.kms_client();
        let vault = Vault::wrapped_by(kms.clone(), backends.wrapped_keyring().to_owned());
        let ids = |keyring: &Keyring| keyring.ids().map(str::to_owned).collect::<Vec<_>>();
        let own = ids(backends.vault().keyring().await.unwrap());
        assert_eq!(ids(vault.keyring().await.unwrap()), own);

        let wrapped = STANDARD.decode(backends.wrapped_keyring()).unwrap();
        let aimless = kms.decrypt(&wrapped, &HashMap::new()).await;
        assert!(matches!(aimless, Err(KmsFailure::NotItsOwn)));
        for wrong in ["", "!", "AAAA"] {
            let vault = Vault::wrapped_by(kms.clone(), wrong.to_owned());
            assert!(vault.keyring().await.is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn with_a_data_directory_the_keys_outlive_the_run_and_only_the_owner_can_read_them() {
        let data = tempfile::tempdir().unwrap();
        let options = || BackendOptions {
            data: Some(data.path().to_owned()),
            ..BackendOptions::default()
        };
        let ids = async || {
            let backends = Backends::start(options()).await.unwrap();
            let ids: Vec<_> = backends
                .vault()
                .keyring()
                .await
                .unwrap()
                .ids()
                .map(str::to_owned)
                .collect();
            backends.stop().await;
            ids
        };
        let first = ids().await;
        assert_eq!(ids().await, first);
        assert_eq!(rotate(data.path()).unwrap(), 2);
        let rotated = ids().await;
        assert_eq!(rotated[1..], first);
        #[cfg(unix)]
        for name in [KEY_FILE, KEYRING_FILE] {
            use std::os::unix::fs::PermissionsExt as _;
            let file = data.path().join(name).metadata().unwrap();
            assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
        }
    }
}
