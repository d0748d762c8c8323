//! `GET /notifications/{id}`: one notification as received and as forwarded, with its deliveries.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::contract::fields::Violation;
use logistics::contract::problem::ProblemBody;
use logistics::contract::stored::{DeliveryBody, StoredBody, embedded};
use logistics::domain::client::Scope;
use logistics::domain::delivery::{DeliveryRecord, instant};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::KeyProblems;
use logistics::edge::request::{Answer, respond};
use logistics::edge::{answer, caller};
use logistics::flows::messaging::find_messages::all_deliveries;
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::store::delivering::deliveries::Deliveries;
use logistics::store::failure::StoreFailure;
use logistics::store::keys::Key;
use logistics::store::message_keys::{message_id, notification_key};
use logistics::store::notifying::notifications::{Notifications, StoredNotification};
use logistics::wiring::{Start, WiringFailure};

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The notifications.
    pub notifications: Notifications,
    /// Their deliveries.
    pub deliveries: Deliveries,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            notifications: start.notifications()?,
            deliveries: start.deliveries()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| get(app, request)).await
}

/// One notification: the push as received, the forwarded payload, and its deliveries with their attempts.
#[utoipa::path(
    get, path = "/notifications/{token}", tag = "notifications", operation_id = "get_notification",
    params(("token" = String, Path, description = "The `notificationId`")),
    responses(
        (status = 200, description = "The notification", body = StoredBody),
        (status = 404, description = "Notification not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn get(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Notifications]).await?;
    let parameters = request.path_parameters();
    // The pushes' route has the same path, so the parameter has the same name, `token`.
    let id = parameters.first("token").unwrap_or_default();
    let key = notification_key(&caller.client_id, id).ok_or_else(absent)?;
    let notification = app.notifications.get(&key).await?.ok_or_else(absent)?;
    let recorded = app.deliveries.of(&key).await?;
    let deliveries = all_deliveries(&key, &notification.sent_to, recorded);
    let body = body(&key, &notification, &deliveries)?;
    Ok(answer::json(StatusCode::OK, &body))
}

fn absent() -> Problem {
    Problem::new(ProblemKind::NotFound, "notification not found")
}

fn body(
    key: &Key,
    notification: &StoredNotification,
    deliveries: &[(Key, DeliveryRecord)],
) -> Result<StoredBody, StoreFailure> {
    let payload = notification.payload()?;
    Ok(StoredBody {
        notification_id: message_id(key),
        status: notification.status.clone(),
        aggregator: notification.aggregator.as_ref().map(ToString::to_string),
        logistic_account_alias: notification.alias.as_ref().map(ToString::to_string),
        order_number: notification.order_number.to_string(),
        shipment_code: notification.shipment_code.as_ref().map(ToString::to_string),
        shipment_type: key.shipment_type(),
        awb: notification.awb.as_ref().map(ToString::to_string),
        contradicts: notification.contradicts.as_ref().map(ToString::to_string),
        notification_type: notification.notification_type,
        mapped_by_account: notification.mapped_by_account,
        replayed_at: notification.replayed_at.map(instant),
        pushed_type: notification.pushed_type.clone(),
        test: notification.test,
        unreadable: !notification.unread.is_empty(),
        errors: notification.unread.iter().map(Violation::from).collect(),
        received_at: instant(notification.received_at),
        occurred_at: notification.occurred_at.map(instant),
        expires_at: notification
            .expires_at
            .map(|at| instant(at.saturating_mul(1000))),
        raw: embedded(&notification.raw()?),
        payload: payload.map(|payload| embedded(payload.as_bytes())),
        deliveries: deliveries.iter().map(delivery).collect(),
    })
}

fn delivery((key, record): &(Key, DeliveryRecord)) -> DeliveryBody {
    DeliveryBody::new(key.delivery_id(), key.endpoint().to_owned(), record)
}
