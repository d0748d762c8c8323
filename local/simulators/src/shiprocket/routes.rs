//! The path of each call. The vendor's whole path follows the alias; only the host differs.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{self, MethodFilter, MethodRouter, get, post};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use crate::calls::VendorRequest;
use crate::shiprocket::answer::Answer;
use crate::shiprocket::calls::{
    ASSIGN_AWB, CANCEL, CREATE_EXCHANGE, CREATE_ORDER, CREATE_RETURN, GENERATE_LABEL, GET_LABEL,
    LOGIN, LOGOUT, PICKUP_LOCATIONS, RECOMMEND, TRACK, UNKNOWN,
};
use crate::shiprocket::operations::Operation;
use crate::shiprocket::refusal::Refusal;
use crate::shiprocket::{Shiprocket, pickup_locations};

const BASE: &str = "/shiprocket/v1/external";

/// Path below the base, the call's name, and its operation.
type Route = (&'static str, &'static str, Operation);

const POSTED: &[Route] = &[
    ("/auth/login", LOGIN, Shiprocket::login),
    ("/auth/login/", LOGIN, Shiprocket::login),
    ("/auth/logout", LOGOUT, Shiprocket::logout),
    (
        "/orders/create/adhoc",
        CREATE_ORDER,
        Shiprocket::create_order,
    ),
    (
        "/orders/create/return",
        CREATE_RETURN,
        Shiprocket::create_return,
    ),
    (
        "/orders/create/exchange",
        CREATE_EXCHANGE,
        Shiprocket::create_exchange,
    ),
    ("/courier/assign/awb", ASSIGN_AWB, Shiprocket::assign_awb),
    (
        "/courier/generate/label",
        GENERATE_LABEL,
        Shiprocket::generate_label,
    ),
    ("/orders/cancel", CANCEL, Shiprocket::cancel_orders),
    (
        "/orders/cancel/shipment/awbs",
        CANCEL,
        Shiprocket::cancel_shipments,
    ),
    (
        "/international/orders/create/adhoc",
        CREATE_ORDER,
        Shiprocket::create_order_abroad,
    ),
    (
        "/international/courier/assign/awb",
        ASSIGN_AWB,
        Shiprocket::assign_awb_abroad,
    ),
];

const READ: &[Route] = &[
    ("/courier/serviceability", RECOMMEND, Shiprocket::recommend),
    ("/courier/serviceability/", RECOMMEND, Shiprocket::recommend),
    (
        "/international/courier/serviceability",
        RECOMMEND,
        Shiprocket::recommend_abroad,
    ),
    ("/orders", GET_LABEL, Shiprocket::orders),
    ("/orders/processing/return", GET_LABEL, Shiprocket::returns),
    ("/orders/show/{id}", GET_LABEL, Shiprocket::order),
    ("/shipments/{id}", GET_LABEL, Shiprocket::shipment),
    ("/courier/track", TRACK, Shiprocket::track_order),
    ("/courier/track/awb/{awb}", TRACK, Shiprocket::track_awb),
    (
        "/courier/track/shipment/{id}",
        TRACK,
        Shiprocket::track_shipment,
    ),
    ("/settings/company/pickup", PICKUP_LOCATIONS, |_, _| {
        Answer::Body(pickup_locations::listed())
    }),
];

/// The aggregator's routes.
pub(crate) fn routes(shiprocket: Arc<Shiprocket>) -> Router {
    let posted = POSTED.iter().map(|route| (MethodFilter::POST, route));
    let read = READ.iter().map(|route| (MethodFilter::GET, route));
    let mut router = Router::new();
    for (method, (path, call, operation)) in posted.chain(read) {
        router = router.route(&format!("{BASE}{path}"), on(method, call, *operation));
    }
    router
        .route(&format!("{BASE}/{{*path}}"), routing::any(unknown_path))
        .route("/shiprocket/expire-tokens", post(expire_tokens))
        .route("/shiprocket/labels/{file_name}", get(label))
        .with_state(shiprocket)
}

fn on(
    method: MethodFilter,
    call: &'static str,
    operation: Operation,
) -> MethodRouter<Arc<Shiprocket>> {
    let handler = async move |State(shiprocket): State<Arc<Shiprocket>>, request: VendorRequest| {
        shiprocket.serve(call, request, operation).await
    };
    routing::on(method, handler)
}

async fn unknown_path(
    State(shiprocket): State<Arc<Shiprocket>>,
    request: VendorRequest,
) -> Response {
    let unknown = |_: &_, _: &_| Answer::Refused(Refusal::UnknownPath);
    shiprocket.serve(UNKNOWN, request, unknown).await
}

async fn expire_tokens(State(shiprocket): State<Arc<Shiprocket>>) -> Response {
    Json(json!({ "expired": shiprocket.sessions.expire_all() })).into_response()
}

async fn label(
    State(shiprocket): State<Arc<Shiprocket>>,
    Path(file_name): Path<String>,
) -> Response {
    match shiprocket.label_pdf(&file_name) {
        Some(pdf) => ([(CONTENT_TYPE, "application/pdf")], pdf).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
