//! The embedded DynamoDB, SQS and KMS: real wire protocols on 127.0.0.1, so that the AWS SDK is used as in the cloud.
//!
//! They start in milliseconds and can be used alone, in the tests of other packages. Without a data directory everything is
//! in memory. With one, tables and queues survive the process, even if it is killed: DynamoDB is a file database, and SQS
//! keeps a journal of its messages (the journal's module lists what it does not keep).
//!
//! With external backends, only proxies in front of them are started.
//!
//! Dropping [`Backends`] stops everything; [`Backends::stop`] also waits for it.

mod calls;
mod data;
mod dynamodb;
mod elsewhere;
mod journal;
mod kms;
mod proxy;
mod sqs;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use dynoxide::Database;
use logistics::aws::kms::Kms;
use logistics::aws::{DynamoDb, Sqs};
use logistics::sealing::vault::Vault;
use operator::sdk_clients;
use tokio::net::TcpListener;

use calls::Calls;
pub use calls::{BackendCall, Instead, Interceptor, Moment};
pub use elsewhere::Elsewhere;
pub use kms::rotate as rotate_keyring;
use proxy::Proxy;

/// The options of the backends. The default is in memory, on free ports, without counting; or the external backends named
/// in the environment.
#[derive(Debug, Clone)]
pub struct BackendOptions {
    /// The directory that keeps the state between runs; it is created if it does not exist.
    pub data: Option<PathBuf>,
    /// The port of DynamoDB; 0 selects a free one.
    pub dynamodb_port: u16,
    /// The port of SQS; 0 selects a free one.
    pub sqs_port: u16,
    /// Count calls for [`Backends::calls`]. This adds a proxy.
    pub count_calls: bool,
    /// Consulted at every call, for tests that interrupt between two calls. This adds a proxy.
    pub interceptor: Option<Interceptor>,
    /// How long each call to DynamoDB or SQS is on its way, besides its execution. This adds a proxy.
    pub round_trip: Duration,
    /// External backends instead of the embedded ones.
    pub elsewhere: Option<Elsewhere>,
}

impl Default for BackendOptions {
    fn default() -> Self {
        Self {
            data: None,
            dynamodb_port: 0,
            sqs_port: 0,
            count_calls: false,
            interceptor: None,
            round_trip: Duration::ZERO,
            elsewhere: Elsewhere::of_environment(),
        }
    }
}

/// Running backends.
#[derive(Debug)]
pub struct Backends {
    /// The endpoint of DynamoDB, `http://127.0.0.1:<port>`.
    pub dynamodb_url: String,
    /// The endpoint of SQS, `http://127.0.0.1:<port>`.
    pub sqs_url: String,
    /// The endpoint of KMS, `http://127.0.0.1:<port>`.
    pub kms_url: String,
    calls: Calls,
    kms: kms::Kms,
    proxies: Vec<Proxy>,
    embedded: Option<Embedded>,
}

/// The backends that this process serves.
#[derive(Debug)]
struct Embedded {
    dynamodb: dynamodb::DynamoDb,
    sqs: sqs::Sqs,
    _lock: Option<File>,
}

impl Backends {
    /// Starts all backends. When this returns, all accept requests.
    pub async fn start(options: BackendOptions) -> anyhow::Result<Self> {
        let calls = Calls::new(
            options.count_calls,
            options.interceptor.clone(),
            options.round_trip,
        );
        if let Some(elsewhere) = &options.elsewhere {
            ensure!(
                options.data.is_none(),
                "external backends cannot have a data directory"
            );
            let account = elsewhere::new_account();
            let kms = start_kms(None, &calls).await?;
            return Self::behind_proxies(&options, elsewhere, Some(&account), calls, kms).await;
        }
        let in_front = calls.observed();
        let port = |port| if in_front { 0 } else { port };
        let ports = [options.dynamodb_port, options.sqs_port].map(port);
        let embedded = Embedded::start(options.data.as_deref(), ports).await?;
        let kms = start_kms(options.data.as_deref(), &calls).await?;
        let here = Elsewhere {
            dynamodb_url: embedded.dynamodb.url(),
            sqs_url: embedded.sqs.url(),
        };
        let mut backends = if in_front {
            Self::behind_proxies(&options, &here, None, calls, kms).await?
        } else {
            Self::at(here, Vec::new(), calls, kms)
        };
        backends.embedded = Some(embedded);
        Ok(backends)
    }

    async fn behind_proxies(
        options: &BackendOptions,
        upstream: &Elsewhere,
        account: Option<&str>,
        calls: Calls,
        kms: kms::Kms,
    ) -> anyhow::Result<Self> {
        let open = |port, url| Proxy::open(port, url, account, &calls);
        let dynamodb = open(options.dynamodb_port, &upstream.dynamodb_url).await?;
        let sqs = open(options.sqs_port, &upstream.sqs_url).await?;
        let here = Elsewhere {
            dynamodb_url: dynamodb.url(),
            sqs_url: sqs.url(),
        };
        Ok(Self::at(here, vec![dynamodb, sqs], calls.clone(), kms))
    }

    fn at(here: Elsewhere, proxies: Vec<Proxy>, calls: Calls, kms: kms::Kms) -> Self {
        Self {
            kms_url: kms.url(),
            kms,
            dynamodb_url: here.dynamodb_url,
            sqs_url: here.sqs_url,
            calls,
            proxies,
            embedded: None,
        }
    }

    /// Number of calls of each operation so far, by its `X-Amz-Target` (`DynamoDB_20120810.PutItem`,
    /// `AmazonSQS.SendMessage`). Empty unless calls are counted.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.calls.so_far()
    }

    /// An SDK client for this DynamoDB.
    pub fn dynamodb_client(&self) -> DynamoDb {
        sdk_clients::dynamodb(&self.dynamodb_url)
    }

    /// An SDK client for this SQS.
    pub fn sqs_client(&self) -> Sqs {
        sdk_clients::sqs(&self.sqs_url)
    }

    /// A client for this KMS.
    pub fn kms_client(&self) -> Kms {
        sdk_clients::kms(&self.kms_url)
    }

    /// The keyring that encrypts the secrets of these tables, wrapped by this KMS.
    pub fn wrapped_keyring(&self) -> &str {
        &self.kms.wrapped_keyring
    }

    /// The same keyring, unwrapped.
    pub fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.kms.vault)
    }

    /// The database of the embedded DynamoDB, for bulk access that is too slow through the API.
    pub fn database(&self) -> Option<&Database> {
        let embedded = self.embedded.as_ref()?;
        Some(embedded.dynamodb.database())
    }

    /// Stops all backends and waits until their files are closed.
    pub async fn stop(self) {
        self.kms.stop().await;
        for proxy in self.proxies {
            proxy.stop().await;
        }
        if let Some(embedded) = self.embedded {
            embedded.sqs.stop().await;
            embedded.dynamodb.stop().await;
        }
    }
}

async fn start_kms(data: Option<&Path>, calls: &Calls) -> anyhow::Result<kms::Kms> {
    let kms = kms::Kms::start(data, calls).await;
    kms.context("cannot start KMS")
}

impl Embedded {
    async fn start(data: Option<&Path>, [dynamodb, sqs]: [u16; 2]) -> anyhow::Result<Self> {
        let lock = data.map(data::lock).transpose()?;
        let dynamodb = dynamodb::DynamoDb::start(dynamodb, data).await;
        let sqs = sqs::Sqs::start(sqs, data).await;
        Ok(Self {
            dynamodb: dynamodb.context("cannot start DynamoDB")?,
            sqs: sqs.context("cannot start SQS")?,
            _lock: lock,
        })
    }
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("cannot listen on 127.0.0.1:{port}"))
}
