//! The keyring of a function, unwrapped when it is first needed.

use std::collections::HashMap;
use std::sync::Arc;

use aws_config::SdkConfig;
use aws_sdk_kms::Client;
use aws_sdk_kms::error::SdkError;
use aws_sdk_kms::operation::decrypt::DecryptError;
use aws_sdk_kms::primitives::Blob;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use tokio::sync::OnceCell;

use crate::sealing::failure::SealingFailure;
use crate::sealing::keyring::Keyring;

const CONTEXT: (&str, &str) = ("purpose", "rms-logistics-keyring");

/// Hands out the keyring. It is unwrapped once, by one call of KMS, when the first secret is sealed or opened.
#[derive(Debug)]
pub struct Vault {
    source: Source,
    keyring: OnceCell<Keyring>,
}

#[derive(Debug)]
enum Source {
    /// It was there from the start.
    Given,
    /// KMS unwraps it.
    Wrapped { kms: Client, wrapped: String },
}

impl Vault {
    /// The vault of a keyring that KMS wrapped; `wrapped` is base64.
    pub fn new(aws: &SdkConfig, wrapped: String) -> Arc<Self> {
        Self::wrapped_by(Client::new(aws), wrapped)
    }

    /// The same, by this client of KMS.
    pub fn wrapped_by(kms: Client, wrapped: String) -> Arc<Self> {
        Arc::new(Self {
            source: Source::Wrapped { kms, wrapped },
            keyring: OnceCell::new(),
        })
    }

    /// The vault of a keyring that is at hand.
    pub fn of(keyring: Keyring) -> Arc<Self> {
        Arc::new(Self {
            source: Source::Given,
            keyring: OnceCell::new_with(Some(keyring)),
        })
    }

    /// The keyring. A failure is not remembered: the next call asks again.
    pub async fn keyring(&self) -> Result<&Keyring, SealingFailure> {
        let unwrap = async || match &self.source {
            Source::Given => Err(SealingFailure::NoKeyring("none was given")),
            Source::Wrapped { kms, wrapped } => unwrap(kms, wrapped).await,
        };
        self.keyring.get_or_try_init(unwrap).await
    }
}

/// Has KMS unwrap a keyring.
pub async fn unwrap(kms: &Client, wrapped: &str) -> Result<Keyring, SealingFailure> {
    if wrapped.is_empty() {
        return Err(SealingFailure::NoKeyring("none is configured"));
    }
    let wrapped = STANDARD.decode(wrapped.trim());
    let wrapped = wrapped.map_err(|_| SealingFailure::NoKeyring("it is not base64"))?;
    let answer = kms
        .decrypt()
        .ciphertext_blob(Blob::new(wrapped))
        .set_encryption_context(Some(context()))
        .send()
        .await
        .map_err(not_unwrapped)?;
    let keyring = answer.plaintext.map(Blob::into_inner).map(Zeroizing::new);
    Keyring::from_bytes(&keyring.unwrap_or_default())
}

fn not_unwrapped(error: SdkError<DecryptError>) -> SealingFailure {
    match error.as_service_error() {
        Some(DecryptError::InvalidCiphertextException(_)) => {
            SealingFailure::NoKeyring("KMS did not wrap it")
        }
        _ => SealingFailure::Unavailable(error.into()),
    }
}

/// Has KMS wrap a keyring with a key of its own.
pub async fn wrap(kms: &Client, key_id: &str, keyring: &Keyring) -> Result<String, SealingFailure> {
    let answer = kms
        .encrypt()
        .key_id(key_id)
        .plaintext(Blob::new(keyring.to_bytes().as_slice()))
        .set_encryption_context(Some(context()))
        .send()
        .await
        .map_err(|error| SealingFailure::Unavailable(error.into()))?;
    let wrapped = answer.ciphertext_blob.unwrap_or_else(|| Blob::new([]));
    Ok(STANDARD.encode(wrapped))
}

/// What KMS binds a wrapped keyring to: nothing else that the same key wrapped is taken for one.
pub fn context() -> HashMap<String, String> {
    let (name, value) = CONTEXT;
    HashMap::from([(name.to_owned(), value.to_owned())])
}
