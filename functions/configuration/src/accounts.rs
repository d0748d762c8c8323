//! Logistic accounts: a client's credentials at aggregators.

mod shown;

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::aggregators::{PushProof, Registers, all_configured};
use logistics::clock;
use logistics::contract::account::body::{AccountProblemBody, AccountsBody, CheckedBody};
use logistics::contract::account::{self, AccountRules, Declared};
use logistics::contract::fields::read_body;
use logistics::domain::account::LogisticAccount;
use logistics::domain::account_request::AccountRequest;
use logistics::domain::client::Caller;
use logistics::domain::text::AccountAlias;
use logistics::domain::version::Versioned;
use logistics::edge::problem::{Problem, ProblemKind};
use logistics::edge::request::{Answer, LARGEST_BODY, base_url, flag, json_body, named, parameter};
use logistics::edge::{answer, precondition};
use logistics::flows::configuring::check_account::check_account;
use logistics::flows::configuring::remove_account::remove_account;
use logistics::flows::configuring::save_account::save_account;

use crate::App;
use shown::{listed, shown};

/// `PUT /logistic-accounts/{alias}`.
pub(crate) async fn put(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let precondition = precondition::read(request)?;
    let wanted = read(app, request)?;
    let now = clock::now();
    let saved = save_account(&app.accounts, caller, &alias, &wanted, &precondition, now).await?;
    let password = saved.push_password.as_ref();
    let body = shown(&saved.account.value, &base_url(request), password);
    let status = if saved.made {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(answer::configured(status, &body, &saved.account.version))
}

/// What is wanted, as the aggregator's adapter declares it and the way out allows it.
fn read(app: &App, request: &Request) -> Result<AccountRequest, Problem> {
    let may_call = |url: &_| {
        let checked = app.accounts.outbound.may_call(url);
        checked.map_err(|forbidden| forbidden.to_string())
    };
    let rules = AccountRules {
        aggregator: &declared,
        url: &may_call,
    };
    let body = json_body(request, LARGEST_BODY)?;
    Ok(read_body(body, |fields| account::read(fields, &rules))?)
}

fn declared(name: &str) -> Result<Declared, String> {
    let found = all_configured().find(|adapter| adapter.name() == name);
    let Some(adapter) = found else {
        let names: Vec<_> = all_configured().map(Registers::name).collect();
        return Err(format!("must be one of {}", names.join(", ")));
    };
    Ok(Declared {
        form: adapter.form(),
        has_webhook_key: matches!(
            adapter.push_proof(),
            PushProof::Token {
                key_header: Some(_)
            }
        ),
    })
}

/// `GET /logistic-accounts/{alias}`.
pub(crate) async fn get(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let table = &app.accounts.accounts;
    let found = table.read(&caller.client_id, &alias).await?;
    let found =
        found.ok_or_else(|| Problem::new(ProblemKind::NotFound, "there is no such account"))?;
    let body = shown(&found.value, &base_url(request), None);
    Ok(answer::configured(StatusCode::OK, &body, &found.version))
}

/// `GET /logistic-accounts`.
pub(crate) async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
    let cursor: Option<AccountAlias> = parameter(request, "cursor")?;
    let table = &app.accounts.accounts;
    let page = table.page(&caller.client_id, cursor.as_ref()).await?;
    let base_url = base_url(request);
    let accounts = page.items.iter();
    let listed = |account: &Versioned<LogisticAccount>| listed(&account.value, &base_url);
    let body = AccountsBody {
        logistic_accounts: accounts.map(listed).collect(),
        cursor: page.next,
    };
    Ok(answer::unkept(&body))
}

/// `DELETE /logistic-accounts/{alias}`.
pub(crate) async fn delete(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let precondition = precondition::read(request)?;
    let force = flag(request, "force")?;
    let now = clock::now();
    remove_account(&app.accounts, caller, &alias, &precondition, force, now).await?;
    Ok(answer::no_content())
}

/// `POST /logistic-accounts/{alias}/check`.
pub(crate) async fn check(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let problems = check_account(&app.accounts, caller, &alias).await?;
    let body = CheckedBody {
        ok: problems.is_empty(),
        problems: problems.into_iter().map(AccountProblemBody::from).collect(),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
