//! `GET /unmapped-statuses`: the status codes that are not mapped. `POST /unmapped-statuses/replay`: forwards what was stored
//! with one, once it has a type.

use jiff::Timestamp;
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use logistics::clock;
use logistics::contract::problem::ProblemBody;
use logistics::contract::replay::{self, ReplayBody, ReplayedBody};
use logistics::contract::stored::embedded;
use logistics::contract::unmapped::{
    UnmappedExampleBody, UnmappedStatusBody, UnmappedStatusesBody,
};
use logistics::contract::values::LONGEST_TEXT;
use logistics::domain::client::Scope;
use logistics::domain::span::Span;
use logistics::domain::text::{AccountAlias, AggregatorName};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{BodyProblems, KeyProblems};
use logistics::edge::request::{Answer, parameter, read_json, respond};
use logistics::edge::{answer, caller};
use logistics::flows::notifying::find_unmapped::{
    FoundCode, FoundCodes, UnmappedDependencies, find_unmapped,
};
use logistics::flows::notifying::replay_unmapped::{ReplayDependencies, replay_unmapped};
use logistics::store::configuring::api_keys::ApiKeys;
use logistics::store::notifying::unmapped_codes::CodesQuery;
use logistics::wiring::{Start, WiringFailure};
use utoipa::IntoParams;

/// The function's dependencies; its policy in the template grants the same.
#[derive(Debug)]
pub struct App {
    /// The callers' API keys.
    pub api_keys: ApiKeys,
    /// The codes and their examples.
    pub unmapped: UnmappedDependencies,
    /// What translates and sends the notifications of a code.
    pub replay: ReplayDependencies,
}

impl App {
    /// Builds them from the function's variables.
    pub fn new(start: &Start) -> Result<Self, WiringFailure> {
        Ok(Self {
            api_keys: start.api_keys()?,
            unmapped: start.unmapped_codes()?,
            replay: start.replay()?,
        })
    }
}

/// Handles one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, async |request| {
        if request.method() == Method::GET {
            list(app, request).await
        } else {
            replay(app, request).await
        }
    })
    .await
}

/// Which codes to list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnmappedParameters {
    /// Only those of this aggregator.
    aggregator: Option<AggregatorName>,
    /// Only those of this account.
    #[param(rename = "logisticAccountAlias")]
    alias: Option<AccountAlias>,
    /// Only this one.
    #[param(max_length = 500)]
    code: Option<String>,
    /// Only notifications that arrived at this time or later (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// Only notifications that arrived before this time (RFC 3339).
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

impl UnmappedParameters {
    fn query(request: &Request) -> Result<CodesQuery, Problem> {
        let given = Self {
            aggregator: parameter(request, "aggregator")?,
            alias: parameter(request, "logisticAccountAlias")?,
            code: code(request)?,
            since: parameter(request, "since")?,
            until: parameter(request, "until")?,
        };
        Ok(CodesQuery {
            aggregator: given.aggregator,
            alias: given.alias,
            code: given.code,
            span: Span {
                since: given.since,
                until: given.until,
            },
        })
    }
}

/// No code is longer than any other text.
fn code(request: &Request) -> Result<Option<String>, Problem> {
    let code: Option<String> = parameter(request, "code")?;
    let is_short = |code: &String| code.chars().count() <= LONGEST_TEXT;
    if code.as_ref().is_none_or(is_short) {
        return Ok(code);
    }
    let detail = format!("the parameter code must have at most {LONGEST_TEXT} characters");
    Err(Problem::new(ProblemKind::InvalidParameter, detail))
}

/// Lists the status codes that are not mapped: how many notifications are stored with each, and the newest of them.
#[utoipa::path(
    get, path = "/unmapped-statuses", tag = "notifications", operation_id = "list_unmapped_statuses",
    params(UnmappedParameters),
    responses(
        (status = 200, description = "The codes", body = UnmappedStatusesBody),
        (status = 400, description = "Invalid query parameter", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn list(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Notifications]).await?;
    let query = UnmappedParameters::query(request)?;
    let FoundCodes { codes, counted } =
        find_unmapped(&app.unmapped, &caller.client_id, &query).await?;
    let body = UnmappedStatusesBody {
        unmapped_statuses: codes.into_iter().map(shown).collect(),
        counted_since: counted.since,
        is_more: counted.is_more,
    };
    Ok(answer::json(StatusCode::OK, &body))
}

fn shown(found: FoundCode) -> UnmappedStatusBody {
    let newest = found.code.newest;
    UnmappedStatusBody {
        aggregator: newest.aggregator.to_string(),
        logistic_account_alias: newest.alias.as_ref().map(ToString::to_string),
        code: newest.pushed_type,
        notification_type: found.notification_type,
        count: found.code.count,
        first_seen_at: found.code.first_seen,
        last_seen_at: newest.received_at,
        example: UnmappedExampleBody {
            notification_id: newest.notification_id,
            order_number: newest.order_number.to_string(),
            raw: found.raw.map(|raw| embedded(&raw)),
        },
    }
}

/// Translates and forwards what an account pushed with a code before the code had a type. Each notification is forwarded once,
/// however often it is replayed, and the notifications of an order in the order in which they arrived.
#[utoipa::path(
    post, path = "/unmapped-statuses/replay", tag = "notifications", operation_id = "replay_unmapped_status",
    request_body = ReplayBody,
    responses(
        (status = 200, description = "How many notifications matched, how many got a type, and how many deliveries were queued", body = ReplayedBody),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = ["notifications"]), ("apiKey" = ["notifications"])),
)]
pub async fn replay(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, &[Scope::Notifications]).await?;
    let wanted = read_json(request, replay::read)?;
    let client = &caller.client_id;
    let replayed = replay_unmapped(&app.replay, client, &wanted, clock::now()).await?;
    let body = ReplayedBody {
        matched: replayed.matched,
        translated: replayed.translated,
        queued: replayed.queued,
        cursor: replayed.cursor.map(|cursor| cursor.to_string()),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
