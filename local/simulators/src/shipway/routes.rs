//! Shipway's routes: the operation, the faults and the refusal of each.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::calls::VendorRequest;
use crate::shipway::envelope::{self, Envelope};
use crate::shipway::refusal::Refusal;
use crate::shipway::{
    ALIAS, Shipway, carriers, listing, order_changes, pushing, return_reasons, tracking, warehouses,
};

const RECOMMEND: &str = "recommend";
const CREATE_ORDER: &str = "createOrder";
const GET_LABEL: &str = "getLabel";
const CREATE_RETURN: &str = "createReturn";
const CANCEL: &str = "cancel";
const TRACK: &str = "track";
/// The call name of a route that cannot have a fault.
const SAFE: &str = "";

pub(super) const CALLS: &[&str] = &[
    RECOMMEND,
    CREATE_ORDER,
    GET_LABEL,
    CREATE_RETURN,
    CANCEL,
    TRACK,
];

type Operation = fn(&Shipway, &VendorRequest) -> Result<Value, Refusal>;

/// One of Shipway's routes.
pub(super) struct Route {
    /// The documented name; served with and without a trailing slash.
    name: &'static str,
    method: fn(&'static Route) -> MethodRouter<Arc<Shipway>>,
    /// The call name for faults.
    pub(super) call: &'static str,
    pub(super) operation: Operation,
    pub(super) envelope: Envelope,
}

static ROUTES: [Route; 13] = [
    Route {
        name: "v2orders",
        method: posted,
        call: CREATE_ORDER,
        operation: pushing::order,
        envelope: envelope::not_true,
    },
    Route {
        name: "getorders",
        method: asked,
        call: GET_LABEL,
        operation: listing::find,
        envelope: envelope::zero,
    },
    Route {
        name: "Cancelorders",
        method: posted,
        call: CANCEL,
        operation: order_changes::cancel_orders,
        envelope: envelope::each_order,
    },
    Route {
        name: "Cancel",
        method: posted,
        call: CANCEL,
        operation: order_changes::cancel_shipments,
        envelope: envelope::no_cancellation,
    },
    Route {
        name: "getcarrier",
        method: asked,
        call: RECOMMEND,
        operation: carriers::all,
        envelope: envelope::zero,
    },
    Route {
        name: "pincodeserviceable",
        method: asked,
        call: RECOMMEND,
        operation: carriers::serviceable,
        envelope: envelope::zero,
    },
    Route {
        name: "getshipwaycarrierrates",
        method: asked,
        call: RECOMMEND,
        operation: carriers::rates,
        envelope: envelope::zero,
    },
    Route {
        name: "getwarehouses",
        method: asked,
        call: SAFE,
        operation: warehouses::find,
        envelope: envelope::zero,
    },
    Route {
        name: "Createreturns",
        method: posted,
        call: CREATE_RETURN,
        operation: pushing::returned,
        envelope: envelope::zero_text,
    },
    Route {
        name: "Getreturnreasons",
        method: asked,
        call: SAFE,
        operation: return_reasons::all,
        envelope: envelope::zero,
    },
    Route {
        name: "tracking",
        method: asked,
        call: TRACK,
        operation: tracking::track,
        envelope: envelope::each_awb,
    },
    Route {
        name: "Createmanifest",
        method: posted,
        call: SAFE,
        operation: order_changes::manifest,
        envelope: envelope::no_manifest,
    },
    Route {
        name: "Onholdorders",
        method: posted,
        call: SAFE,
        operation: order_changes::hold_orders,
        envelope: envelope::each_order,
    },
];

/// All routes, and the labels.
pub(crate) fn routes(shipway: Arc<Shipway>) -> Router {
    let label = Router::new().route("/shipway/labels/{file_name}", get(label));
    ROUTES
        .iter()
        .fold(label, |router, route| {
            let path = format!("/{ALIAS}/api/{}", route.name);
            router
                .route(&format!("{path}/"), (route.method)(route))
                .route(&path, (route.method)(route))
        })
        .with_state(shipway)
}

fn asked(route: &'static Route) -> MethodRouter<Arc<Shipway>> {
    get(move |State(shipway), request| served(shipway, route, request))
}

fn posted(route: &'static Route) -> MethodRouter<Arc<Shipway>> {
    post(move |State(shipway), request| served(shipway, route, request))
}

async fn served(shipway: Arc<Shipway>, route: &'static Route, request: VendorRequest) -> Response {
    shipway.serve(route, request).await
}

async fn label(State(shipway): State<Arc<Shipway>>, Path(file_name): Path<String>) -> Response {
    match shipway.label_pdf(&file_name) {
        Some(pdf) => ([(CONTENT_TYPE, "application/pdf")], pdf).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
