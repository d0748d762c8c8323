//! Accounts at aggregators and channels: both by the form that the adapter declares.

mod form;
mod partner;

use std::collections::BTreeMap;

use askama::Template;
use lambda_http::http::Method;
use logistics::domain::client::Scope;
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use serde::Deserialize;

use crate::api::{Answered, Api, Call};
use crate::failure::{Failed, Shown};
use crate::form::{self as forms, Form};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{in_place_of, page, page_as, see_other};
use crate::screens::unmapped::code_url;
use crate::shown_problem::ShownProblem;
use form::{AccountForm, FormPage};
use partner::Partner;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccountList {
    #[serde(alias = "channelAccounts")]
    logistic_accounts: Vec<Account>,
    cursor: Option<String>,
}

/// An account as the API tells it, of either kind.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    alias: String,
    #[serde(alias = "channel")]
    aggregator: String,
    region: Option<String>,
    credentials: BTreeMap<String, Option<String>>,
    urls: BTreeMap<String, String>,
    settings: BTreeMap<String, String>,
    #[serde(default)]
    warehouses: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(alias = "enabled")]
    notifications_enabled: bool,
    default_courier_id: Option<i64>,
    /// Only logistic accounts have them.
    #[serde(default)]
    status_mappings: BTreeMap<String, String>,
    #[serde(default)]
    has_webhook_key: bool,
    #[serde(alias = "webhookUrl")]
    push_url: Option<String>,
    push_credential: Option<PushCredential>,
    #[serde(alias = "atTheChannel")]
    at_the_aggregator: Vec<String>,
    poll: Option<Poll>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PushCredential {
    auth_username: String,
    auth_password: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Poll {
    last_run_at: Option<Moment>,
    lag_seconds: u64,
    last_error: Option<String>,
}

/// The result of a check.
#[derive(Debug, Deserialize)]
struct Checked {
    ok: bool,
    problems: Vec<CheckedProblem>,
}

#[derive(Debug, Deserialize)]
struct CheckedProblem {
    field: Option<String>,
    detail: String,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    frame: Frame,
    partner: Partner,
    list: AccountList,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    partner: Partner,
    version: String,
    problem: Option<ShownProblem>,
    checked: Option<Checked>,
    it: Account,
}

impl AccountPage {
    /// The page of a status code of the account.
    fn code_place(&self, code: &str) -> String {
        code_url(&self.it.alias, code)
    }

    /// What to enter where, with the words of this page for the names of the API.
    fn instructions(&self) -> Vec<String> {
        let words = [
            (
                "the account's webhookKey",
                "the webhook key that you set here",
            ),
            ("Set webhookKey to", "Set the webhook key, under Edit, to"),
            ("the pushCredential", "the two headers above"),
            ("pushUrl", "the URL for pushes"),
            ("webhookUrl", "the URL for webhooks"),
            (
                "in the response that creates the account",
                "here when the account is added",
            ),
        ];
        let sentences = self.it.at_the_aggregator.iter();
        let in_words = |sentence: &String| {
            let mut sentence = sentence.clone();
            for (name, word) in words {
                sentence = sentence.replace(name, word);
            }
            sentence
        };
        sentences.map(in_words).collect()
    }

    /// Whether its aggregator sends a key with its pushes, and none is set.
    fn lacks_webhook_key(&self) -> bool {
        !self.it.has_webhook_key && self.partner.has_webhook_key(&self.it.aggregator)
    }
}

/// What a page shows beside the account.
#[derive(Default)]
struct Beside {
    problem: Option<ShownProblem>,
    checked: Option<Checked>,
    /// The password of the pushes, which is shown once.
    password: Option<String>,
}

/// The pages below `/console/accounts` and `/console/channels`.
pub(crate) async fn route(
    api: &Api<'_>,
    method: &Method,
    segments: &[&str],
    rest: &[&str],
) -> Shown {
    let partner = if segments.first() == Some(&"channels") {
        Partner::Channel
    } else {
        Partner::Aggregator
    };
    let is_get = method == Method::GET;
    match rest {
        [] if is_get => list(api, partner).await,
        ["new"] if is_get => new(api, partner),
        ["new"] => create(api, partner).await,
        [alias] if is_get => show(api, partner, alias, Beside::default()).await,
        [alias, "edit"] if is_get => edit(api, partner, alias).await,
        [alias, "edit"] => save(api, partner, alias).await,
        // A page that a form showed, loaded again.
        [alias, "check" | "delete"] if is_get => {
            Ok(see_other(&format!("{}/{alias}", partner.here()))?)
        }
        [alias, "check"] if !is_get => check(api, partner, alias).await,
        [alias, "delete"] if !is_get => delete(api, partner, alias).await,
        _ => Err(Problem::new(ProblemKind::NotFound, "the console has no such page").into()),
    }
}

async fn list(api: &Api<'_>, partner: Partner) -> Shown {
    let call = Call::of(partner.list()).with("cursor", api.parameter("cursor"));
    let list = api.get(call).await?;
    let frame = Frame::of(api, partner.here());
    Ok(page(&AccountsPage {
        frame,
        partner,
        list,
    })?)
}

async fn show(api: &Api<'_>, partner: Partner, alias: &str, beside: Beside) -> Shown {
    let answered = read(api, partner, alias).await?;
    let mut it: Account = answered.read()?;
    if let Some(credential) = &mut it.push_credential {
        credential.auth_password = beside.password;
    }
    let status = beside
        .problem
        .as_ref()
        .map_or(200, |problem| problem.status);
    let page = AccountPage {
        frame: Frame::of(api, partner.here()),
        partner,
        version: answered.version(),
        problem: beside.problem,
        checked: beside.checked,
        it,
    };
    Ok(page_as(forms::status(status), &page)?)
}

async fn read(
    api: &Api<'_>,
    partner: Partner,
    alias: &str,
) -> Result<Answered, crate::failure::Failed> {
    api.ask(Call::of(partner.get()).named("alias", alias)).await
}

fn new(api: &Api<'_>, partner: Partner) -> Shown {
    let name = api.parameter("of");
    let form = AccountForm::new(partner, name);
    Ok(page(&FormPage::of(
        Frame::of(api, partner.here()),
        form,
        None,
    ))?)
}

async fn create(api: &Api<'_>, partner: Partner) -> Shown {
    let form = AccountForm::sent(partner, &Form::of(api)?);
    let call = Call::of(partner.put()).named("alias", &form.alias);
    match api.attempt(call.if_absent().body(form.body())).await? {
        Ok(answered) => {
            let made: Account = answered.read()?;
            let password = made.push_credential.and_then(|made| made.auth_password);
            if password.is_none() {
                let place = format!("{}/{}?done=created", partner.here(), form.alias);
                return Ok(see_other(&place)?);
            }
            let beside = Beside {
                password,
                ..Beside::default()
            };
            let page = show(api, partner, &form.alias, beside).await?;
            let place = format!("{}/{}", partner.here(), form.alias);
            Ok(in_place_of(&place, page))
        }
        Err(problem) => again(api, partner, form, problem),
    }
}

async fn edit(api: &Api<'_>, partner: Partner, alias: &str) -> Shown {
    let answered = read(api, partner, alias).await?;
    let form = AccountForm::kept(partner, answered.read()?, answered.version());
    Ok(page(&FormPage::of(
        Frame::of(api, partner.here()),
        form,
        None,
    ))?)
}

async fn save(api: &Api<'_>, partner: Partner, alias: &str) -> Shown {
    let mut form = AccountForm::sent(partner, &Form::of(api)?);
    alias.clone_into(&mut form.alias);
    let call = Call::of(partner.put()).named("alias", alias);
    let call = call.if_still(&form.version).body(form.body());
    match api.attempt(call).await? {
        Ok(_) => Ok(see_other(&format!(
            "{}/{alias}?done=saved",
            partner.here()
        ))?),
        Err(problem) => {
            if problem.is_stale() {
                let present = read(api, partner, alias).await?;
                form.compare(present.read()?, present.version());
            }
            again(api, partner, form, problem)
        }
    }
}

fn again(api: &Api<'_>, partner: Partner, form: AccountForm, problem: ShownProblem) -> Shown {
    let status = forms::status(problem.status);
    let page = FormPage::of(Frame::of(api, partner.here()), form, Some(problem));
    Ok(page_as(status, &page)?)
}

/// Asks the partner whether the account is right, with calls that change nothing.
async fn check(api: &Api<'_>, partner: Partner, alias: &str) -> Shown {
    Form::of(api)?;
    let beside = match api
        .attempt(Call::of(partner.check()).named("alias", alias))
        .await?
    {
        Ok(answered) => Beside {
            checked: Some(answered.read()?),
            ..Beside::default()
        },
        Err(problem) => Beside::of(problem),
    };
    show(api, partner, alias, beside).await
}

async fn delete(api: &Api<'_>, partner: Partner, alias: &str) -> Shown {
    let form = Form::of(api)?;
    let force = if form.is_ticked("force") { "true" } else { "" };
    let call = Call::of(partner.delete()).named("alias", alias);
    let call = call.with("force", force).if_still(form.text("version"));
    match api.attempt(call).await? {
        Ok(_) => Ok(see_other(&format!("{}?done=deleted", partner.here()))?),
        Err(problem) => show(api, partner, alias, Beside::of(problem)).await,
    }
}

impl Beside {
    fn of(problem: ShownProblem) -> Self {
        Self {
            problem: Some(problem),
            ..Self::default()
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    logistic_accounts: Vec<ListedAccount>,
}

#[derive(Deserialize)]
struct ListedAccount {
    alias: String,
}

/// The aliases of the client's accounts, if the visitor may see them.
pub(crate) async fn aliases(api: &Api<'_>) -> Result<Vec<String>, Failed> {
    if !api.visitor.caller().has_one_of(&[Scope::Configuration]) {
        return Ok(Vec::new());
    }
    let listed: Listed = api.get(Call::of("GET /logistic-accounts")).await?;
    let accounts = listed.logistic_accounts.into_iter();
    Ok(accounts.map(|account| account.alias).collect())
}
