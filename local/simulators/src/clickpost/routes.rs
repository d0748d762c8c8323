//! The vendor's paths and their calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::calls::VendorRequest;
use crate::clickpost::answer::ok;
use crate::clickpost::parameters::Parameters;
use crate::clickpost::version::Version;
use crate::clickpost::{
    CANCEL, CREATE_ORDER, CREATE_RETURN, Clickpost, FETCH_ACCOUNTS, GET_LABEL, Operation,
    PREDICT_SLA, RECOMMEND, TRACK, lookup, prediction, recommendation,
};

/// The vendor's routes.
pub(crate) fn routes(clickpost: Arc<Clickpost>) -> Router {
    Router::new()
        .route(
            "/clickpost/api/v1/recommendation_api/",
            asked(RECOMMEND, |_, request| {
                recommendation::in_india(&request.body()).map(ok)
            }),
        )
        .route(
            "/clickpost/api/v2/recommendation/",
            asked(RECOMMEND, |_, request| {
                recommendation::abroad(&request.body()).map(ok)
            }),
        )
        .route(
            "/clickpost/api/v2/predicted_sla_api/",
            asked(PREDICT_SLA, |_, request| {
                prediction::predict(&request.body()).map(ok)
            }),
        )
        .route(
            "/clickpost/api/v3/create-order/",
            orders(Clickpost::create_in_india),
        )
        .route(
            "/clickpost/api/v4/create-order/",
            orders(Clickpost::create_abroad),
        )
        .route(
            "/clickpost/api/v1/cancel-order/",
            got(CANCEL, Clickpost::cancel),
        )
        .route(
            "/clickpost/api/v1/fetch/shippinglabel/",
            got(GET_LABEL, Clickpost::fetch_label),
        )
        .route("/clickpost/api/v1/fetch-accounts", accounts())
        .route("/clickpost/api/v1/fetch-accounts/", accounts())
        .route(
            "/clickpost/api/v2/track-order/",
            got(TRACK, Clickpost::track),
        )
        .route("/clickpost/labels/{file_name}", get(label))
        .route(
            "/clickpost/commercial-invoices/{file_name}",
            get(commercial_invoice),
        )
        .with_state(clickpost)
}

type Routes = MethodRouter<Arc<Clickpost>>;

fn got(call: &'static str, operation: Operation) -> Routes {
    get(
        move |State(clickpost): State<Arc<Clickpost>>, request: VendorRequest| async move {
            clickpost.serve(call, request, operation).await
        },
    )
}

fn asked(call: &'static str, operation: Operation) -> Routes {
    post(
        move |State(clickpost): State<Arc<Clickpost>>, request: VendorRequest| async move {
            clickpost.serve(call, request, operation).await
        },
    )
}

/// Creates and fetches orders. Forward orders and returns share the route.
fn orders(making: Operation) -> Routes {
    got(GET_LABEL, Clickpost::fetch).post(
        move |State(clickpost): State<Arc<Clickpost>>, request: VendorRequest| async move {
            let call = creating_call(&request.body());
            clickpost.serve(call, request, making).await
        },
    )
}

fn creating_call(body: &Value) -> &'static str {
    let delivery_type = body.pointer("/shipment_details/delivery_type");
    match delivery_type.and_then(Value::as_str) {
        Some("RVP") => CREATE_RETURN,
        Some(_) | None => CREATE_ORDER,
    }
}

fn accounts() -> Routes {
    got(FETCH_ACCOUNTS, |_, request| {
        lookup::accounts(&Parameters::of(request.uri()))
    })
}

async fn label(State(clickpost): State<Arc<Clickpost>>, Path(file_name): Path<String>) -> Response {
    let order = clickpost.order_of_file(&file_name);
    pdf(order
        .filter(|order| order.has_label)
        .map(|order| order.label().pdf()))
}

async fn commercial_invoice(
    State(clickpost): State<Arc<Clickpost>>,
    Path(file_name): Path<String>,
) -> Response {
    let order = clickpost.order_of_file(&file_name);
    pdf(order
        .filter(|order| order.request.version == Version::V4)
        .map(|order| order.commercial_invoice().pdf()))
}

fn pdf(document: Option<Vec<u8>>) -> Response {
    match document {
        Some(pdf) => ([(CONTENT_TYPE, "application/pdf")], pdf).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
