//! A running stack with a client that has only its first key.

use local::stack::{Options, Stack};
use reqwest::{Method, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::answer;
use crate::demo;
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
        let answer = answer::Answer::to(request).await;
        Self {
            status: answer.status,
            etag: answer.header("etag").map(str::to_owned),
            body: serde_json::from_slice(&answer.body).unwrap_or_default(),
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

    /// The body to put an account at a simulator: that of the demo's account.
    pub(crate) async fn account(&self, alias: &str) -> Value {
        let demo = demo::account(&self.stack, alias).await;
        let credential =
            |(name, value): (&String, &SecretString)| (name.clone(), json!(value.expose_secret()));
        let credentials = demo.credentials.iter().map(credential);
        let setting = |(name, value): (&String, &String)| (name.clone(), number_or_text(value));
        let settings = demo.settings.iter().map(setting);
        json!({
            "aggregator": demo.aggregator,
            "credentials": credentials.collect::<Map<_, _>>(),
            "urls": demo.urls,
            "settings": settings.collect::<Map<_, _>>(),
        })
    }
}

/// A setting as a client would write it.
fn number_or_text(value: &str) -> Value {
    value
        .parse::<u64>()
        .map_or(json!(value), |number| json!(number))
}
