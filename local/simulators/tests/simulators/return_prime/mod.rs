//! The Return Prime simulator over HTTP: the read calls, the hooks and the faults.

mod faults;
mod hooks;
mod reads;

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use simulators::sink::{self, Sink};
use simulators::{PushTarget, ReturnPrimeConfig, Simulators, SimulatorsConfig, router};

use crate::serving::{bind, client, read, serve};

const ID: &str = "65f0c0ffee65f0c0ffee0001";

/// The simulators, with a sink in place of RMS.
struct Running {
    simulators: Simulators,
    url: String,
    rms: Sink,
}

impl Running {
    async fn start() -> Self {
        let running = Self::without_target().await;
        let (listener, url) = bind().await;
        serve(listener, sink::router(running.rms.clone()));
        let target = PushTarget {
            url: format!("{url}/channels/hooks/secret"),
            headers: [].into(),
        };
        let set = running.simulators.set_push_target("return-prime", target);
        set.unwrap();
        running
    }

    async fn without_target() -> Self {
        let (listener, url) = bind().await;
        let simulators = Simulators::new(SimulatorsConfig {
            base_url: url.clone(),
            return_prime: ReturnPrimeConfig {
                store_token: "store-token".to_owned(),
            },
            ..SimulatorsConfig::default()
        })
        .unwrap();
        serve(listener, router(simulators.clone()));
        Self {
            simulators,
            url,
            rms: Sink::default(),
        }
    }

    /// A call without the token.
    fn bare(&self, path: &str) -> RequestBuilder {
        let url = format!("{}/return-prime/return-exchange/v2{path}", self.url);
        client().get(url)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        ask(self.bare(path).header("x-rp-token", "store-token")).await
    }

    /// `POST /return-prime/requests`.
    async fn post(&self, body: &Value) -> (u16, Value) {
        let url = format!("{}/return-prime/requests", self.url);
        ask(client().post(url).json(body)).await
    }

    /// Stores a request without pushing it.
    async fn store(&self, request: &Value) -> Value {
        let (status, mut stored) = self
            .post(&json!({ "request": request, "push": false }))
            .await;
        assert_eq!(status, 200, "{stored}");
        stored["request"].take()
    }

    /// The numbers of a list's requests.
    async fn numbers(&self, query: &str) -> Vec<String> {
        let (status, list) = self.get(query).await;
        assert_eq!((status, &list["status"]), (200, &json!(true)), "{list}");
        let rows = list["data"]["list"].as_array().unwrap();
        let number = |row: &Value| row["request_number"].as_str().unwrap().to_owned();
        rows.iter().map(number).collect()
    }
}

async fn ask(request: RequestBuilder) -> (u16, Value) {
    read(request.send().await.unwrap()).await
}
