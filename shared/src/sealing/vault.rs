//! The keyring of a function, unwrapped on first use.

use std::sync::Arc;

use aws_config::SdkConfig;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::OnceCell;

use crate::aws::kms::{Context, Kms, KmsFailure};
use crate::sealing::failure::SealingFailure;
use crate::sealing::keyring::Keyring;

/// Provides the keyring. It is unwrapped by one KMS call, when the first secret is sealed or opened.
pub struct Vault {
    /// Boxed, so that a function that opens no secrets does not link the KMS code.
    unwrap: Option<Box<Unwrap>>,
    keyring: OnceCell<Keyring>,
}

type Unwrap = dyn Fn() -> BoxFuture<'static, Result<Keyring, SealingFailure>> + Send + Sync;

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keyring = self.keyring.get();
        formatter.debug_tuple("Vault").field(&keyring).finish()
    }
}

impl Vault {
    /// The vault of a keyring that KMS wrapped; `wrapped` is base64.
    pub fn new(aws: &SdkConfig, wrapped: String) -> Arc<Self> {
        Self::wrapped_by(Kms::new(aws), wrapped)
    }

    /// The same with this KMS client.
    pub fn wrapped_by(kms: Kms, wrapped: String) -> Arc<Self> {
        let source = Arc::new((kms, wrapped));
        let unwrap = move || {
            let source = Arc::clone(&source);
            async move { unwrap(&source.0, &source.1).await }.boxed()
        };
        Arc::new(Self {
            unwrap: Some(Box::new(unwrap)),
            keyring: OnceCell::new(),
        })
    }

    /// The vault of an unwrapped keyring.
    pub fn of(keyring: Keyring) -> Arc<Self> {
        Arc::new(Self {
            unwrap: None,
            keyring: OnceCell::new_with(Some(keyring)),
        })
    }

    /// The keyring. Failures are not cached: the next call tries again.
    pub async fn keyring(&self) -> Result<&Keyring, SealingFailure> {
        let unwrap = async || match &self.unwrap {
            Some(unwrap) => unwrap().await,
            None => Err(SealingFailure::NoKeyring("none was given")),
        };
        self.keyring.get_or_try_init(unwrap).await
    }
}

/// Unwraps a keyring with KMS.
pub async fn unwrap(kms: &Kms, wrapped: &str) -> Result<Keyring, SealingFailure> {
    if wrapped.is_empty() {
        return Err(SealingFailure::NoKeyring("none is configured"));
    }
    let wrapped = STANDARD.decode(wrapped.trim());
    let wrapped = wrapped.map_err(|_| SealingFailure::NoKeyring("it is not base64"))?;
    let keyring = kms.decrypt(&wrapped, &context()).await?;
    Keyring::from_bytes(&keyring)
}

/// Wraps a keyring with a KMS key.
pub async fn wrap(kms: &Kms, key_id: &str, keyring: &Keyring) -> Result<String, SealingFailure> {
    let wrapped = kms.encrypt(key_id, &keyring.to_bytes(), &context()).await?;
    Ok(STANDARD.encode(wrapped))
}

impl From<KmsFailure> for SealingFailure {
    fn from(failure: KmsFailure) -> Self {
        match failure {
            KmsFailure::Unavailable(_) => Self::Unavailable(failure.into()),
            KmsFailure::NotItsOwn => Self::NoKeyring("KMS did not wrap it"),
        }
    }
}

/// The KMS context of a wrapped keyring, so that other data wrapped with the same key is not accepted.
pub fn context() -> Context {
    Context::from([("purpose".to_owned(), "rms-logistics-keyring".to_owned())])
}
