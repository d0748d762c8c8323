//! Channel accounts: a client's credentials at sales channels.

mod shown;

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::channels::{ConfiguresChannel, RegistersChannel, all_configured};
use logistics::clock;
use logistics::contract::channel_account::body::{
    ChannelAccountBody, ChannelAccountRequestBody, ChannelAccountsBody, OrderPollBody,
};
use logistics::contract::channel_account::{self, ChannelAccountRules};
use logistics::contract::checked_account::CheckedBody;
use logistics::domain::account::ChannelAccount;
use logistics::domain::channel_account_request::ChannelAccountRequest;
use logistics::domain::client::Caller;
use logistics::domain::form::AccountForm;
use logistics::domain::text::AccountAlias;
use logistics::edge::answer;
use logistics::edge::precondition::{self, Conditions};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::problem_sets::{
    BodyProblems, ConditionProblems, ConditionalBodyProblems, KeyProblems, NameProblems,
    PageProblems,
};
use logistics::edge::request::{Answer, base_url, named, parameter, read_json};
use logistics::flows::configuring::channel_poll::{channel_poll, channel_polls};
use logistics::flows::configuring::check_channel_account::check_channel_account;
use logistics::flows::configuring::remove_channel_account::remove_channel_account;
use logistics::flows::configuring::save_channel_account::save_channel_account;

use crate::App;
use shown::{listed, shown};

/// Creates or replaces a channel account.
#[utoipa::path(
    put, path = "/channel-accounts/{alias}", tag = "configuration", operation_id = "put_channel_account",
    params(("alias" = AccountAlias, Path, description = "1 to 64 characters of A-Z, a-z, 0-9, _ and -"), Conditions),
    request_body = ChannelAccountRequestBody,
    responses(
        (status = 201, description = "Created", body = ChannelAccountBody, headers(("Cache-Control"), ("ETag"))),
        (status = 200, description = "Replaced or unchanged", body = ChannelAccountBody, headers(("Cache-Control"), ("ETag"))),
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
    let accounts = &app.channel_accounts;
    let saved = save_channel_account(
        accounts,
        caller,
        &alias,
        &wanted,
        &precondition,
        clock::now(),
    )
    .await?;
    let account = &saved.account.value;
    let body = ChannelAccountBody {
        poll: poll(app, account).await?,
        ..shown(account, &base_url(request))
    };
    let status = if saved.made {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(answer::configured(status, &body, &saved.account.version))
}

/// Parses the body by the adapter's form and the rules for URLs.
fn read(app: &App, request: &Request) -> Result<ChannelAccountRequest, Problem> {
    let may_call = |url: &_| {
        let checked = app.channel_accounts.outbound.may_call(url);
        checked.map_err(|forbidden| forbidden.to_string())
    };
    let rules = ChannelAccountRules {
        form: &form,
        url: &may_call,
    };
    read_json(request, |fields| channel_account::read(fields, &rules))
}

fn form(name: &str) -> Result<&'static AccountForm, String> {
    let found = all_configured().find(|adapter| adapter.name() == name);
    found.map(ConfiguresChannel::form).ok_or_else(|| {
        let names: Vec<_> = all_configured().map(RegistersChannel::name).collect();
        format!("must be one of {}", names.join(", "))
    })
}

/// A channel account; its version is the `ETag`.
#[utoipa::path(
    get, path = "/channel-accounts/{alias}", tag = "configuration", operation_id = "get_channel_account",
    params(("alias" = AccountAlias, Path, description = "The account")),
    responses(
        (status = 200, description = "The account", body = ChannelAccountBody, headers(("Cache-Control"), ("ETag"))),
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn get(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let table = &app.channel_accounts.accounts;
    let found = table.read(&caller.client_id, &alias).await?;
    let found = found.ok_or_else(|| Problem::new(ProblemKind::NotFound, "account not found"))?;
    let body = ChannelAccountBody {
        poll: poll(app, &found.value).await?,
        ..shown(&found.value, &base_url(request))
    };
    Ok(answer::configured(StatusCode::OK, &body, &found.version))
}

/// The client's channel accounts.
#[utoipa::path(
    get, path = "/channel-accounts", tag = "configuration", operation_id = "list_channel_accounts",
    params(("cursor" = Option<String>, Query, description = "The `cursor` of the previous page.")),
    responses(
        (status = 200, description = "A page of accounts", body = ChannelAccountsBody, headers(("Cache-Control"))),
        PageProblems,
        KeyProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
    let cursor: Option<AccountAlias> = parameter(request, "cursor")?;
    let table = &app.channel_accounts.accounts;
    let page = table.page(&caller.client_id, cursor.as_ref()).await?;
    let now = clock::now();
    let accounts = page.items.iter().map(|account| &account.value);
    let polls = channel_polls(&app.channel_accounts, accounts.clone(), now).await?;
    let shown = accounts
        .zip(polls)
        .map(|(account, poll)| ChannelAccountBody {
            poll: poll.map(|poll| OrderPollBody::of(poll, now)),
            ..listed(account)
        });
    let body = ChannelAccountsBody {
        channel_accounts: shown.collect(),
        cursor: page.next,
    };
    Ok(answer::unkept(&body))
}

/// How far an account's orders were polled.
async fn poll(app: &App, account: &ChannelAccount) -> Result<Option<OrderPollBody>, Problem> {
    let now = clock::now();
    let poll = channel_poll(&app.channel_accounts, account, now).await?;
    Ok(poll.map(|poll| OrderPollBody::of(poll, now)))
}

/// Removes a channel account. Its webhooks are refused from then on.
#[utoipa::path(
    delete, path = "/channel-accounts/{alias}", tag = "configuration", operation_id = "delete_channel_account",
    params(("alias" = AccountAlias, Path, description = "The account"), Conditions),
    responses(
        (status = 204, description = "Removed"),
        ConditionProblems,
        KeyProblems,
        NameProblems,
    ),
    security(("bearer" = ["configuration"]), ("apiKey" = ["configuration"])),
)]
pub async fn delete(app: &App, caller: &Caller, request: &Request) -> Answer {
    let alias: AccountAlias = named(request, "alias")?;
    let precondition = precondition::read(request)?;
    let accounts = &app.channel_accounts;
    remove_channel_account(accounts, caller, &alias, &precondition, clock::now()).await?;
    Ok(answer::no_content())
}

/// Checks a channel account: its settings, and with calls that change nothing whether the channel accepts it.
#[utoipa::path(
    post, path = "/channel-accounts/{alias}/check", tag = "configuration", operation_id = "check_channel_account",
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
    let problems = check_channel_account(&app.channel_accounts, caller, &alias).await?;
    Ok(answer::json(StatusCode::OK, &CheckedBody::from(problems)))
}
