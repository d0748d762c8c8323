//! The Lambda runtime API (2018-06-01). All instances share one listener; each has its own path, which `lambda_runtime`
//! takes from `AWS_LAMBDA_RUNTIME_API`.
//!
//! A [`Session`] is the stack's side of one instance. It sends one invocation at a time and receives its answer. It does not
//! know whether the process is still running: the owner of the process checks that.

mod server;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use crate::http_server::HttpServer;

/// The running listener. It stops when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct RuntimeApi {
    inner: Arc<Listener>,
}

#[derive(Debug)]
struct Listener {
    desks: Desks,
    server: HttpServer,
}

/// The stack's side of one instance; dropping it closes the instance's path.
#[derive(Debug)]
pub struct Session {
    id: String,
    endpoint: String,
    desks: Desks,
    work: mpsc::Sender<Work>,
    state: watch::Receiver<InstanceState>,
}

/// One invocation, as sent to the instance.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Lambda's request id.
    pub request_id: String,
    /// When the instance will be killed, in epoch milliseconds.
    pub deadline_ms: i64,
    /// The ARN of the function.
    pub function_arn: String,
    /// The event.
    pub payload: Bytes,
}

/// An error that the function reported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error_type}: {message}")]
pub struct FunctionError {
    /// `errorType`.
    pub error_type: String,
    /// `errorMessage`.
    pub message: String,
}

/// The function's answer.
pub type Answer = Result<Bytes, FunctionError>;

#[derive(Debug, Clone)]
enum InstanceState {
    Starting,
    Ready,
    Failed(FunctionError),
}

#[derive(Debug)]
struct Work {
    invocation: Invocation,
    answer: oneshot::Sender<Answer>,
}

/// The server's side of one instance.
#[derive(Debug)]
struct Desk {
    work: tokio::sync::Mutex<mpsc::Receiver<Work>>,
    under_way: Mutex<Option<(String, oneshot::Sender<Answer>)>>,
    state: watch::Sender<InstanceState>,
}

type Desks = Arc<Mutex<HashMap<String, Arc<Desk>>>>;

impl RuntimeApi {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start() -> anyhow::Result<Self> {
        let desks = Desks::default();
        let server = HttpServer::on_free_port(server::router(Arc::clone(&desks))).await?;
        let inner = Listener { desks, server };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Opens a path for a new instance.
    pub fn open_session(&self) -> Session {
        let id = Uuid::now_v7().simple().to_string();
        let (work, receiver) = mpsc::channel(1);
        let (state, watcher) = watch::channel(InstanceState::Starting);
        let desk = Desk {
            work: tokio::sync::Mutex::new(receiver),
            under_way: Mutex::default(),
            state,
        };
        lock(&self.inner.desks).insert(id.clone(), Arc::new(desk));
        Session {
            endpoint: format!("{}/{id}", self.inner.server.url()),
            id,
            desks: Arc::clone(&self.inner.desks),
            work,
            state: watcher,
        }
    }
}

impl Session {
    /// The value of the instance's `AWS_LAMBDA_RUNTIME_API`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The instance's id: the last part of its log stream's name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Waits until the instance polls for its first invocation, or reports that it cannot start.
    pub async fn ready(&mut self) -> Result<(), FunctionError> {
        let state = self
            .state
            .wait_for(|state| !matches!(state, InstanceState::Starting))
            .await;
        match state.as_deref() {
            Ok(InstanceState::Failed(error)) => Err(error.clone()),
            Ok(InstanceState::Ready | InstanceState::Starting) => Ok(()),
            Err(_) => Err(closed()),
        }
    }

    /// Sends one invocation and waits for its answer without a time limit.
    pub async fn invoke(&self, invocation: Invocation) -> Answer {
        let (answer, answered) = oneshot::channel();
        let work = Work { invocation, answer };
        if self.work.send(work).await.is_err() {
            return Err(closed());
        }
        answered.await.unwrap_or_else(|_| Err(closed()))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        lock(&self.desks).remove(&self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> FunctionError {
    FunctionError {
        error_type: "Runtime.Closed".to_owned(),
        message: "the local stack is stopping".to_owned(),
    }
}
