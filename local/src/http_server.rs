//! A listener with a router that ends with its owner: it stops to accept, closes idle connections, and lets a request
//! that is under way come to its end.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a request that is under way may hold up the end.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A server that ends with this value.
#[derive(Debug)]
pub struct HttpServer {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl HttpServer {
    /// Serves on a free port of 127.0.0.1.
    pub async fn on_free_port(router: Router) -> anyhow::Result<Self> {
        Self::start(TcpListener::bind(("127.0.0.1", 0)).await?, router)
    }

    /// Serves on that listener.
    pub fn start(listener: TcpListener, router: Router) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let listener = listener.tap_io(|stream| {
            stream.set_nodelay(true).ok();
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(async {
            stopped.await.ok();
        });
        let server = tokio::spawn(async move {
            if let Err(error) = serving.await {
                eprintln!("the server on {address} ended: {error}");
            }
        });
        Ok(Self {
            address,
            stop: Some(stop),
            server,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as `http://<address>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it and waits for that, but not for ever.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        tokio::time::timeout(STOP_WITHIN, &mut self.server)
            .await
            .ok();
    }
}
