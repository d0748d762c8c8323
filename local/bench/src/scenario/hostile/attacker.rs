//! The attacker: a client with endpoints that turn silent, and one that stays healthy.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use http::StatusCode;
use local::http_server::HttpServer;
use local::stack::Stack;
use serde::Serialize;
use simulators::sink::{self, Sink};
use tokio::sync::watch;
use tokio::time::{Instant, interval, timeout_at};

use crate::scenario::client::Client;
use crate::scenario::steady::{Told, push_steadily};

const CLIENT: &str = "attacker";
/// Lanes of a hostile endpoint: as many as an endpoint can have.
const LANES: u16 = 256;
const ANSWERED: u64 = 50;

/// What the hostile endpoints do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Manner {
    /// They answer at once.
    Healthy,
    /// They accept the connection and never answer.
    Silent,
    /// They answer one request in fifty, so that they do not only fail.
    OneInFifty,
}

/// The attacker's systems.
pub(super) struct Attacker {
    /// The healthy one.
    pub(super) own: Sink,
    servers: Vec<HttpServer>,
    manner: watch::Sender<Manner>,
}

impl Attacker {
    /// Starts one healthy system and this many hostile ones, which are healthy for now.
    pub(super) async fn start(hostile: usize) -> anyhow::Result<Self> {
        let own = Sink::default();
        let (manner, _) = watch::channel(Manner::Healthy);
        let mut servers = vec![HttpServer::on_free_port(sink::router(own.clone())).await?];
        for _ in 0..hostile {
            let router = router(manner.subscribe());
            servers.push(HttpServer::on_free_port(router).await?);
        }
        Ok(Self {
            own,
            servers,
            manner,
        })
    }

    /// The addresses that functions must be allowed to call.
    pub(super) fn targets(&self) -> String {
        let addresses: Vec<String> = self.servers.iter().map(address).collect();
        addresses.join(",")
    }

    /// From now on, this is what the hostile systems do.
    pub(super) fn turn(&self, manner: Manner) {
        self.manner.send_replace(manner);
    }

    /// Creates the client with an endpoint for the healthy system and for this many hostile ones.
    pub(super) async fn connect(&self, stack: &Stack, hostile: usize) -> anyhow::Result<Attack> {
        let client = Client::new(stack, CLIENT).await?;
        let mut addresses = self.servers.iter().map(address);
        let own = addresses.next().context("no server was started")?;
        client.add_endpoint("own", &own, 32).await?;
        for (number, address) in addresses.by_ref().take(hostile).enumerate() {
            let name = format!("hostile-{number}");
            client.add_endpoint(&name, &address, LANES).await?;
        }
        Ok(Attack {
            client,
            spare: addresses.collect(),
        })
    }
}

fn address(server: &HttpServer) -> String {
    server.address().to_string()
}

fn router(manner: watch::Receiver<Manner>) -> Router {
    let count = Arc::new(AtomicU64::new(0));
    Router::new().fallback(move || {
        let manner = *manner.borrow();
        let number = count.fetch_add(1, Ordering::Relaxed);
        async move {
            match manner {
                Manner::OneInFifty if number.is_multiple_of(ANSWERED) => {}
                Manner::Healthy => {}
                Manner::Silent | Manner::OneInFifty => pending().await,
            }
            StatusCode::OK
        }
    })
}

/// The attacker's client.
#[derive(Clone)]
pub(super) struct Attack {
    client: Client,
    /// Addresses without an endpoint.
    spare: Vec<String>,
}

impl Attack {
    /// Pushes at a steady pace.
    pub(super) async fn push(
        &self,
        name: &str,
        pace: Duration,
        count: usize,
    ) -> anyhow::Result<Vec<Told>> {
        push_steadily(&self.client.pusher, name, pace, count).await
    }

    /// Adds an endpoint from time to time, until `end`.
    pub(super) async fn add_endpoints(self, every: Duration, end: Instant) -> anyhow::Result<()> {
        let mut ticks = interval(every);
        for (number, address) in self.spare.iter().enumerate() {
            if timeout_at(end, ticks.tick()).await.is_err() {
                return Ok(());
            }
            let name = format!("added-{number}");
            self.client.add_endpoint(&name, address, LANES).await?;
        }
        Ok(())
    }
}
