//! A running stack with a client that has only its first key.

use local::stack::{Options, Stack};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) use crate::patience::PATIENCE;

pub(crate) struct World {
    pub(crate) stack: Stack,
    key: String,
    http: reqwest::Client,
    _directory: TempDir,
}

/// An answer, read completely.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    pub(crate) body: Value,
}

impl Answer {
    async fn to(request: RequestBuilder) -> Self {
        let response = request.timeout(PATIENCE).send().await.unwrap();
        let etag = response.headers().get("etag");
        Self {
            status: response.status().as_u16(),
            etag: etag.map(|etag| etag.to_str().unwrap().to_owned()),
            body: serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null),
        }
    }

    /// A string in the body.
    pub(crate) fn text(&self, pointer: &str) -> String {
        let text = self.body.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no {pointer} in {self:?}"))
            .to_owned()
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    /// A stack in which each function has one instance: what was used once remembers.
    pub(crate) async fn of_one_instance() -> Self {
        Self::with(Options {
            instance_limit: 1,
            ..Options::default()
        })
        .await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let published = directory.path().join("stack.json");
        let options = Options {
            publish: Some(published.clone()),
            ..options
        };
        let stack = Stack::start(options).await.unwrap();
        let made = operator::client::create("Acme Shoes", &published)
            .await
            .unwrap();
        Self {
            stack,
            key: made.api_key,
            http: simulators::http_client::client().unwrap(),
            _directory: directory,
        }
    }

    /// A call of the API as the client.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{path}", self.stack.base_url());
        let mut request = self.http.request(method, url).bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::to(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path, Some(body)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    /// A push with these headers.
    pub(crate) async fn push(&self, url: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut request = self.http.post(url).json(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::to(request).await
    }

    /// The body to put an account at a simulator.
    pub(crate) fn account(&self, alias: &str) -> Value {
        let at = |path: &str| format!("{}/{path}", self.stack.simulator_url());
        let password = &self.stack.demo().unwrap().accounts[alias].password;
        match alias {
            "clickpost" => json!({
                "aggregator": "CLICKPOST",
                "credentials": { "username": "rms", "key": password },
                "urls": { "baseUrl": at("clickpost/api") },
                "settings": { "sellerGstin": "29ABCDE1234F1Z5" },
            }),
            "shiprocket" => json!({
                "aggregator": "SHIPROCKET",
                "credentials": { "email": "rms@brand.example", "password": password },
                "urls": { "baseUrl": at("shiprocket/v1/external") },
                "settings": { "pickupLocation": "Primary" },
            }),
            "shipway" => json!({
                "aggregator": "SHIPWAY",
                "credentials": { "email": "rms@brand.example", "licenseKey": password },
                "urls": { "baseUrl": at("shipway/api") },
                "settings": { "warehouseId": 6201, "returnReasonId": 41011 },
            }),
            _ => json!({
                "aggregator": "RMS_MAGIC",
                "credentials": { "authUsername": "rms", "authPassword": password },
                "urls": {
                    "generateShippingLabel": at("magic/generate-shipping-label"),
                    "getShippingLabel": at("magic/get-shipping-label"),
                    "generateReturnAwb": at("magic/generate-return-awb"),
                    "getReturnAwb": at("magic/get-return-awb"),
                    "getCouriers": at("magic/get-couriers"),
                },
            }),
        }
    }
}
