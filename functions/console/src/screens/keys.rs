//! API keys and one-time links to the console.

use askama::Template;
use lambda_http::http::StatusCode;
use logistics::domain::client::Scope;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::api::{Api, Call};
use crate::failure::Shown;
use crate::form::{self, Form};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{page_as, see_other};
use crate::shown_problem::ShownProblem;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Keys {
    api_keys: Vec<Key>,
    cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    id: String,
    label: String,
    scopes: Vec<String>,
    created_at: Moment,
    expires_at: Option<Moment>,
    last_used_on: Option<String>,
}

/// A secret that is shown in the response to the form that made it, and never again.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    #[serde(alias = "url")]
    api_key: String,
    expires_at: Option<Moment>,
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage<'a> {
    frame: Frame,
    list: Keys,
    /// The scopes that the visitor can give away.
    scopes: &'a [Scope],
    own_key: &'a str,
    made_key: Option<Made>,
    made_link: Option<Made>,
    key_problem: Option<ShownProblem>,
    link_problem: Option<ShownProblem>,
    label: &'a str,
}

/// What happened before the page is shown.
#[derive(Default)]
struct Before<'a> {
    status: u16,
    made_key: Option<Made>,
    made_link: Option<Made>,
    key_problem: Option<ShownProblem>,
    link_problem: Option<ShownProblem>,
    label: &'a str,
}

/// The keys.
pub(crate) async fn list(api: &Api<'_>) -> Shown {
    show(api, Before::default()).await
}

async fn show(api: &Api<'_>, before: Before<'_>) -> Shown {
    let call = Call::of("GET /api-keys").with("cursor", api.parameter("cursor"));
    let caller = api.visitor.caller();
    let page = KeysPage {
        frame: Frame::of(api, "/console/keys"),
        list: api.get(call).await?,
        scopes: &caller.scopes,
        own_key: &caller.key_id,
        made_key: before.made_key,
        made_link: before.made_link,
        key_problem: before.key_problem,
        link_problem: before.link_problem,
        label: before.label,
    };
    let status = match before.status {
        0 => StatusCode::OK,
        status => form::status(status),
    };
    Ok(page_as(status, &page)?)
}

/// Creates a key, and shows it once.
pub(crate) async fn create(api: &Api<'_>) -> Shown {
    let form = Form::of(api)?;
    let mut body = Map::new();
    body.insert("label".to_owned(), json!(form.text("label")));
    body.insert("scopes".to_owned(), scopes(&form));
    let days = form.text("days");
    if !days.is_empty() {
        body.insert("expiresAt".to_owned(), json!(expiry(days)));
    }
    let answer = api.attempt(Call::of("POST /api-keys").body(Value::Object(body)));
    let before = match answer.await? {
        Ok(answered) => Before {
            made_key: Some(answered.read()?),
            ..Before::default()
        },
        Err(problem) => Before {
            status: problem.status,
            key_problem: Some(problem),
            label: form.text("label"),
            ..Before::default()
        },
    };
    show(api, before).await
}

/// The time in so many days; what is no number is refused by the API.
fn expiry(days: &str) -> String {
    let days: Option<i64> = days.parse().ok();
    let hours = days.and_then(|days| days.checked_mul(24));
    let span = hours.and_then(|hours| jiff::Span::new().try_hours(hours).ok());
    let at = span.and_then(|span| logistics::clock::now().checked_add(span).ok());
    at.map_or_else(|| "not a number of days".to_owned(), |at| at.to_string())
}

/// Makes a one-time link, and shows it once.
pub(crate) async fn link(api: &Api<'_>) -> Shown {
    let form = Form::of(api)?;
    let body = json!({ "scopes": scopes(&form), "minutes": form.text("minutes") });
    let before = match api
        .attempt(Call::of("POST /console-links").body(body))
        .await?
    {
        Ok(answered) => Before {
            made_link: Some(answered.read()?),
            ..Before::default()
        },
        Err(problem) => Before {
            status: problem.status,
            link_problem: Some(problem),
            ..Before::default()
        },
    };
    show(api, before).await
}

fn scopes(form: &Form) -> Value {
    form.all("scope").collect()
}

/// Revokes a key.
pub(crate) async fn revoke(api: &Api<'_>, id: &str) -> Shown {
    Form::of(api)?;
    api.ask(Call::of("DELETE /api-keys/{id}").named("id", id))
        .await?;
    Ok(see_other("/console/keys?done=revoked")?)
}
