//! The embedded DynamoDB, SQS and KMS: real wire protocols on 127.0.0.1, so that the AWS SDK is used as in the cloud.
//!
//! They start in milliseconds and are also of use alone, in the tests of other packages. Without a data directory all
//! is in memory. With one, tables and queues outlive the process, even a killed one: DynamoDB is a file database, and
//! SQS keeps a journal of its messages (what that does not keep is said in the journal's module).
//!
//! Everything ends when [`Backends`] is dropped; [`Backends::stop`] also waits for it.

mod calls;
mod clients;
mod dynamodb;
mod journal;
mod kms;
mod sqs;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use logistics::sealing::vault::Vault;
use tokio::net::TcpListener;

use calls::Calls;
pub use calls::{BackendCall, Instead, Interceptor, Moment};

/// How to start the backends. The default is in memory, on free ports, without counting.
#[derive(Debug, Clone, Default)]
pub struct BackendOptions {
    /// The directory that keeps the state from one run to the next; it is made when it is absent.
    pub data: Option<PathBuf>,
    /// 0 takes a free one.
    pub dynamodb_port: u16,
    /// 0 takes a free one.
    pub sqs_port: u16,
    /// Whether [`Backends::calls`] counts. For DynamoDB this puts a proxy in between.
    pub count_calls: bool,
    /// Asked at every call, for tests of what happens between two. For DynamoDB this puts a proxy in between.
    pub interceptor: Option<Interceptor>,
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
    dynamodb: dynamodb::DynamoDb,
    sqs: sqs::Sqs,
    _lock: Option<File>,
}

impl Backends {
    /// Starts all of them; when it returns, all answer.
    pub async fn start(options: BackendOptions) -> anyhow::Result<Self> {
        let lock = options.data.as_deref().map(lock).transpose()?;
        let calls = Calls::new(options.count_calls, options.interceptor);
        let dynamodb =
            dynamodb::DynamoDb::start(options.dynamodb_port, options.data.as_deref(), &calls)
                .await
                .context("cannot start DynamoDB")?;
        let sqs = sqs::Sqs::start(options.sqs_port, options.data.as_deref(), &calls)
            .await
            .context("cannot start SQS")?;
        let kms = kms::Kms::start(options.data.as_deref(), &calls)
            .await
            .context("cannot start KMS")?;
        Ok(Self {
            kms_url: kms.url(),
            kms,
            dynamodb_url: dynamodb.url(),
            sqs_url: sqs.url(),
            calls,
            dynamodb,
            sqs,
            _lock: lock,
        })
    }

    /// How often each operation was called so far, by its `X-Amz-Target` (`DynamoDB_20120810.PutItem`,
    /// `AmazonSQS.SendMessage`). Empty unless counting was asked for.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.calls.so_far()
    }

    /// An SDK client of this DynamoDB.
    pub fn dynamodb_client(&self) -> aws_sdk_dynamodb::Client {
        clients::dynamodb(&self.dynamodb_url)
    }

    /// An SDK client of this SQS.
    pub fn sqs_client(&self) -> aws_sdk_sqs::Client {
        clients::sqs(&self.sqs_url)
    }

    /// An SDK client of this KMS.
    pub fn kms_client(&self) -> aws_sdk_kms::Client {
        clients::kms(&self.kms_url)
    }

    /// The keyring that seals the secrets of these tables, wrapped by this KMS.
    pub fn wrapped_keyring(&self) -> &str {
        &self.kms.wrapped_keyring
    }

    /// The same keyring at hand.
    pub fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.kms.vault)
    }

    /// Ends all and waits until their files are closed.
    pub async fn stop(self) {
        self.kms.stop().await;
        self.sqs.stop().await;
        self.dynamodb.stop().await;
    }
}

/// Makes the data directory and takes it for this stack alone, until the file is closed.
fn lock(data: &Path) -> anyhow::Result<File> {
    std::fs::create_dir_all(data)
        .with_context(|| format!("cannot make the data directory {}", data.display()))?;
    let file = File::create(data.join("lock"))?;
    file.try_lock()
        .with_context(|| format!("another local stack uses {}", data.display()))?;
    Ok(file)
}

async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("cannot listen on 127.0.0.1:{port}"))
}

/// An SDK client of the DynamoDB at that URL.
pub(crate) fn dynamodb_client(url: &str) -> aws_sdk_dynamodb::Client {
    clients::dynamodb(url)
}

pub(crate) use kms::rotate as rotate_keyring;

/// An SDK client of the KMS at that URL.
pub(crate) fn kms_client(url: &str) -> aws_sdk_kms::Client {
    clients::kms(url)
}

/// A client of the SQS at a URL.
pub(crate) fn sqs_client(url: &str) -> aws_sdk_sqs::Client {
    clients::sqs(url)
}
