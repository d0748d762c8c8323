//! The attacker: a client with endpoints that turn silent, and one that stays healthy.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use axum::Router;
use http::StatusCode;
use local::demo::DemoAccount;
use local::http_server::HttpServer;
use local::stack::Stack;
use serde::Serialize;
use serde_json::{Value, json};
use simulators::http_client;
use simulators::sink::{self, Sink};
use tokio::sync::watch;
use tokio::time::{Instant, interval, timeout_at};

use crate::pushes::Pusher;
use crate::scenario::clients::key_of;
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
        let attack = Attack::begin(stack).await?;
        let mut addresses = self.servers.iter().map(address);
        let own = addresses.next().context("no server was started")?;
        attack.add_endpoint("own", &own, 32).await?;
        for (number, address) in addresses.by_ref().take(hostile).enumerate() {
            let name = format!("hostile-{number}");
            attack.add_endpoint(&name, &address, LANES).await?;
        }
        Ok(Attack {
            spare: addresses.collect(),
            ..attack
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
    http: reqwest::Client,
    api: String,
    api_key: String,
    pusher: Pusher,
    /// Addresses without an endpoint.
    spare: Vec<String>,
}

impl Attack {
    async fn begin(stack: &Stack) -> anyhow::Result<Self> {
        let (http, api) = (http_client::client()?, stack.base_url().to_owned());
        let api_key = key_of(stack, CLIENT).await?;
        let url = |name: &str| format!("{}/magic/{name}", stack.simulator_url());
        let account = json!({
            "aggregator": "RMS_MAGIC",
            "credentials": { "authUsername": "rms", "authPassword": "none" },
            "urls": {
                "generateShippingLabel": url("generate-shipping-label"),
                "getShippingLabel": url("get-shipping-label"),
                "generateReturnAwb": url("generate-return-awb"),
                "getReturnAwb": url("get-return-awb"),
                "getCouriers": url("get-couriers"),
            },
        });
        let path = "/logistic-accounts/magic";
        let made = put(&http, &format!("{api}{path}"), &api_key, &account).await?;
        let text = |pointer: &str| {
            let text = made.pointer(pointer).and_then(Value::as_str);
            text.map(str::to_owned).context("no push credential")
        };
        let header = |name: &str| {
            let value = text(&format!("/pushCredential/{name}"))?;
            anyhow::Ok((name.to_owned(), value))
        };
        let pusher = Pusher::of(DemoAccount {
            push_url: text("/pushUrl")?,
            headers: [header("authUsername")?, header("authPassword")?].into(),
            ..DemoAccount::default()
        })?;
        Ok(Self {
            http,
            api,
            api_key,
            pusher,
            spare: Vec::new(),
        })
    }

    async fn add_endpoint(&self, name: &str, address: &str, lanes: u16) -> anyhow::Result<()> {
        let url = format!("{}/webhook-endpoints/{name}", self.api);
        let endpoint = json!({ "url": format!("http://{address}/webhooks"), "lanes": lanes });
        put(&self.http, &url, &self.api_key, &endpoint).await?;
        Ok(())
    }

    /// Pushes at a steady pace.
    pub(super) async fn push(
        &self,
        name: &str,
        pace: Duration,
        count: usize,
    ) -> anyhow::Result<Vec<Told>> {
        push_steadily(&self.pusher, name, pace, count).await
    }

    /// Adds an endpoint from time to time, until `end`.
    pub(super) async fn add_endpoints(self, every: Duration, end: Instant) -> anyhow::Result<()> {
        let mut ticks = interval(every);
        for (number, address) in self.spare.iter().enumerate() {
            if timeout_at(end, ticks.tick()).await.is_err() {
                return Ok(());
            }
            let name = format!("added-{number}");
            self.add_endpoint(&name, address, LANES).await?;
        }
        Ok(())
    }
}

async fn put(
    http: &reqwest::Client,
    url: &str,
    api_key: &str,
    body: &Value,
) -> anyhow::Result<Value> {
    let answer = http.put(url).header("x-api-key", api_key).json(body);
    let answer = answer.send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    ensure!(status.is_success(), "PUT {url}: {status}: {text}");
    Ok(serde_json::from_str(&text)?)
}
