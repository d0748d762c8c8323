//! Status codes that RMS does not know: which, a push with each, the type that the account gives to it, and the replay of what
//! is stored with it: count, confirm, result.

use askama::Template;
use logistics::contract::indented::indented;
use logistics::domain::client::Scope;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::api::{Answered, Api, Call};
use crate::failure::{Failed, Shown};
use crate::form::{self as forms, Form};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{page, page_as, see_other};
use crate::screens::types::{TypeGroup, type_groups};
use crate::shown_problem::{FieldError, ShownProblem};

/// The section.
const HERE: &str = "/console/unmapped";
/// The fields of an account that a change of its mappings sends back as they are. Secrets are kept by the API.
const KEPT: [&str; 8] = [
    "aggregator",
    "region",
    "urls",
    "settings",
    "warehouses",
    "notificationsEnabled",
    "defaultCourierId",
    "statusMappings",
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CodeList {
    unmapped_statuses: Vec<UnmappedStatus>,
    counted_since: Option<Moment>,
    is_more: bool,
}

/// A code that is not mapped.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UnmappedStatus {
    aggregator: String,
    logistic_account_alias: Option<String>,
    code: String,
    notification_type: Option<String>,
    count: usize,
    first_seen_at: Moment,
    last_seen_at: Moment,
    example: Example,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Example {
    notification_id: String,
    order_number: String,
    raw: Option<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
struct Replayed {
    matched: usize,
    translated: usize,
    queued: usize,
    cursor: Option<String>,
}

/// How far a replay is.
#[derive(Default)]
struct ReplayProgress {
    matched: usize,
    translated: usize,
    queued: usize,
    /// Where the next part begins; empty at the beginning.
    cursor: String,
    /// Whether there may be more than was looked at.
    is_more: bool,
    /// Whether it only counted.
    is_count: bool,
}

#[derive(Template)]
#[template(path = "unmapped_statuses.html")]
struct CodesPage {
    frame: Frame,
    list: CodeList,
}

/// The page of a code of an account.
#[derive(Template)]
#[template(path = "unmapped_status.html")]
struct CodePage {
    frame: Frame,
    alias: String,
    code: String,
    /// What is stored with it; `None` if nothing is.
    found: Option<UnmappedStatus>,
    raw: Option<String>,
    /// The version of the account, if the visitor may change it.
    version: Option<String>,
    /// The type that the account gives to the code.
    present: String,
    /// Whether the visitor may see which type that is.
    is_known: bool,
    /// The type that was chosen, if it could not be saved.
    chosen: String,
    types: Vec<TypeGroup>,
    problem: Option<ShownProblem>,
    progress: Option<ReplayProgress>,
}

/// What a page shows beside the code.
#[derive(Default)]
struct Beside {
    problem: Option<ShownProblem>,
    chosen: Option<String>,
    progress: Option<ReplayProgress>,
}

impl UnmappedStatus {
    /// The page of the code; a channel's codes have none.
    fn place(&self) -> Option<String> {
        let alias = self.logistic_account_alias.as_ref()?;
        Some(code_url(alias, &self.code))
    }
}

impl CodePage {
    /// What is wrong with the values of the form.
    fn errors(&self) -> Vec<&FieldError> {
        let problem = self.problem.as_ref();
        problem
            .map(|problem| problem.errors.iter().collect())
            .unwrap_or_default()
    }

    /// Whether the account has another version than when the form was opened.
    fn is_stale(&self) -> bool {
        self.problem.as_ref().is_some_and(ShownProblem::is_stale)
    }

    fn is_chosen(&self, word: &str) -> bool {
        self.chosen == word
    }
}

/// The page of a code of an account.
pub(crate) fn code_url(alias: &str, code: &str) -> String {
    place(alias, code, "")
}

/// The page of a code of an account, after a change.
fn place(alias: &str, code: &str, done: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("alias", alias).append_pair("code", code);
    if !done.is_empty() {
        query.append_pair("done", done);
    }
    format!("{HERE}/code?{}", query.finish())
}

/// All codes.
pub(crate) async fn list(api: &Api<'_>) -> Shown {
    let call = Call::of("GET /unmapped-statuses")
        .with("aggregator", api.parameter("aggregator"))
        .with("logisticAccountAlias", api.parameter("alias"));
    let list = api.get(call).await?;
    let frame = Frame::of(api, HERE);
    Ok(page(&CodesPage { frame, list })?)
}

/// One code of an account.
pub(crate) async fn show(api: &Api<'_>) -> Shown {
    let (alias, code) = (api.parameter("alias"), api.exact_parameter("code"));
    show_with(api, alias, code, Beside::default()).await
}

async fn show_with(api: &Api<'_>, alias: &str, code: &str, beside: Beside) -> Shown {
    let call = Call::of("GET /unmapped-statuses")
        .with("logisticAccountAlias", alias)
        .with("code", code);
    let list: CodeList = api.get(call).await?;
    let found = list.unmapped_statuses.into_iter().next();
    let account = account(api, alias).await?;
    let present = match (&account, &found) {
        (Some(account), _) => mapped(&account.read()?, code),
        (None, Some(found)) => found.notification_type.clone().unwrap_or_default(),
        (None, None) => String::new(),
    };
    let raw = found.as_ref().and_then(|found| found.example.raw.as_ref());
    let status = beside
        .problem
        .as_ref()
        .map_or(200, |problem| problem.status);
    let page = CodePage {
        frame: Frame::of(api, HERE),
        alias: alias.to_owned(),
        code: code.to_owned(),
        raw: raw.map(|raw| indented(raw.get())),
        version: account.as_ref().map(Answered::version),
        is_known: account.is_some() || found.is_some(),
        chosen: beside.chosen.unwrap_or_else(|| present.clone()),
        types: type_groups(),
        problem: beside.problem,
        progress: beside.progress,
        present,
        found,
    };
    Ok(page_as(forms::status(status), &page)?)
}

/// The account, if the visitor may see it.
async fn account(api: &Api<'_>, alias: &str) -> Result<Option<Answered>, Failed> {
    if !api.visitor.caller().has_one_of(&[Scope::Configuration]) {
        return Ok(None);
    }
    let call = Call::of("GET /logistic-accounts/{alias}").named("alias", alias);
    Ok(Some(api.ask(call).await?))
}

/// The type that an account gives to a code; empty if none.
fn mapped(account: &Value, code: &str) -> String {
    let mappings = account.get("statusMappings");
    let word = mappings.and_then(|mappings| mappings.get(code)?.as_str());
    word.unwrap_or_default().to_owned()
}

/// Gives the code the chosen type in the account's configuration, or takes its type away.
pub(crate) async fn map(api: &Api<'_>) -> Shown {
    let form = Form::of(api)?;
    let (alias, code, word) = (form.text("alias"), form.exact("code"), form.text("type"));
    let call = Call::of("GET /logistic-accounts/{alias}").named("alias", alias);
    let mut account: Map<String, Value> = api.get(call).await?;
    account.retain(|name, _| KEPT.contains(&name.as_str()));
    let mappings = account.entry("statusMappings").or_insert_with(|| json!({}));
    if let Some(mappings) = mappings.as_object_mut() {
        if word.is_empty() {
            mappings.remove(code);
        } else {
            mappings.insert(code.to_owned(), json!(word));
        }
    }
    let call = Call::of("PUT /logistic-accounts/{alias}").named("alias", alias);
    let call = call.if_still(form.text("version"));
    match api.attempt(call.body(Value::Object(account))).await? {
        Ok(_) => {
            let done = if word.is_empty() {
                "unmapped"
            } else {
                "mapped"
            };
            Ok(see_other(&place(alias, code, done))?)
        }
        Err(problem) => {
            let beside = Beside {
                problem: Some(problem),
                chosen: Some(word.to_owned()),
                ..Beside::default()
            };
            show_with(api, alias, code, beside).await
        }
    }
}

/// Counts, or replays the next part: one call replays 200 notifications, so that it ends in time.
pub(crate) async fn replay(api: &Api<'_>) -> Shown {
    let form = Form::of(api)?;
    let (alias, code) = (form.text("alias"), form.exact("code"));
    let is_count = form.text("step") != "replay";
    let cursor = Some(form.text("cursor")).filter(|cursor| !cursor.is_empty());
    let body = json!({ "logisticAccountAlias": alias, "code": code, "dryRun": is_count, "cursor": cursor });
    let call = Call::of("POST /unmapped-statuses/replay").body(body);
    let replayed: Replayed = match api.attempt(call).await? {
        Ok(answered) => answered.read()?,
        Err(problem) => {
            let beside = Beside {
                problem: Some(problem),
                ..Beside::default()
            };
            return show_with(api, alias, code, beside).await;
        }
    };
    let before = |name: &str| form.text(name).parse::<usize>().unwrap_or_default();
    let progress = ReplayProgress {
        matched: before("matched").saturating_add(replayed.matched),
        translated: before("translated").saturating_add(replayed.translated),
        queued: before("queued").saturating_add(replayed.queued),
        is_more: replayed.cursor.is_some(),
        cursor: replayed.cursor.filter(|_| !is_count).unwrap_or_default(),
        is_count,
    };
    let beside = Beside {
        progress: Some(progress),
        ..Beside::default()
    };
    show_with(api, alias, code, beside).await
}
