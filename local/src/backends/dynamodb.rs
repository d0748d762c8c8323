//! DynamoDB (dynoxide), in memory or in one `SQLite` file, with a loop that deletes expired items.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use dynoxide::Database;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::backends::{data, listen};

/// AWS takes hours to days; here the deletion is visible soon.
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// How long a running call may delay the stop.
const STOP_WITHIN: Duration = Duration::from_secs(2);

pub(super) struct DynamoDb {
    port: u16,
    database: Database,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    sweeper: JoinHandle<()>,
}

impl fmt::Debug for DynamoDb {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The database has no `Debug`.
        formatter
            .debug_struct("DynamoDb")
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl DynamoDb {
    pub(super) async fn start(port: u16, data: Option<&Path>) -> anyhow::Result<Self> {
        let database = open(data)?;
        let listener = listen(port).await?;
        let port = listener.local_addr()?.port();
        let sweeper = tokio::spawn(sweep(database.clone()));
        let (stop, stopped) = oneshot::channel();
        let shared = database.clone();
        let server = tokio::spawn(async move {
            let stopped = async {
                stopped.await.ok();
            };
            if let Err(error) =
                dynoxide::server::serve_with_shutdown(listener, shared, stopped).await
            {
                eprintln!("the embedded DynamoDB stopped: {error}");
            }
        });
        Ok(Self {
            port,
            database,
            stop: Some(stop),
            server,
            sweeper,
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    pub(super) async fn stop(mut self) {
        self.sweeper.abort();
        drop(self.stop.take());
        tokio::time::timeout(STOP_WITHIN, &mut self.server)
            .await
            .ok();
    }
}

impl Drop for DynamoDb {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.sweeper.abort();
    }
}

fn open(data: Option<&Path>) -> anyhow::Result<Database> {
    let Some(directory) = data else {
        return Database::memory().map_err(|error| anyhow!("{error}"));
    };
    let file = data::database(directory)?;
    let path = file
        .to_str()
        .with_context(|| format!("{} is not a UTF-8 path", file.display()))?;
    Database::new(path).map_err(|error| anyhow!("cannot open {path}: {error}"))
}

async fn sweep(database: Database) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        let database = database.clone();
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        if let Ok(Err(error)) = swept {
            eprintln!("the embedded DynamoDB could not delete expired items: {error}");
        }
    }
}
