//! Serves a router on a free port, and calls it.

use std::time::Duration;

use axum::Router;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::net::TcpListener;

/// Time limit, so that a failing test does not hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Binds a free port; the address is known before anything is served.
pub(crate) async fn bind() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// Serves until the test's runtime ends.
pub(crate) fn serve(listener: TcpListener, router: Router) {
    tokio::spawn(async move { axum::serve(listener, router).await });
}

pub(crate) fn client() -> Client {
    simulators::http_client::client().unwrap()
}

/// The status and the JSON body.
pub(crate) async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}
