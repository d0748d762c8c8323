//! Deliveries that did not arrive: given up, being retried, or parked.

use futures::future::try_join_all;
use logistics::domain::span::Span;
use logistics::domain::text::EndpointId;
use logistics::edge::problem::Problem;
use logistics::flows::messaging::find_deliveries::undelivered;
use logistics::store::delivering::undelivered::{UndeliveredQuery, Waiting as State};

use crate::api::{Api, Call};
use crate::failure::Failed;
use crate::moment::Moment;
use crate::screens::endpoints::Endpoint;
use crate::screens::messages::MessageList;

/// Deliveries of an endpoint in one state.
pub(super) struct Waiting {
    pub(super) endpoint: String,
    pub(super) state: &'static str,
    pub(super) count: usize,
    pub(super) is_more: bool,
    pub(super) oldest: Option<Moment>,
    /// The result of the latest attempt of those that are being retried.
    pub(super) last: String,
}

impl Waiting {
    /// Its state in words.
    pub(super) fn words(&self) -> &'static str {
        match self.state {
            "failed" => "given up",
            "pending" => "being retried",
            _ => "parked",
        }
    }
}

/// The deliveries of each endpoint that failed, and those that are being retried or, if it does not accept any, parked.
pub(super) async fn waiting(api: &Api<'_>, endpoints: &[Endpoint]) -> Result<Vec<Waiting>, Failed> {
    let questions = endpoints.iter().flat_map(|endpoint| {
        // What an endpoint does not accept is retried; once it is suspended, it is parked.
        let later = if endpoint.is_well() {
            "pending"
        } else {
            "parked"
        };
        ["failed", later].map(|state| count(api, &endpoint.id, state))
    });
    let counted = try_join_all(questions).await?;
    let some = counted.into_iter().filter(|waiting| waiting.count > 0);
    Ok(some.collect())
}

async fn count(api: &Api<'_>, endpoint: &str, state: &'static str) -> Result<Waiting, Failed> {
    let call = Call::of("GET /messages")
        .with("endpointId", endpoint)
        .with("status", state);
    let list: MessageList = api.get(call).await?;
    let is_more = list.cursor.is_some();
    let times = list.messages.iter().map(|message| message.created_at);
    let oldest = match state {
        "failed" if is_more => oldest(api, endpoint).await?,
        _ => times.min(),
    };
    Ok(Waiting {
        endpoint: endpoint.to_owned(),
        state,
        count: list.messages.len(),
        is_more,
        oldest,
        last: list.in_short().map(|short| short.last).unwrap_or_default(),
    })
}

/// The acceptance of the message whose delivery failed first.
async fn oldest(api: &Api<'_>, endpoint: &str) -> Result<Option<Moment>, Failed> {
    let Ok(endpoint) = endpoint.parse::<EndpointId>() else {
        return Ok(None);
    };
    let query = UndeliveredQuery {
        client: &api.visitor.caller().client_id,
        endpoint: &endpoint,
        state: State::Failed,
        span: Span::default(),
        cursor: None,
        oldest_first: true,
        most: 1,
    };
    let searching = &api.functions.messages.searching;
    let found = undelivered(&searching.undelivered, &searching.history, &query).await;
    let (found, _) = found.map_err(Problem::from)?;
    let first = found.first().map(|found| found.head.created_at);
    Ok(first.map(Moment::of_milliseconds))
}
