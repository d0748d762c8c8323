//! SQS (rustack), in memory, with a journal of its messages when there is a data directory.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use rustack_sqs_core::config::SqsConfig;
use rustack_sqs_core::handler::RustackSqsHandler;
use rustack_sqs_core::provider::RustackSqs;
use rustack_sqs_http::body::SqsResponseBody;
use rustack_sqs_http::dispatch::SqsHandler;
use rustack_sqs_http::service::{SqsHttpConfig, SqsHttpService};
use rustack_sqs_model::error::SqsError;
use rustack_sqs_model::operations::SqsOperation;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::backends::journal::Journal;
use crate::backends::{data, listen};
use crate::region::{ACCOUNT, REGION};

#[derive(Debug)]
pub(super) struct Sqs {
    port: u16,
    server: JoinHandle<()>,
}

impl Sqs {
    pub(super) async fn start(port: u16, data: Option<&Path>) -> anyhow::Result<Self> {
        let listener = listen(port).await?;
        let port = listener.local_addr()?.port();
        let provider = RustackSqs::new(SqsConfig {
            skip_signature_validation: true,
            default_region: REGION.to_owned(),
            account_id: ACCOUNT.to_owned(),
            host: "127.0.0.1".to_owned(),
            port,
        });
        let handler = JournalledSqs {
            inner: Arc::new(RustackSqsHandler::new(Arc::new(provider))),
            journal: data
                .map(|directory| Journal::open(&data::journal(directory)))
                .transpose()?
                .map(Arc::new),
        };
        let service = SqsHttpService::new(
            Arc::new(handler),
            SqsHttpConfig {
                skip_signature_validation: true,
                region: REGION.to_owned(),
                credential_provider: None,
            },
        );
        let server = tokio::spawn(serve(listener, service));
        Ok(Self { port, server })
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) async fn stop(mut self) {
        self.server.abort();
        (&mut self.server).await.ok();
    }
}

impl Drop for Sqs {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves until it is dropped, which also closes its connections.
async fn serve(listener: TcpListener, service: SqsHttpService<JournalledSqs>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                stream.set_nodelay(true).ok();
                let connection = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service.clone());
                connections.spawn(connection);
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// The queues, with a journal of the calls.
#[derive(Debug)]
struct JournalledSqs {
    inner: Arc<RustackSqsHandler>,
    journal: Option<Arc<Journal>>,
}

impl SqsHandler for JournalledSqs {
    fn handle_operation(
        &self,
        operation: SqsOperation,
        body: Bytes,
    ) -> Pin<Box<dyn Future<Output = Result<http::Response<SqsResponseBody>, SqsError>> + Send>>
    {
        let answer = self.inner.handle_operation(operation, body.clone());
        let (inner, journal) = (Arc::clone(&self.inner), self.journal.clone());
        Box::pin(async move {
            let response = answer.await?;
            match journal {
                Some(journal) => journal.keep(&inner, operation, &body, response).await,
                None => Ok(response),
            }
        })
    }
}
