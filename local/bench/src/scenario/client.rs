//! A client beside the demo's, set up through the API, with an account whose aggregator pushes to it.

use anyhow::{Context as _, ensure};
use local::demo::DemoAccount;
use local::stack::Stack;
use serde_json::{Value, json};
use simulators::http_client;

use crate::pushes::Pusher;
use crate::scenario::clients::key_of;

/// A client.
#[derive(Clone)]
pub(super) struct Client {
    http: reqwest::Client,
    api: String,
    api_key: String,
    /// Its aggregator.
    pub(super) pusher: Pusher,
}

impl Client {
    /// Creates the client of that name.
    pub(super) async fn new(stack: &Stack, name: &str) -> anyhow::Result<Self> {
        let (http, api) = (http_client::client()?, stack.base_url().to_owned());
        let api_key = key_of(stack, name).await?;
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
        })
    }

    pub(super) async fn add_endpoint(
        &self,
        name: &str,
        address: &str,
        lanes: u16,
    ) -> anyhow::Result<()> {
        let url = format!("{}/webhook-endpoints/{name}", self.api);
        let endpoint = json!({ "url": format!("http://{address}/webhooks"), "lanes": lanes });
        put(&self.http, &url, &self.api_key, &endpoint).await?;
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
