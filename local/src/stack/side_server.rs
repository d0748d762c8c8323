//! A listener of its own for the sink or the simulators: what they see of a request is what was sent.

use std::net::SocketAddr;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

#[derive(Debug)]
pub(super) struct SideServer {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl SideServer {
    pub(super) async fn start(router: Router) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let listener = listener.tap_io(|stream| {
            stream.set_nodelay(true).ok();
        });
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { address, server })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) async fn stop(mut self) {
        self.server.abort();
        (&mut self.server).await.ok();
    }
}

impl Drop for SideServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}
