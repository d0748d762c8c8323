//! Logistic accounts: a client's credentials at aggregators.

mod shown;

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::aggregators::{PushProof, Registers, all_configured};
use logistics::clock;
use logistics::contract::account::body::{AccountBody, AccountRequestBody, AccountsBody};
use logistics::contract::account::{self, AccountRules, Declared};
use logistics::contract::checked_account::CheckedBody;
use logistics::contract::problem::ProblemBody;
use logistics::domain::account::LogisticAccount;
use logistics::domain::account_request::AccountRequest;
use logistics::domain::client::Caller;
use logistics::domain::text::AccountAlias;
use logistics::domain::version::Versioned;
use logistics::edge::answer;
use logistics::edge::precondition::{self, Conditions};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{
    BodyProblems, ConditionProblems, ConditionalBodyProblems, KeyProblems, NameProblems,
    PageProblems,
};
use logistics::edge::request::{Answer, base_url, flag, named, parameter, read_json};
use logistics::flows::configuring::check_account::check_account;
use logistics::flows::configuring::remove_account::remove_account;
use logistics::flows::configuring::save_account::save_account;

use crate::App;
use shown::{listed, shown};

/// Creates or replaces a logistic account.
#[utoipa::path(
    put, path = "/logistic-accounts/{alias}", tag = "configuration", operation_id = "put_account",
    params(("alias" = AccountAlias, Path, description = "1 to 64 characters of A-Z, a-z, 0-9, _ and -"), Conditions),
    request_body = AccountRequestBody,
    responses(
        (status = 201, description = "Created. The password of its push credential is only in this response", body = AccountBody, headers(("Cache-Control"), ("ETag"))),
        (status = 200, description = "Replaced or unchanged", body = AccountBody, headers(("Cache-Control"), ("ETag"))),
        KeyProblems,
        BodyProblems,
        ConditionalBodyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn put(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let precondition = precondition::read(request)?;
    let wanted = read(app, request)?;
    let now = clock::now();
    let base_url = base_url(request);
    let saved = save_account(
        &app.accounts,
        caller,
        &alias,
        &wanted,
        &base_url,
        &precondition,
        now,
    );
    let saved = saved.await?;
    let password = saved.push_password.as_ref();
    let body = shown(&saved.account.value, &base_url, password);
    let status = if saved.made {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(answer::configured(status, &body, &saved.account.version))
}

/// Parses the body by the adapter's form and the rules for URLs.
fn read(app: &App, request: &Request) -> Result<AccountRequest, Problem> {
    let may_call = |url: &_| {
        let checked = app.accounts.outbound.may_call(url);
        checked.map_err(|forbidden| forbidden.to_string())
    };
    let rules = AccountRules {
        aggregator: &declared,
        url: &may_call,
    };
    read_json(request, |fields| account::read(fields, &rules))
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

/// A logistic account; its version is the `ETag`.
#[utoipa::path(
    get, path = "/logistic-accounts/{alias}", tag = "configuration", operation_id = "get_account",
    params(("alias" = AccountAlias, Path, description = "The account")),
    responses(
        (status = 200, description = "The account", body = AccountBody, headers(("Cache-Control"), ("ETag"))),
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn get(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let table = &app.accounts.accounts;
    let found = table.read(&caller.client_id, &alias).await?;
    let found = found.ok_or_else(|| Problem::new(ProblemKind::NotFound, "account not found"))?;
    let body = shown(&found.value, &base_url(request), None);
    Ok(answer::configured(StatusCode::OK, &body, &found.version))
}

/// The client's logistic accounts.
#[utoipa::path(
    get, path = "/logistic-accounts", tag = "configuration", operation_id = "list_accounts",
    params(("cursor" = Option<String>, Query, description = "The `cursor` of the previous page.")),
    responses(
        (status = 200, description = "A page of accounts", body = AccountsBody, headers(("Cache-Control"))),
        PageProblems,
        KeyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
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

/// Removes a logistic account. Its pushes are refused from then on.
#[utoipa::path(
    delete, path = "/logistic-accounts/{alias}", tag = "configuration", operation_id = "delete_account",
    params(("alias" = AccountAlias, Path, description = "The account"), ("force" = Option<bool>, Query, description = "`true`: removes it although it is in use."), Conditions),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "It has live shipments among its newest 200 bookings", body = ProblemBody, content_type = "application/problem+json"),
        ConditionProblems,
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn delete(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let precondition = precondition::read(request)?;
    let force = flag(request, "force")?;
    let now = clock::now();
    remove_account(&app.accounts, caller, &alias, &precondition, force, now).await?;
    Ok(answer::no_content())
}

/// Checks a logistic account at its aggregator, with calls that change nothing.
#[utoipa::path(
    post, path = "/logistic-accounts/{alias}/check", tag = "configuration", operation_id = "check_account",
    params(("alias" = AccountAlias, Path, description = "The account")),
    responses(
        (status = 200, description = "The problems found", body = CheckedBody),
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn check(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let problems = check_account(&app.accounts, caller, &alias).await?;
    Ok(answer::json(StatusCode::OK, &CheckedBody::from(problems)))
}
