//! Shipper's routes and their calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, get, on};
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::calls::VendorRequest;
use crate::shipper::envelope::Answer;
use crate::shipper::refusal::Refusal;
use crate::shipper::{Shipper, cancellation, creation, detail, labels, listing, pickup, pricing};

const PRICING: &str = "pricing";
const CREATE_ORDER: &str = "createOrder";
const GET_ORDER: &str = "getOrder";
const CANCEL: &str = "cancel";
const GET_LABEL: &str = "getLabel";
const REQUEST_PICKUP: &str = "requestPickup";
const LIST_LOGISTICS: &str = "listLogistics";

pub(super) const CALLS: &[&str] = &[
    PRICING,
    CREATE_ORDER,
    GET_ORDER,
    CANCEL,
    GET_LABEL,
    REQUEST_PICKUP,
    LIST_LOGISTICS,
];

const GET: MethodFilter = MethodFilter::GET;
const POST: MethodFilter = MethodFilter::POST;
const DELETE: MethodFilter = MethodFilter::DELETE;

type Routes = MethodRouter<Arc<Shipper>>;
type Operation = fn(&Shipper, &VendorRequest) -> Result<Answer, Refusal>;
/// An operation on what the last part of the path names.
type NamedOperation = fn(&Shipper, &str, &VendorRequest) -> Result<Answer, Refusal>;

/// As (path below `/shipper/v3`, its methods).
fn api() -> [(&'static str, Routes); 9] {
    let order = named(GET, GET_ORDER, detail::by_order_id).merge(named(
        DELETE,
        CANCEL,
        cancellation::cancel,
    ));
    let by_rate_type = named(POST, PRICING, pricing::domestic_by_rate_type);
    let by_external_id = named(GET, GET_ORDER, detail::by_external_id);
    [
        ("pricing/domestic", plain(POST, PRICING, pricing::domestic)),
        ("pricing/domestic/{rate_type}", by_rate_type),
        (
            "fulfillment/pricing/domestic",
            plain(POST, PRICING, pricing::fulfillment),
        ),
        ("order", plain(POST, CREATE_ORDER, creation::create)),
        ("order/{order_id}", order),
        ("order/external-id/{external_id}", by_external_id),
        ("order/label", plain(POST, GET_LABEL, labels::label)),
        (
            "pickup/timeslot",
            plain(POST, REQUEST_PICKUP, pickup::request),
        ),
        (
            "logistic",
            plain(GET, LIST_LOGISTICS, |_, _| Ok(listing::logistics())),
        ),
    ]
}

/// All routes, and the labels.
pub(crate) fn routes(shipper: Arc<Shipper>) -> Router {
    let labels = Router::new().route("/shipper/labels/{file_name}", get(label));
    api()
        .into_iter()
        .fold(labels, |router, (path, methods)| {
            router.route(&format!("/shipper/v3/{path}"), methods)
        })
        .with_state(shipper)
}

fn plain(method: MethodFilter, call: &'static str, operation: Operation) -> Routes {
    on(
        method,
        move |State(shipper): State<Arc<Shipper>>, request: VendorRequest| async move {
            let operation = || operation(&shipper, &request);
            shipper.serve(call, &request, operation).await
        },
    )
}

fn named(method: MethodFilter, call: &'static str, operation: NamedOperation) -> Routes {
    on(
        method,
        move |State(shipper): State<Arc<Shipper>>,
              Path(name): Path<String>,
              request: VendorRequest| async move {
            let operation = || operation(&shipper, &name, &request);
            shipper.serve(call, &request, operation).await
        },
    )
}

async fn label(State(shipper): State<Arc<Shipper>>, Path(file_name): Path<String>) -> Response {
    match shipper.label_pdf(&file_name) {
        Some(pdf) => ([(CONTENT_TYPE, "application/pdf")], pdf).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
