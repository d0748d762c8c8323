//! Describes every route, in OpenAPI 3.1. The functions answer; what stands here is what the world reads.
//!
//! Bodies are described by the contract's own types. `openapi.json` is made from this file, and a test holds the two
//! together.

mod configuration;
mod messages;

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoParams, IntoResponses, Modify, OpenApi};

use crate::contract::booking::{
    CancellationBody, LabelBody, OrderBody, PendingBody, ReturnAwbBody,
};
use crate::contract::courier::{CouriersBody, RouteBody};
use crate::contract::listed::ListBody;
use crate::contract::messages::invoice::InvoiceNotificationBody;
use crate::contract::messages::notification::NotificationBody;
use crate::contract::problem::ProblemBody;
use crate::contract::push::{PushAnswerBody, PushBody};
use crate::contract::recovery::{RecoveredBody, RecoveryBody};
use crate::contract::settlement::{ReleasedBody, SettlementBody};
use crate::contract::shipment::body::ShipmentBody;
use crate::contract::stored::StoredBody;
use crate::contract::tracked::TrackedBody;
use crate::domain::notification::NotificationType;
use crate::domain::shipment::ShipmentType;

/// The routes and their methods, for the answer 405.
const ROUTES: [(&str, &str); 25] = [
    ("/courier-recommendations", "POST"),
    ("/orders", "POST"),
    ("/shipping-labels", "DELETE, GET, POST"),
    ("/shipping-labels/settle", "POST"),
    ("/return-awbs", "DELETE, GET, POST"),
    ("/rms-magic/notification/push", "POST"),
    ("/notifications/{token}", "GET, POST"),
    ("/notifications", "GET"),
    ("/shipments/{orderNumber}", "GET"),
    ("/webhook-endpoints/{id}/recover", "POST"),
    ("/invoices", "POST"),
    ("/messages", "GET"),
    ("/messages/{messageId}", "GET"),
    ("/logistic-accounts", "GET"),
    ("/logistic-accounts/{alias}", "DELETE, GET, PUT"),
    ("/logistic-accounts/{alias}/check", "POST"),
    ("/webhook-endpoints", "GET"),
    ("/webhook-endpoints/{id}", "DELETE, GET, PUT"),
    ("/webhook-endpoints/{id}/rotate-secret", "POST"),
    ("/webhook-endpoints/{id}/test", "POST"),
    ("/webhook-endpoints/{id}/resume", "POST"),
    ("/api-keys", "GET, POST"),
    ("/api-keys/{id}", "DELETE"),
    ("/audit", "GET"),
    ("/openapi.json", "GET"),
];

/// The methods of a path, if there is such a path.
pub fn methods(path: &str) -> Option<&'static str> {
    ROUTES
        .iter()
        .find(|(route, _)| matches(route, path))
        .map(|(_, methods)| *methods)
}

/// Whether a path is of a route, whose `{…}` stands for any one segment.
fn matches(route: &str, path: &str) -> bool {
    let is_same = |(route, path): (&str, &str)| route == path || route.starts_with('{');
    route.split('/').count() == path.split('/').count()
        && route.split('/').zip(path.split('/')).all(is_same)
}

/// The description.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "RMS Logistics",
        description = "One API for courier recommendations, shipping labels and return AWBs in front of logistic \
                       aggregators; their notifications are forwarded to the client, signed, in order and retried."
    ),
    paths(
        recommend_couriers, create_order, generate_label, get_label, cancel_label, settle_label, generate_return_awb,
        get_return_awb, cancel_return_awb, push, native_push, list_notifications,
        get_notification, get_shipment, recover_endpoint, messages::send_invoice,
        messages::list_messages, messages::get_message, configuration::put_account, configuration::get_account,
        configuration::list_accounts, configuration::delete_account, configuration::check_account,
        configuration::put_endpoint,
        configuration::get_endpoint, configuration::list_endpoints, configuration::delete_endpoint,
        configuration::rotate_secret, configuration::test_endpoint, configuration::resume_endpoint,
        configuration::mint_key, configuration::list_keys, configuration::revoke_key, configuration::list_changes, description
    ),
    components(schemas(NotificationBody, InvoiceNotificationBody, NotificationType)),
    modifiers(&Schemes),
    tags(
        (name = "forward", description = "Couriers and labels"),
        (name = "return", description = "Return AWBs"),
        (name = "notifications", description = "What aggregators push, and what became of it"),
        (name = "messages", description = "What RMS sends to a client's systems, and what became of it"),
        (name = "configuration", description = "Accounts, endpoints and keys of a client, and who changed them"),
        (name = "description", description = "This document"),
    )
)]
pub struct Description;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        let header = |name: &str| SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(name)));
        let http = |scheme| SecurityScheme::Http(HttpBuilder::new().scheme(scheme).build());
        components.add_security_scheme("bearer", http(HttpAuthScheme::Bearer));
        components.add_security_scheme("apiKey", header("x-api-key"));
        components.add_security_scheme("pushUsername", header("authUsername"));
        components.add_security_scheme("pushPassword", header("authPassword"));
        components.add_security_scheme("pushBasic", http(HttpAuthScheme::Basic));
    }
}

/// Which booking is wanted: `orderId` or `orderNumber`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query; edge::wanted reads it")]
struct WantedParameters {
    /// The aggregator's id of the order.
    #[param(rename = "orderId")]
    order_id: Option<String>,
    /// The client's id of the order.
    #[param(rename = "orderNumber")]
    order_number: Option<String>,
    /// With `orderNumber`: one of several parcels of the order.
    #[param(rename = "shipmentCode")]
    shipment_code: Option<String>,
    /// With `orderId`: the account, where several have such an order.
    #[param(rename = "logisticAccountAlias")]
    logistic_account_alias: Option<String>,
}

/// What any call by key can be answered.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; edge::problem makes them")]
enum KeyProblems {
    #[response(
        status = 401,
        description = "The key is missing or unknown",
        content_type = "application/problem+json"
    )]
    Unauthenticated(ProblemBody),
    #[response(
        status = 403,
        description = "The key lacks the scope",
        content_type = "application/problem+json"
    )]
    Forbidden(ProblemBody),
    #[response(
        status = 429,
        description = "The client calls too often; repeat after Retry-After",
        content_type = "application/problem+json"
    )]
    Throttled(ProblemBody),
    #[response(
        status = 500,
        description = "Something is wrong with us",
        content_type = "application/problem+json"
    )]
    Internal(ProblemBody),
    #[response(
        status = 503,
        description = "Our state is out of reach, or the aggregator is unavailable; repeat later",
        content_type = "application/problem+json"
    )]
    Unavailable(ProblemBody),
}

/// What any call with a body can be answered.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; edge::problem makes them")]
enum BodyProblems {
    #[response(
        status = 400,
        description = "The body is not JSON",
        content_type = "application/problem+json"
    )]
    MalformedJson(ProblemBody),
    #[response(
        status = 413,
        description = "The body is too large",
        content_type = "application/problem+json"
    )]
    BodyTooLarge(ProblemBody),
    #[response(
        status = 415,
        description = "The body is not sent as JSON",
        content_type = "application/problem+json"
    )]
    UnsupportedMediaType(ProblemBody),
    #[response(
        status = 422,
        description = "The request is invalid, or refused by the aggregator",
        content_type = "application/problem+json"
    )]
    InvalidRequest(ProblemBody),
}

/// What a call that buys can be answered besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; edge::problem makes them")]
enum PurchaseProblems {
    #[response(
        status = 409,
        description = "Another request is working on this order",
        content_type = "application/problem+json"
    )]
    InProgress(ProblemBody),
    #[response(
        status = 502,
        description = "The aggregator refused the account's credentials",
        content_type = "application/problem+json"
    )]
    AggregatorCredentials(ProblemBody),
    #[response(
        status = 504,
        description = "A label may exist; repeat the same request",
        content_type = "application/problem+json"
    )]
    OutcomeUnknown(ProblemBody),
}

/// What a call that reads a booking can be answered besides.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers; edge::problem makes them")]
enum ReadProblems {
    #[response(
        status = 400,
        description = "A parameter is wrong",
        content_type = "application/problem+json"
    )]
    InvalidParameter(ProblemBody),
    #[response(
        status = 404,
        description = "There is no such order",
        content_type = "application/problem+json"
    )]
    NotFound(ProblemBody),
    #[response(
        status = 409,
        description = "Another request is working on this order",
        content_type = "application/problem+json"
    )]
    InProgress(ProblemBody),
    #[response(
        status = 422,
        description = "Several accounts have such an order",
        content_type = "application/problem+json"
    )]
    InvalidRequest(ProblemBody),
    #[response(
        status = 502,
        description = "The aggregator's answer cannot be read",
        content_type = "application/problem+json"
    )]
    AggregatorUnreadable(ProblemBody),
    #[response(
        status = 504,
        description = "It is unknown whether a label exists",
        content_type = "application/problem+json"
    )]
    OutcomeUnknown(ProblemBody),
}

/// The couriers that serve a route, best first.
#[utoipa::path(
    post, path = "/courier-recommendations", tag = "forward",
    request_body = RouteBody,
    responses(
        (status = 200, description = "The couriers", body = CouriersBody),
        (status = 502, description = "The aggregator refused the credentials, or its answer cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn recommend_couriers() {}

/// Makes an order at an aggregator that keeps orders without an AWB, once; a label for the same order goes on from it.
#[utoipa::path(
    post, path = "/orders", tag = "forward",
    request_body = ShipmentBody,
    responses(
        (status = 201, description = "The order exists", body = OrderBody),
        (status = 200, description = "It existed before", body = OrderBody),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn create_order() {}

/// Buys a label, once: a repeat of the same request answers the same, with `idempotent-replayed: true`.
#[utoipa::path(
    post, path = "/shipping-labels", tag = "forward",
    request_body = ShipmentBody,
    responses(
        (status = 200, description = "The label", body = LabelBody),
        (status = 202, description = "The aggregator queued the order; the GET resolves it", body = PendingBody),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn generate_label() {}

/// Reads a label back; with `Accept: application/pdf` the document itself.
#[utoipa::path(
    get, path = "/shipping-labels", tag = "forward",
    params(WantedParameters),
    responses(
        (status = 200, description = "The label", content((LabelBody = "application/json"), (Vec<u8> = "application/pdf"))),
        (status = 202, description = "The aggregator has not made it yet", body = PendingBody),
        (status = 303, description = "The document is larger than 4 MB: it is at the Location"),
        KeyProblems,
        ReadProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn get_label() {}

/// Cancels a label, or an order without one, at the aggregator; the order number may then be used again.
#[utoipa::path(
    delete, path = "/shipping-labels", tag = "forward",
    params(WantedParameters),
    responses(
        (status = 200, description = "It is cancelled", body = CancellationBody),
        (status = 202, description = "The aggregator will do it; repeat to learn of it", body = CancellationBody),
        KeyProblems,
        ReadProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn cancel_label() {}

/// Settles an order whose outcome is unknown, by what an operator found at the aggregator.
#[utoipa::path(
    post, path = "/shipping-labels/settle", tag = "forward",
    request_body = SettlementBody,
    responses(
        (status = 200, description = "The label, or that the order number is free again", content((LabelBody = "application/json"), (ReleasedBody = "application/json"))),
        (status = 404, description = "There is no such order", body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Another request is working on this order", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn settle_label() {}

/// Buys a return AWB, once; `shipmentType` is RETURN and `returnReason` is mandatory.
#[utoipa::path(
    post, path = "/return-awbs", tag = "return",
    request_body = ShipmentBody,
    responses(
        (status = 200, description = "The return AWB", body = ReturnAwbBody),
        (status = 202, description = "The aggregator queued the order; the GET resolves it", body = PendingBody),
        KeyProblems,
        BodyProblems,
        PurchaseProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn generate_return_awb() {}

/// Reads a return AWB back.
#[utoipa::path(
    get, path = "/return-awbs", tag = "return",
    params(WantedParameters),
    responses(
        (status = 200, description = "The return AWB", body = ReturnAwbBody),
        (status = 202, description = "The aggregator has not made it yet", body = PendingBody),
        KeyProblems,
        ReadProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn get_return_awb() {}

/// Cancels a return at the aggregator; the order number may then be used again.
#[utoipa::path(
    delete, path = "/return-awbs", tag = "return",
    params(WantedParameters),
    responses(
        (status = 200, description = "It is cancelled", body = CancellationBody),
        (status = 202, description = "The aggregator will do it; repeat to learn of it", body = CancellationBody),
        KeyProblems,
        ReadProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn cancel_return_awb() {}

/// Takes the push of an aggregator in its own dialect. The token in the path is the account's, and a key header is checked
/// where the aggregator sends one.
#[utoipa::path(
    post, path = "/notifications/{token}", tag = "notifications",
    params(("token" = String, Path, description = "The token of the account's push URL")),
    request_body(content = serde_json::Value, description = "What the aggregator sends", content_type = "application/json"),
    responses(
        (status = 200, description = "What became of each event", body = PushAnswerBody),
        (status = 400, description = "The body is not JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "The token, a key or a hash is wrong", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 256 KiB", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The push cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The push could not be made durable; push it again", body = ProblemBody, content_type = "application/problem+json"),
    ),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn native_push() {}

/// Which notifications are wanted: exactly one of `orderNumber`, `awb`, `endpointId` with `status`, and
/// `status=unmapped`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query; the function reads it")]
struct ListParameters {
    /// Those of this order, forward and return, every parcel, in the order of their arrival.
    #[param(rename = "orderNumber", example = "asdf1234")]
    order_number: Option<String>,
    /// Those of the shipment that was booked under this AWB, in the order of their arrival.
    awb: Option<String>,
    /// Those that this endpoint does not take, the newest failure first; with `status`.
    #[param(rename = "endpointId")]
    endpoint_id: Option<String>,
    /// With `endpointId` `failed`: deliveries that were given up; `pending`: deliveries that failed at least once and are
    /// tried again; or `parked`: deliveries that wait until the suspended endpoint takes something again, lane by lane,
    /// the oldest of a lane first. Alone `unmapped`: notifications for whose code RMS has no word.
    #[param(example = "failed")]
    status: Option<String>,
    /// With `status=unmapped`: only those of this aggregator, by its name.
    #[param(example = "CLICKPOST")]
    aggregator: Option<String>,
    /// Only those that came (`parked` ones too), failed, or, if they are `pending`, were first attempted at this moment or
    /// later (RFC 3339).
    since: Option<String>,
    /// Only those before this moment (RFC 3339).
    until: Option<String>,
    /// With `endpointId` or `status=unmapped`: the `cursor` of the page before.
    cursor: Option<String>,
}

/// Lists notifications: of an order, of an AWB, those that an endpoint does not take, or those without a word of RMS.
#[utoipa::path(
    get, path = "/notifications", tag = "notifications",
    params(ListParameters),
    responses(
        (status = 200, description = "A page of them", body = ListBody),
        (status = 400, description = "A parameter is wrong, or it is not one question", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn list_notifications() {}

/// One notification: as it came, as it was translated, and its deliveries with their attempts.
#[utoipa::path(
    get, path = "/notifications/{token}", tag = "notifications",
    params(("token" = String, Path, description = "The `notificationId`")),
    responses(
        (status = 200, description = "The notification", body = StoredBody),
        (status = 404, description = "There is no such notification", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn get_notification() {}

/// Which shipment of the order is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query; the function reads it")]
struct ShipmentParameters {
    /// FORWARD when absent.
    #[param(rename = "shipmentType")]
    shipment_type: Option<ShipmentType>,
    /// One of several parcels of the order.
    #[param(rename = "shipmentCode")]
    shipment_code: Option<String>,
}

/// Where a shipment is, and its time line: every event with what it did, in the order in which they happened.
#[utoipa::path(
    get, path = "/shipments/{orderNumber}", tag = "notifications",
    params(
        ("orderNumber" = String, Path, description = "The client's id of the order"),
        ShipmentParameters,
    ),
    responses(
        (status = 200, description = "The shipment", body = TrackedBody),
        (status = 400, description = "A parameter is wrong", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Nothing is known of such a shipment", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn get_shipment() {}

/// Has failed deliveries of an endpoint attempted again, under their old `webhook-id` and with `webhook-replayed: true`.
#[utoipa::path(
    post, path = "/webhook-endpoints/{id}/recover", tag = "notifications",
    params(("id" = String, Path, description = "The endpoint")),
    request_body = RecoveryBody,
    responses(
        (status = 200, description = "How many were meant, and how many wait for attempts now", body = RecoveredBody),
        (status = 404, description = "There is no such endpoint", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn recover_endpoint() {}

/// Takes the push of a RMS Magic aggregator in. A 200 means that it is stored and on its way.
#[utoipa::path(
    post, path = "/rms-magic/notification/push", tag = "notifications",
    request_body = PushBody,
    responses(
        (status = 200, description = "What became of each event", body = PushAnswerBody),
        (status = 400, description = "The body is not JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "The push credential is missing or unknown", body = ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 256 KiB", body = ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as JSON", body = ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The push cannot be read", body = ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "The push could not be made durable; push it again", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("pushUsername" = [], "pushPassword" = []), ("pushBasic" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn push() {}

/// This document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "description",
    responses(
        (status = 200, description = "OpenAPI 3.1"),
    ),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn description() {}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi.json");

    /// `UPDATE_DOCS=1 cargo test` writes the file anew.
    #[test]
    fn the_committed_description_is_the_present_one() {
        let present = Description::openapi().to_pretty_json().unwrap() + "\n";
        crate::docs::hold(COMMITTED, &present);
    }

    #[test]
    fn every_described_route_is_listed_for_405_and_the_other_way_round() {
        let described = serde_json::to_value(Description::openapi()).unwrap();
        let described: Vec<(String, String)> = described["paths"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(path, methods)| {
                let methods: Vec<_> = methods
                    .as_object()
                    .unwrap()
                    .keys()
                    .map(|method| method.to_uppercase())
                    .collect();
                (path.clone(), methods.join(", "))
            })
            .collect();
        for (path, methods) in &described {
            assert_eq!(super::methods(path), Some(methods.as_str()), "{path}");
        }
        assert_eq!(described.len(), ROUTES.len());
    }
}
