//! What did not arrive at an endpoint.

use futures::future::{OptionFuture, try_join3};
use logistics::domain::client::Scope;
use logistics::edge::problem::Problem;
use logistics::store::delivering::undelivered::Waiting;

use crate::api::{Api, Call};
use crate::failure::Failed;
use crate::screens::messages::{MessageList, Retried};

/// Deliveries that were given up are counted up to this number.
const MOST_COUNTED: u64 = 1000;

/// What did not arrive at an endpoint.
pub(super) struct Undelivered {
    /// The state of the list: `failed`, `pending` or `parked`.
    pub(super) status: &'static str,
    pub(super) list: MessageList,
    /// How many were given up, up to [`MOST_COUNTED`].
    pub(super) given_up: u64,
    /// What is being retried.
    pub(super) retried: Option<Retried>,
}

impl Undelivered {
    /// How many are parked, if they are listed.
    pub(super) fn parked(&self) -> Option<usize> {
        (self.status == "parked").then_some(self.list.messages.len())
    }

    pub(super) fn is_cut(&self) -> bool {
        self.given_up >= MOST_COUNTED
    }
}

pub(super) async fn undelivered(api: &Api<'_>, id: &str) -> Result<Option<Undelivered>, Failed> {
    if !api.visitor.caller().has_one_of(&[Scope::Notifications]) {
        return Ok(None);
    }
    let status = match api.parameter("status") {
        "pending" => "pending",
        "parked" => "parked",
        _ => "failed",
    };
    let call = |status| {
        let call = Call::of("GET /messages").with("endpointId", id);
        call.with("status", status)
    };
    let cursor = api.parameter("cursor");
    let listed = api.get::<MessageList>(call(status).with("cursor", cursor));
    let retried = async {
        let is_listed = status == "pending" && cursor.is_empty();
        let list = (!is_listed).then(|| api.get::<MessageList>(call("pending")));
        OptionFuture::from(list).await.transpose()
    };
    let (list, retried, given_up) = try_join3(listed, retried, given_up(api, id)).await?;
    Ok(Some(Undelivered {
        status,
        retried: retried.as_ref().unwrap_or(&list).in_short(),
        list,
        given_up,
    }))
}

/// How many deliveries to it were given up.
async fn given_up(api: &Api<'_>, id: &str) -> Result<u64, Failed> {
    let Ok(id) = id.parse() else {
        return Ok(0);
    };
    let index = &api.functions.messages.searching.undelivered;
    let client = &api.visitor.caller().client_id;
    let counted = index
        .count(client, &id, Waiting::Failed, MOST_COUNTED)
        .await;
    Ok(counted.map_err(Problem::from)?)
}
