//! Recovering the failed deliveries of an endpoint: filter, count, confirm, progress, result.

use logistics::edge::request::Answer;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::api::{Api, Call};
use crate::failure::Shown;
use crate::form::Form;
use crate::respond::see_other;
use crate::screens::endpoints::{Beside, show_with};

/// The filters, as they are named on the wire.
const FILTERS: [&str; 6] = [
    "since",
    "until",
    "kind",
    "subject",
    "awb",
    "notificationType",
];

#[derive(Debug, Deserialize)]
struct Recovered {
    matched: usize,
    queued: usize,
    expired: usize,
    cursor: Option<String>,
}

/// How far a recovery is.
pub(crate) struct RecoveryProgress {
    /// The filters that were entered.
    pub(crate) filters: Vec<(&'static str, String)>,
    /// How many match so far.
    pub(crate) matched: usize,
    /// How many are queued so far.
    pub(crate) queued: usize,
    pub(crate) expired: usize,
    /// Where the next part begins; empty at the beginning.
    pub(crate) cursor: String,
    /// Whether there may be more than was looked at.
    pub(crate) is_more: bool,
    /// Whether it only counted.
    pub(crate) is_count: bool,
}

impl RecoveryProgress {
    /// The URL of a file with what matches.
    pub(crate) fn url(&self, endpoint: &str, ending: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.filters);
        format!(
            "/console/endpoints/{endpoint}/failed.{ending}?{}",
            query.finish()
        )
    }
}

/// The filters among the fields of a form or a query.
pub(crate) fn filters<'a>(field: impl Fn(&str) -> &'a str) -> Vec<(&'static str, String)> {
    let filters = FILTERS.map(|name| (name, field(name).to_owned()));
    let filters = filters.into_iter();
    filters.filter(|(_, value)| !value.is_empty()).collect()
}

/// Counts, or recovers the next part: one call looks at 500 failed deliveries, so that it ends in time.
pub(crate) async fn recover(api: &Api<'_>, id: &str) -> Shown {
    let form = Form::of(api)?;
    let is_count = form.text("step") != "recover";
    let filters = filters(|name| form.text(name));
    let call = Call::of("POST /webhook-endpoints/{id}/recover").named("id", id);
    let body = body(&filters, form.text("cursor"), is_count);
    let recovered: Recovered = match api.attempt(call.body(body)).await? {
        Ok(answered) => answered.read()?,
        Err(problem) => return show_with(api, id, Beside::of(problem)).await,
    };
    let before = |name: &str| form.text(name).parse::<usize>().unwrap_or_default();
    let progress = RecoveryProgress {
        filters,
        matched: before("matched").saturating_add(recovered.matched),
        queued: before("queued").saturating_add(recovered.queued),
        expired: before("expired").saturating_add(recovered.expired),
        is_more: recovered.cursor.is_some(),
        cursor: recovered.cursor.filter(|_| !is_count).unwrap_or_default(),
        is_count,
    };
    if !is_count && !progress.is_more {
        return Ok(done(id, &progress)?);
    }
    let recovery = Some(progress);
    show_with(
        api,
        id,
        Beside {
            recovery,
            ..Beside::default()
        },
    )
    .await
}

fn done(id: &str, progress: &RecoveryProgress) -> Answer {
    let done = if progress.queued == 0 {
        "nothing"
    } else {
        "recovered"
    };
    let (queued, expired) = (progress.queued, progress.expired);
    see_other(&format!(
        "/console/endpoints/{id}?done={done}&queued={queued}&expired={expired}"
    ))
}

/// The body of a recovery.
pub(crate) fn body(filters: &[(&str, String)], cursor: &str, is_count: bool) -> Value {
    let mut body = Map::new();
    for (name, value) in filters {
        body.insert((*name).to_owned(), json!(instant(name, value)));
    }
    if !cursor.is_empty() {
        body.insert("cursor".to_owned(), json!(cursor));
    }
    body.insert("dryRun".to_owned(), json!(is_count));
    Value::Object(body)
}

/// A browser's date and time has no offset: the form says that it is in UTC.
fn instant(name: &str, value: &str) -> String {
    let is_time = name == "since" || name == "until";
    let is_bare = value.len() == "2026-11-30T10:00".len();
    match (is_time, is_bare) {
        (true, true) => format!("{value}:00Z"),
        _ => value.to_owned(),
    }
}
