//! `GET /messages` and `GET /messages/{messageId}`: the messages to the client's endpoints, and their deliveries.

mod question;
mod shown;

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, RequestExt, Response};
use logistics::contract::listed::ListedState;
use logistics::contract::message_list::{MessageBody, MessageListBody};
use logistics::contract::problem::ProblemBody;
use logistics::domain::client::{Caller, Scope};
use logistics::domain::endpoint_key::EndpointKey;
use logistics::edge::page::Page;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::KeyProblems;
use logistics::edge::request::{Answer, respond};
use logistics::edge::{answer, caller};
use logistics::flows::messaging::find_deliveries::{
    ParkedPlaces, ParkedQuery, parked, undelivered,
};
use logistics::flows::messaging::find_messages::{
    FoundMessage, MessageSearchDependencies, of_key, of_kind, of_subject,
};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::store::delivering::undelivered::UndeliveredQuery;
use logistics::store::message_keys::message_key;
use logistics::store::messaging::kind_index::KindQuery;
use logistics::wiring::{Start, WiringFailure};

use question::{MessageParameters, MessageQuestion};
use shown::{delivery, listed, page, whole};

/// How many messages a page has at most.
const PAGE: i32 = 50;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The messages.
    pub searching: MessageSearchDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            searching: start.message_search()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| read(app, request)).await
}

async fn read(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Notifications]).await?;
    if request.path_parameters().first("messageId").is_some() {
        get(app, &caller, request).await
    } else {
        list(app, &caller, request).await
    }
}

/// One message with its body, and its deliveries with their attempts.
#[utoipa::path(
    get, path = "/messages/{messageId}", tag = "messages", operation_id = "get_message",
    params(("messageId" = String, Path, description = "The message's id, or a notification's")),
    responses(
        (status = 200, description = "The message", body = MessageBody),
        (status = 404, description = "Message not found", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn get(app: &App, caller: &Caller, request: &Request) -> Answer {
    let parameters = request.path_parameters();
    let id = parameters.first("messageId").unwrap_or_default();
    let key = message_key(&caller.client_id, id);
    let key = key.ok_or_else(|| Problem::new(ProblemKind::NotFound, "message not found"))?;
    let (message, body) = of_key(&app.searching, key).await?;
    Ok(answer::json(StatusCode::OK, &whole(message, &body)))
}

/// Lists messages: about a subject, undelivered ones of an endpoint, or of a kind.
#[utoipa::path(
    get, path = "/messages", tag = "messages", operation_id = "list_messages",
    params(MessageParameters),
    responses(
        (status = 200, description = "A page of messages", body = MessageListBody),
        (status = 400, description = "Invalid query parameter, or not exactly one of the supported queries", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
    let body = answer_to(app, caller, question::read(request)?).await?;
    Ok(answer::json(StatusCode::OK, &body))
}

async fn answer_to(
    app: &App,
    caller: &Caller,
    question: MessageQuestion,
) -> Result<MessageListBody, Problem> {
    let client = &caller.client_id;
    let searching = &app.searching;
    Ok(match question {
        MessageQuestion::Subject(subject, span, cursor) => {
            let found = of_subject(searching, client, &subject, span).await?;
            let show = |found: FoundMessage| listed(&found);
            let part = Page::of(found, cursor.as_ref(), FoundMessage::place, show);
            page(part.entries.into_iter(), part.cursor)
        }
        MessageQuestion::Kind(kind, span, cursor) => {
            let query = KindQuery {
                client,
                kind,
                span,
                cursor,
                most: PAGE,
            };
            let (found, cursor) = of_kind(searching, &query).await?;
            page(found.iter().map(listed), cursor)
        }
        MessageQuestion::Undelivered(endpoint, state, span, cursor) => {
            let query = UndeliveredQuery {
                client,
                endpoint: &endpoint,
                state,
                span,
                cursor,
                oldest_first: false,
                most: PAGE,
            };
            let (index, history) = (&searching.undelivered, &searching.history);
            let (found, cursor) = undelivered(index, history, &query).await?;
            let messages = found.into_iter().map(|found| {
                let state = found.record.state.into();
                delivery(&found, state)
            });
            page(messages, cursor)
        }
        MessageQuestion::Parked(endpoint_id, span, cursor) => {
            let places = ParkedPlaces {
                endpoints: &searching.endpoints,
                parked: &searching.parked,
                history: &searching.history,
            };
            let query = ParkedQuery {
                endpoint: &EndpointKey {
                    client_id: client.clone(),
                    endpoint_id,
                },
                span,
                cursor: cursor.as_ref(),
                most: PAGE,
            };
            let (found, cursor) = parked(places, &query).await?;
            let messages = found.into_iter();
            page(
                messages.map(|found| delivery(&found, ListedState::Parked)),
                cursor,
            )
        }
    })
}
