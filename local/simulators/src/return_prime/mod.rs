//! Return Prime, a returns app of Shopify stores: its read calls and its hooks.
//!
//! | call | route |
//! |---|---|
//! | `listRequests` | `GET /return-prime/return-exchange/v2?page=&request_number=&created_at_min=&…` |
//! | `readRequest` | `GET /return-prime/return-exchange/v2/{id}` |
//! | (not a call) | `POST /return-prime/requests`: stores a request and pushes its hook; see [`hook`] |
//!
//! Every call needs the store's token in `x-rp-token`. The documents do not give a page's size, the answer to a wrong token or
//! that for an unknown id: those are assumptions.

mod answer;
mod book;
mod hook;
mod listing;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::future::BoxFuture;
use serde_json::Value;

use crate::Vendor;
use crate::calls::VendorRequest;
use crate::control::AdvanceRefusal;
use crate::desk::Desk;
use crate::journey::Advance;
use crate::push::Pusher;
use answer::Refusal;
use book::Book;

pub(super) const ALIAS: &str = "return-prime";

const LIST_REQUESTS: &str = "listRequests";
const READ_REQUEST: &str = "readRequest";

const CALLS: &[&str] = &[LIST_REQUESTS, READ_REQUEST];

/// The credentials that Return Prime requires.
#[derive(Default)]
pub struct ReturnPrimeConfig {
    /// Required in `x-rp-token`. Without one, no call is admitted.
    pub store_token: String,
}

/// The simulator.
pub(super) struct ReturnPrime {
    desk: Desk,
    config: ReturnPrimeConfig,
    book: Mutex<Book>,
}

type Operation = fn(&Book, &VendorRequest) -> Result<Value, Refusal>;

impl ReturnPrime {
    pub(super) fn new(config: ReturnPrimeConfig, pusher: Pusher) -> Self {
        Self {
            desk: Desk::new(CALLS, pusher),
            config,
            book: Mutex::default(),
        }
    }

    async fn serve(&self, call: &str, request: VendorRequest, operation: Operation) -> Response {
        let refuse = |message| Refusal::failed(message).into_response();
        let effect = || match self
            .admit(&request)
            .and_then(|()| operation(&self.book(), &request))
        {
            Ok(answer) => axum::Json(answer).into_response(),
            Err(refusal) => refusal.into_response(),
        };
        self.desk.serve(call, &request, refuse, effect).await
    }

    fn admit(&self, request: &VendorRequest) -> Result<(), Refusal> {
        let token = &self.config.store_token;
        if !token.is_empty() && request.header("x-rp-token") == Some(token) {
            Ok(())
        } else {
            Err(Refusal::Unauthorized)
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vendor for ReturnPrime {
    fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Return Prime has no shipments of its own: the carrier's aggregator pushes their states.
    fn advance<'a>(
        &'a self,
        awb: &'a str,
        _to: &'a str,
        _dialect: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Advance, AdvanceRefusal>> {
        Box::pin(async move { Err(AdvanceRefusal::UnknownAwb(awb.to_owned())) })
    }

    fn routes(self: Arc<Self>) -> Router {
        Router::new()
            .route("/return-prime/return-exchange/v2", get(list_requests))
            .route("/return-prime/return-exchange/v2/{id}", get(read_request))
            .route("/return-prime/requests", post(store_request))
            .with_state(self)
    }
}

async fn list_requests(State(prime): State<Arc<ReturnPrime>>, request: VendorRequest) -> Response {
    prime.serve(LIST_REQUESTS, request, listing::list).await
}

async fn read_request(State(prime): State<Arc<ReturnPrime>>, request: VendorRequest) -> Response {
    prime.serve(READ_REQUEST, request, listing::read).await
}

async fn store_request(State(prime): State<Arc<ReturnPrime>>, body: Bytes) -> Response {
    match hook::store_and_push(&prime, &body).await {
        Ok(stored) => stored.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}
