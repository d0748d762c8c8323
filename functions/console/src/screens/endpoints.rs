//! Webhook endpoints: the list with their health, one with what can be done, and its form.

mod form;
mod undelivered;

use askama::Template;
use futures::future::try_join;
use serde::Deserialize;

use crate::api::{Answered, Api, Call};
use crate::failure::Shown;
use crate::form::{self as forms, Form};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{in_place_of, page, page_as, see_other};
use crate::screens::deliveries::{in_words, tone};
use crate::screens::last_day::{LastDay, LastDays};
use crate::shown_problem::ShownProblem;
use form::{EndpointForm, FormPage, Kept};
use undelivered::{Undelivered, undelivered};

/// The section of the pages.
const HERE: &str = "/console/endpoints";
/// What the secret of an endpoint is called.
const SIGNING_SECRET: &str = "signing secret";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EndpointList {
    pub(crate) webhook_endpoints: Vec<Endpoint>,
    cursor: Option<String>,
}

/// An endpoint as the API tells it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Endpoint {
    pub(crate) id: String,
    pub(crate) url: String,
    method: String,
    messages: Vec<String>,
    #[serde(default)]
    notification_types: Vec<String>,
    #[serde(default)]
    shipment_types: Vec<String>,
    #[serde(default)]
    logistic_account_aliases: Vec<String>,
    #[serde(default)]
    warehouse_codes: Vec<String>,
    headers: std::collections::BTreeMap<String, Option<String>>,
    enabled: bool,
    lanes: u16,
    give_up_after: u64,
    signature_scheme: String,
    public_key: Option<String>,
    signing_secret: Option<String>,
    pub(crate) health: ShownHealth,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ShownHealth {
    pub(crate) state: String,
    pub(crate) since: Option<Moment>,
    pub(crate) reason: Option<String>,
}

impl ShownHealth {
    /// Why it is not active, in words.
    pub(crate) fn why(&self) -> &str {
        match self.reason.as_deref() {
            None if self.state == "DISABLED" => "it was disabled here or through the API",
            None => "",
            Some("GONE") => "it answered 410 Gone, which tells RMS to stop",
            Some("FAILING") => "every attempt has failed for a while",
            Some("BACKLOG") => "it failed while too many messages were waiting for it",
            Some("SLOW") => "it did not answer in time",
            Some(other) => other,
        }
    }
}

/// The answer of an endpoint to a sample.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tested {
    pub(crate) status: Option<u16>,
    pub(crate) duration_ms: u64,
    pub(crate) outcome: String,
}

/// A secret that is shown once.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rotated {
    signing_secret: Option<String>,
    public_key: Option<String>,
}

/// What a page shows beside the endpoint.
#[derive(Default)]
pub(crate) struct Beside {
    pub(crate) problem: Option<ShownProblem>,
    pub(crate) tested: Option<Tested>,
    /// A signing secret or a public key, and what it is.
    pub(crate) secret: Option<(&'static str, String)>,
    pub(crate) recovery: Option<super::recovery::RecoveryProgress>,
}

#[derive(Template)]
#[template(path = "endpoints.html")]
struct EndpointsPage {
    frame: Frame,
    last_days: LastDays,
    list: EndpointList,
}

#[derive(Template)]
#[template(path = "endpoint.html")]
struct EndpointPage {
    frame: Frame,
    beside: Beside,
    version: String,
    last_day: LastDay,
    /// What did not arrive, if the visitor may see it.
    undelivered: Option<Undelivered>,
    it: Endpoint,
}

impl Endpoint {
    pub(crate) fn is_disabled(&self) -> bool {
        self.health.state == "DISABLED"
    }

    /// Whether RMS disabled it, and not its client.
    pub(crate) fn is_disabled_by_rms(&self) -> bool {
        self.is_disabled() && self.health.reason.is_some()
    }

    /// Whether it is active.
    pub(crate) fn is_well(&self) -> bool {
        self.health.state == "ACTIVE"
    }

    pub(crate) fn tone(&self) -> &'static str {
        tone(&self.health.state)
    }

    /// The age at which a delivery is given up, in hours.
    fn hours(&self) -> u64 {
        self.give_up_after / 3600
    }

    /// What it is sent, in words.
    pub(crate) fn wishes(&self) -> String {
        if self.is_disabled() {
            return "is disabled".to_owned();
        }
        let filters = self.filters();
        let filters = filters.iter();
        let filters = filters.map(|(name, values)| format!("; {}: {values}", name.to_lowercase()));
        let filters: String = filters.collect();
        format!("wants {}{filters}", self.messages.join(", "))
    }

    /// Its filters in words.
    fn filters(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("Notification types", &self.notification_types),
            ("Shipment types", &self.shipment_types),
            ("Accounts", &self.logistic_account_aliases),
            ("Warehouses", &self.warehouse_codes),
        ];
        let set = all.into_iter().filter(|(_, values)| !values.is_empty());
        set.map(|(name, values)| (name, values.join(", ")))
            .collect()
    }
}

impl Tested {
    fn words(&self) -> &str {
        in_words(&self.outcome)
    }

    fn tone(&self) -> &'static str {
        if self.outcome == "ACCEPTED" {
            "good"
        } else {
            "bad"
        }
    }
}

/// All endpoints.
pub(crate) async fn list(api: &Api<'_>) -> Shown {
    let call = Call::of("GET /webhook-endpoints").with("cursor", api.parameter("cursor"));
    let (list, last_days) = try_join(api.get(call), LastDays::read(api)).await?;
    let frame = Frame::of(api, HERE);
    Ok(page(&EndpointsPage {
        frame,
        last_days,
        list,
    })?)
}

/// One endpoint.
pub(crate) async fn show(api: &Api<'_>, id: &str) -> Shown {
    show_with(api, id, Beside::default()).await
}

pub(crate) async fn show_with(api: &Api<'_>, id: &str, beside: Beside) -> Shown {
    let call = Call::of("GET /webhook-endpoints/{id}").named("id", id);
    let answered = api.ask(call).await?;
    let shown_as = beside
        .problem
        .as_ref()
        .map_or(200, |problem| problem.status);
    let page = EndpointPage {
        frame: Frame::of(api, HERE),
        beside,
        version: answered.version(),
        last_day: LastDays::read(api).await?.of(id),
        undelivered: undelivered(api, id).await?,
        it: answered.read()?,
    };
    Ok(page_as(forms::status(shown_as), &page)?)
}

/// The form of a new endpoint.
pub(crate) fn new(api: &Api<'_>) -> Shown {
    let form = EndpointForm::new();
    Ok(page(&FormPage::of(Frame::of(api, HERE), form, None))?)
}

/// Creates an endpoint, and shows its secret once.
pub(crate) async fn create(api: &Api<'_>) -> Shown {
    let form = EndpointForm::sent(&Form::of(api)?);
    let id = form.id.clone();
    let call = Call::of("PUT /webhook-endpoints/{id}").named("id", &id);
    match api.attempt(call.if_absent().body(form.body())).await? {
        Ok(answered) => show_new(api, &id, &answered).await,
        Err(problem) => again(api, form, problem, None),
    }
}

async fn show_new(api: &Api<'_>, id: &str, answered: &Answered) -> Shown {
    let made: Endpoint = answered.read()?;
    let secret = made.signing_secret.map(|secret| (SIGNING_SECRET, secret));
    if secret.is_none() {
        return Ok(see_other(&format!("{HERE}/{id}?done=created"))?);
    }
    show_secret(api, id, secret).await
}

/// The endpoint with a secret that is shown once.
async fn show_secret(api: &Api<'_>, id: &str, secret: Option<(&'static str, String)>) -> Shown {
    let beside = Beside {
        secret,
        ..Beside::default()
    };
    let page = show_with(api, id, beside).await?;
    Ok(in_place_of(&format!("{HERE}/{id}"), page))
}

/// The form of an endpoint.
pub(crate) async fn edit(api: &Api<'_>, id: &str) -> Shown {
    let call = Call::of("GET /webhook-endpoints/{id}").named("id", id);
    let answered = api.ask(call).await?;
    let form = EndpointForm::kept(answered.read()?, answered.version());
    Ok(page(&FormPage::of(Frame::of(api, HERE), form, None))?)
}

/// Replaces an endpoint, unless somebody else changed it meanwhile.
pub(crate) async fn save(api: &Api<'_>, id: &str) -> Shown {
    let mut form = EndpointForm::sent(&Form::of(api)?);
    id.clone_into(&mut form.id);
    let call = Call::of("PUT /webhook-endpoints/{id}").named("id", id);
    let call = call.if_still(&form.version).body(form.body());
    match api.attempt(call).await? {
        Ok(answered) => {
            let saved: Endpoint = answered.read()?;
            if let Some(secret) = saved.signing_secret {
                return show_secret(api, id, Some((SIGNING_SECRET, secret))).await;
            }
            Ok(see_other(&format!("{HERE}/{id}?done=saved"))?)
        }
        Err(problem) if problem.is_stale() => {
            let call = Call::of("GET /webhook-endpoints/{id}").named("id", id);
            let present = api.ask(call).await?;
            form.version = present.version();
            again(
                api,
                form,
                problem,
                Some(EndpointForm::kept(present.read()?, String::new())),
            )
        }
        Err(problem) => again(api, form, problem, None),
    }
}

/// The form once more, with what is wrong, and what is stored now if somebody else changed it.
fn again(
    api: &Api<'_>,
    form: EndpointForm,
    problem: ShownProblem,
    present: Option<EndpointForm>,
) -> Shown {
    let status = forms::status(problem.status);
    let kept = Kept {
        problem,
        differences: present.map(|present| form.differences(&present)),
    };
    let page = FormPage::of(Frame::of(api, HERE), form, Some(kept));
    Ok(page_as(status, &page)?)
}

/// Sends a sample and shows the answer.
pub(crate) async fn test(api: &Api<'_>, id: &str) -> Shown {
    Form::of(api)?;
    let call = Call::of("POST /webhook-endpoints/{id}/test").named("id", id);
    let beside = match api.attempt(call).await? {
        Ok(answered) => Beside {
            tested: Some(answered.read()?),
            ..Beside::default()
        },
        Err(problem) => Beside::of(problem),
    };
    show_with(api, id, beside).await
}

/// Replaces the signing secret and shows the new one once. A second click finds another version, and changes nothing.
pub(crate) async fn rotate(api: &Api<'_>, id: &str) -> Shown {
    let form = Form::of(api)?;
    let call = Call::of("POST /webhook-endpoints/{id}/rotate-secret").named("id", id);
    match api.attempt(call.if_still(form.text("version"))).await? {
        Ok(answered) => {
            let rotated: Rotated = answered.read()?;
            let secret = rotated.signing_secret;
            let secret = secret.map(|secret| (SIGNING_SECRET, secret));
            let key = rotated.public_key.map(|key| ("public key", key));
            show_secret(api, id, secret.or(key)).await
        }
        Err(problem) => show_with(api, id, Beside::of(problem)).await,
    }
}

/// Ends a suspension, or enables the endpoint.
pub(crate) async fn resume(api: &Api<'_>, id: &str) -> Shown {
    let form = Form::of(api)?;
    let call = Call::of("POST /webhook-endpoints/{id}/resume").named("id", id);
    match api.attempt(call.if_still(form.text("version"))).await? {
        Ok(_) => Ok(see_other(&format!("{HERE}/{id}?done=resumed"))?),
        Err(problem) => show_with(api, id, Beside::of(problem)).await,
    }
}

/// Removes the endpoint.
pub(crate) async fn delete(api: &Api<'_>, id: &str) -> Shown {
    let form = Form::of(api)?;
    let force = if form.is_ticked("force") { "true" } else { "" };
    let call = Call::of("DELETE /webhook-endpoints/{id}").named("id", id);
    let call = call.with("force", force).if_still(form.text("version"));
    match api.attempt(call).await? {
        Ok(_) => Ok(see_other(&format!("{HERE}?done=deleted"))?),
        Err(problem) => show_with(api, id, Beside::of(problem)).await,
    }
}

impl Beside {
    pub(crate) fn of(problem: ShownProblem) -> Self {
        Self {
            problem: Some(problem),
            ..Self::default()
        }
    }
}
