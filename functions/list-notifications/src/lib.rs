//! `GET /notifications`: lists notifications of an order or an AWB, undelivered ones of an endpoint, those with an unknown
//! type, those that could not be read, and those about delivery exceptions.

mod question;

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use logistics::contract::listed::{ListBody, ListedBody, ListedState};
use logistics::contract::problem::ProblemBody;
use logistics::contract::push::PushStatus;
use logistics::domain::client::Scope;
use logistics::domain::delivery::instant;
use logistics::domain::endpoint_key::EndpointKey;
use logistics::domain::text::ClientId;
use logistics::edge::page::Page;
use logistics::edge::problem::Problem;
use logistics::edge::problem_sets::KeyProblems;
use logistics::edge::request::{Answer, respond};
use logistics::edge::{answer, caller};
use logistics::flows::messaging::find_deliveries::{
    FoundDelivery, ParkedPlaces, ParkedQuery, parked, undelivered,
};
use logistics::flows::notifying::find_notifications::{
    FoundNotification, SearchDependencies, of_awb, of_order,
};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::store::cursor::Cursor;
use logistics::store::delivering::undelivered::UndeliveredQuery;
use logistics::store::message_keys::message_id;
use logistics::store::notifying::exceptions::{DeliveryException, ExceptionIndex};
use logistics::store::notifying::unmapped::{Unmapped, UnmappedIndex, is_unreadable};
use logistics::wiring::{Start, WiringFailure};

use question::{NotificationQuestion, Parameters};

/// How many deliveries a page has at most.
const PAGE: i32 = 50;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The notifications with an unknown type.
    pub unmapped: UnmappedIndex,
    /// The notifications about delivery exceptions.
    pub exceptions: ExceptionIndex,
    /// The other notifications.
    pub archive: SearchDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            unmapped: start.unmapped()?,
            exceptions: start.exceptions()?,
            archive: start.search()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| list(app, request)).await
}

/// Lists notifications: of an order or an AWB, undelivered ones of an endpoint, with an unknown type, or about delivery exceptions.
#[utoipa::path(
    get, path = "/notifications", tag = "notifications", operation_id = "list_notifications",
    params(Parameters),
    responses(
        (status = 200, description = "A page of notifications", body = ListBody),
        (status = 400, description = "Invalid query parameter, or not exactly one of the supported queries", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn list(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Notifications]).await?;
    let question = question::read(request)?;
    let body = found(app, &caller.client_id, question).await?;
    Ok(answer::json(StatusCode::OK, &body))
}

async fn found(
    app: &App,
    client: &ClientId,
    question: NotificationQuestion,
) -> Result<ListBody, Problem> {
    Ok(match question {
        NotificationQuestion::Order(number, span, cursor) => {
            let found = of_order(&app.archive, client, &number, span).await?;
            part(found, cursor.as_ref())
        }
        NotificationQuestion::Awb(awb, span, cursor) => {
            let found = of_awb(&app.archive, client, &awb, span).await?;
            part(found, cursor.as_ref())
        }
        NotificationQuestion::Endpoint(endpoint, state, span, cursor) => {
            let query = UndeliveredQuery {
                client,
                endpoint: &endpoint,
                state,
                span,
                cursor,
                oldest_first: false,
                most: PAGE,
            };
            let SearchDependencies {
                undelivered: index,
                history,
                ..
            } = &app.archive;
            let (found, cursor) = undelivered(index, history, &query).await?;
            page(found.into_iter().filter_map(delivery), cursor)
        }
        NotificationQuestion::Parked(endpoint_id, span, cursor) => {
            let endpoint = EndpointKey {
                client_id: client.clone(),
                endpoint_id,
            };
            let SearchDependencies {
                endpoints,
                parked: places,
                history,
                ..
            } = &app.archive;
            let places = ParkedPlaces {
                endpoints,
                parked: places,
                history,
            };
            let query = ParkedQuery {
                endpoint: &endpoint,
                span,
                cursor: cursor.as_ref(),
                most: PAGE,
            };
            let (found, cursor) = parked(places, &query).await?;
            page(found.into_iter().filter_map(parked_delivery), cursor)
        }
        NotificationQuestion::Unmapped(wanted) => {
            let found = app.unmapped.of(client, &wanted).await?;
            page(found.notifications.into_iter().map(unmapped), found.cursor)
        }
        NotificationQuestion::Exceptions(wanted) => {
            let (found, cursor) = app.exceptions.of(client, &wanted).await?;
            page(found.into_iter().map(exception), cursor)
        }
    })
}

fn part(found: Vec<FoundNotification>, cursor: Option<&Cursor>) -> ListBody {
    let part = Page::of(found, cursor, FoundNotification::place, notification);
    page(part.entries.into_iter(), part.cursor)
}

fn page(listed: impl Iterator<Item = ListedBody>, cursor: Option<Cursor>) -> ListBody {
    ListBody {
        notifications: listed.collect(),
        cursor: cursor.map(|cursor| cursor.to_string()),
    }
}

fn notification(found: FoundNotification) -> ListedBody {
    let head = found.head;
    ListedBody {
        notification_id: message_id(&found.key),
        status: head.status,
        aggregator: head.aggregator.map(|name| name.to_string()),
        logistic_account_alias: head.alias.as_ref().map(ToString::to_string),
        order_number: head.order_number.to_string(),
        shipment_type: found.key.shipment_type(),
        notification_type: head.notification_type,
        test: head.test,
        unreadable: is_unreadable(&head.pushed_type),
        pushed_type: head.pushed_type,
        received_at: instant(head.received_at),
        occurred_at: head.occurred_at.map(instant),
        delivery_id: None,
        state: None,
        attempt_count: None,
        last_attempt: None,
    }
}

/// The delivery of a notification; `None` for another kind of message.
fn delivery(found: FoundDelivery) -> Option<ListedBody> {
    let of = FoundNotification {
        key: found.key.message(),
        head: found.head.notification?,
    };
    Some(notification(of).delivered_as(found.key.delivery_id(), &found.record))
}

fn parked_delivery(found: FoundDelivery) -> Option<ListedBody> {
    Some(ListedBody {
        state: Some(ListedState::Parked),
        ..delivery(found)?
    })
}

fn unmapped(unmapped: Unmapped) -> ListedBody {
    ListedBody {
        notification_id: unmapped.notification_id,
        status: PushStatus::Unmapped.to_string(),
        aggregator: Some(unmapped.aggregator.to_string()),
        logistic_account_alias: unmapped.alias.as_ref().map(ToString::to_string),
        order_number: unmapped.order_number.to_string(),
        shipment_type: unmapped.shipment_type,
        notification_type: None,
        test: false,
        unreadable: is_unreadable(&unmapped.pushed_type),
        pushed_type: unmapped.pushed_type,
        received_at: unmapped.received_at,
        occurred_at: None,
        delivery_id: None,
        state: None,
        attempt_count: None,
        last_attempt: None,
    }
}

fn exception(exception: DeliveryException) -> ListedBody {
    ListedBody {
        notification_id: exception.notification_id,
        status: PushStatus::Accepted.to_string(),
        aggregator: exception.aggregator.as_ref().map(ToString::to_string),
        logistic_account_alias: exception.alias.as_ref().map(ToString::to_string),
        order_number: exception.order_number.to_string(),
        shipment_type: exception.shipment_type,
        notification_type: Some(exception.notification_type),
        test: false,
        unreadable: false,
        pushed_type: exception.pushed_type,
        received_at: exception.received_at,
        occurred_at: None,
        delivery_id: None,
        state: None,
        attempt_count: None,
        last_attempt: None,
    }
}
