//! Successful responses.

use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LOCATION,
    RETRY_AFTER,
};
use lambda_http::http::{HeaderMap, StatusCode};
use lambda_http::{Body, Response};
use serde::Serialize;
use url::Url;

use crate::contract::booking::{
    CancellationBody, CancellationStatus, OrderBody, PendingBody, PendingStatus,
};
use crate::contract::exchange::PendingExchangeBody;
use crate::contract::return_order::shown::{PendingReturnBody, ReturnCancellationBody};
use crate::domain::booking::Cancellation;
use crate::domain::returning::code::ReturnOrderCode;
use crate::domain::text::OrderNumber;
use crate::domain::version::Version;
use crate::edge::precondition::etag;
use crate::flows::booking::cancel_booking::Cancelled;
use crate::flows::booking::create_order::Created;
use crate::flows::returning::cancel_return::CancelledReturn;
use crate::flows::returning::create_return::Placed;

/// The `Retry-After` of a queued order.
const PENDING_SECONDS: u64 = 10;

/// A JSON response with a status.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let mut response = Response::new(Body::from(serde_json::to_string(body).unwrap_or_default()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A marker on a response.
#[derive(Debug, Clone, Copy)]
struct HasItsLines;

/// Marks the response to a request that already has log lines, one per item: no further line is logged.
#[must_use]
pub fn with_its_lines(mut response: Response<Body>) -> Response<Body> {
    response.extensions_mut().insert(HasItsLines);
    response
}

/// Whether the request already has log lines.
pub(super) fn has_its_lines(response: &Response<Body>) -> bool {
    response.extensions().get::<HasItsLines>().is_some()
}

/// A configured object with its version. It must not be cached: it would be stale, or expose a secret.
pub fn configured(status: StatusCode, body: &impl Serialize, version: &Version) -> Response<Body> {
    let mut response = json(status, body);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(etag) = etag(version) {
        headers.insert(ETAG, etag);
    }
    response
}

/// A JSON response that must not be cached.
pub fn unkept(body: &impl Serialize) -> Response<Body> {
    unkept_as(StatusCode::OK, body)
}

/// The same with a status.
pub fn unkept_as(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let mut response = json(status, body);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// An empty response.
pub fn no_content() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// A booking; `replayed` if it is a repeated response.
pub fn booking(body: &impl Serialize, replayed: bool) -> Response<Body> {
    once(body, replayed)
}

/// A stored response in JSON; `replayed` if an earlier request did what it says.
pub fn stored(status: StatusCode, body: String, replayed: bool) -> Response<Body> {
    let mut response = json(status, &());
    *response.body_mut() = Body::from(body);
    if replayed {
        mark_replayed(&mut response);
    }
    response
}

/// The response to an operation that happens only once; `replayed` if an earlier request did it.
pub fn once(body: &impl Serialize, replayed: bool) -> Response<Body> {
    let mut response = json(StatusCode::OK, body);
    if replayed {
        mark_replayed(&mut response);
    }
    response
}

/// Objects that are stored and on their way; `replayed` if an earlier request accepted them.
pub fn accepted(body: &impl Serialize, replayed: bool) -> Response<Body> {
    let mut response = json(StatusCode::ACCEPTED, body);
    if replayed {
        mark_replayed(&mut response);
    }
    response
}

/// The result of a cancellation.
pub fn cancellation(cancelled: &Cancelled) -> Response<Body> {
    let (status, word) = cancelled_as(cancelled.outcome);
    let body = CancellationBody {
        order_number: cancelled.order_number.as_str(),
        status: word,
    };
    let mut response = json(status, &body);
    if cancelled.replayed {
        mark_replayed(&mut response);
    }
    response
}

fn cancelled_as(outcome: Cancellation) -> (StatusCode, CancellationStatus) {
    match outcome {
        Cancellation::Done => (StatusCode::OK, CancellationStatus::Cancelled),
        Cancellation::Requested => (
            StatusCode::ACCEPTED,
            CancellationStatus::CancellationRequested,
        ),
    }
}

/// An order that exists at the aggregator.
pub fn order(order_number: &OrderNumber, created: &Created) -> Response<Body> {
    let body = OrderBody {
        order_id: created.order_id.as_str(),
        order_number: order_number.as_str(),
        left_orders: &created.left_orders,
    };
    if created.replayed {
        booking(&body, true)
    } else {
        json(StatusCode::CREATED, &body)
    }
}

fn mark_replayed(response: &mut Response<Body>) {
    let name = HeaderName::from_static("idempotent-replayed");
    response
        .headers_mut()
        .insert(name, HeaderValue::from_static("true"));
}

/// An order that the aggregator queued; `path` is the location of its result.
pub fn pending(path: &str, order_number: &OrderNumber, left_orders: &[String]) -> Response<Body> {
    let body = PendingBody {
        order_number: order_number.as_str(),
        status: PendingStatus::Pending,
        left_orders,
    };
    let mut response = json(StatusCode::ACCEPTED, &body);
    await_result(&mut response, (path, "orderNumber", order_number.as_str()));
    response
}

/// Says when and where the result of a queued order is: a path with one parameter.
fn await_result(response: &mut Response<Body>, (path, parameter, value): (&str, &str, &str)) {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(parameter, value)
        .finish();
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(PENDING_SECONDS));
    if let Ok(location) = HeaderValue::from_str(&format!("{path}?{query}")) {
        headers.insert(LOCATION, location);
    }
}

/// The response to a request for a return order.
pub fn placed_return(code: &ReturnOrderCode, placed: Placed) -> Response<Body> {
    match placed {
        Placed::Created => Response::new(Body::Empty),
        Placed::Replayed => {
            let mut response = Response::new(Body::Empty);
            mark_replayed(&mut response);
            response
        }
        Placed::Pending => {
            let body = PendingReturnBody {
                return_order_code: code.as_str(),
                status: PendingStatus::Pending,
            };
            let mut response = json(StatusCode::ACCEPTED, &body);
            let result = ("/return-orders", "returnOrderCode", code.as_str());
            await_result(&mut response, result);
            response
        }
    }
}

/// The result of the cancellation of a return order.
pub fn cancelled_return(code: &ReturnOrderCode, cancelled: CancelledReturn) -> Response<Body> {
    let (status, word) = cancelled_as(cancelled.outcome);
    let body = ReturnCancellationBody {
        return_order_code: code.as_str(),
        status: word,
    };
    let mut response = json(status, &body);
    if cancelled.replayed {
        mark_replayed(&mut response);
    }
    response
}

/// An exchange of which the aggregator queued at least one shipment: a repeat of the request has the result.
pub fn pending_exchange(exchange: &OrderNumber, returned: &OrderNumber) -> Response<Body> {
    let body = PendingExchangeBody {
        exchange_order_number: exchange.as_str(),
        return_order_code: returned.as_str(),
        status: PendingStatus::Pending,
    };
    let mut response = json(StatusCode::ACCEPTED, &body);
    let headers = response.headers_mut();
    headers.insert(RETRY_AFTER, HeaderValue::from(PENDING_SECONDS));
    response
}

/// A label as a PDF document.
pub fn pdf(bytes: Vec<u8>) -> Response<Body> {
    document(bytes, "inline; filename=\"label.pdf\"")
}

/// A PDF document with this disposition.
pub fn document(bytes: Vec<u8>, disposition: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
    response
        .headers_mut()
        .insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}

/// Redirects the caller to another URL.
pub fn see_other(url: &Url) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(url.as_str()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}
