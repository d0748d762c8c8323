//! An HTTP server that stops when it is dropped: it stops accepting, closes idle connections, and lets running requests
//! finish.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long a running request may delay the stop.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A server; dropping it stops it.
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
                eprintln!("the server on {address} stopped: {error}");
            }
        });
        Ok(Self {
            address,
            stop: Some(stop),
            server,
        })
    }

    /// The listening address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as `http://<address>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops the server and waits for up to 2 s.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        tokio::time::timeout(STOP_WITHIN, &mut self.server)
            .await
            .ok();
    }
}
