//! `GET /notifications`: lists what aggregators pushed and we had no word for.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use logistics::contract::listed::{ListBody, ListedBody};
use logistics::contract::push::PushStatus;
use logistics::domain::client::Scope;
use logistics::edge::problem::{Kind, Problem};
use logistics::edge::request::{Answer, parameter, respond};
use logistics::edge::{answer, caller};
use logistics::store::api_keys::ApiKeys;
use logistics::store::unmapped::{Page, Unmapped, UnmappedIndex, Wanted};

/// What the function uses; its policy in the template says the same.
#[derive(Debug)]
pub struct App {
    /// Who may call.
    pub api_keys: ApiKeys,
    /// The notifications for which we had no word.
    pub unmapped: UnmappedIndex,
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Response<Body> {
    respond(&request, |request| list(app, request)).await
}

async fn list(app: &App, request: &Request) -> Answer {
    let caller = caller::authenticate(&app.api_keys, request, Scope::Notifications).await?;
    let wanted = wanted(request)?;
    let page = app.unmapped.of(&caller.client_id, &wanted).await?;
    Ok(answer::json(StatusCode::OK, &body(page)))
}

fn wanted(request: &Request) -> Result<Wanted, Problem> {
    if parameter::<String>(request, "status")?.as_deref() != Some("unmapped") {
        return Err(Problem::new(
            Kind::InvalidParameter,
            "give the parameter status; unmapped is what can be listed",
        ));
    }
    Ok(Wanted {
        aggregator: parameter(request, "aggregator")?,
        since: parameter(request, "since")?,
        until: parameter(request, "until")?,
        cursor: parameter(request, "cursor")?,
    })
}

fn body(page: Page) -> ListBody {
    ListBody {
        notifications: page.notifications.into_iter().map(listed).collect(),
        cursor: page.cursor.map(|cursor| cursor.to_string()),
    }
}

fn listed(unmapped: Unmapped) -> ListedBody {
    ListedBody {
        notification_id: unmapped.notification_id,
        status: PushStatus::Unmapped.into(),
        aggregator: unmapped.aggregator.to_string(),
        logistic_account_alias: unmapped.alias.to_string(),
        order_number: unmapped.order_number.to_string(),
        shipment_type: unmapped.shipment_type,
        pushed_type: unmapped.pushed_type,
        received_at: unmapped.received_at,
    }
}
