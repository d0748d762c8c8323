//! A client's system that accepts connections and never answers.

use std::collections::BTreeMap;

use logistics::config::LOCAL_TARGETS;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::notifications::world::World;

/// A silent system.
pub(crate) struct Silent {
    address: String,
    accepting: JoinHandle<()>,
}

impl Silent {
    pub(crate) async fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let accepting = tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Ok((connection, _)) = listener.accept().await {
                kept.push(connection);
            }
        });
        Self { address, accepting }
    }

    /// The variables of a stack whose functions may call it.
    pub(crate) fn targets(&self) -> BTreeMap<String, String> {
        [(LOCAL_TARGETS.to_owned(), self.address.clone())].into()
    }

    /// Makes an endpoint of the demo's client for it.
    pub(crate) async fn connect(&self, world: &World) {
        let url = format!("{}/webhook-endpoints/silent", world.stack.base_url());
        let body = json!({ "url": format!("http://{}/", self.address) });
        let put = world.http.put(url).bearer_auth(&world.demo().api_key);
        let made = put.json(&body).send().await.unwrap();
        assert_eq!(made.status(), 201);
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
