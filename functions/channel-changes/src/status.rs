//! `POST …/acknowledge` and `POST …/cancel`.

use lambda_http::Request;
use logistics::contract::problem::ProblemBody;
use logistics::contract::selling::order_status::ChangedOrderBody;
use logistics::domain::client::Caller;
use logistics::domain::selling::fulfilment::StatusChange;
use logistics::domain::text::{AccountAlias, ChannelOrderId};
use logistics::edge::answer;
use logistics::edge::problem_sets::{ChannelChangeProblems, ChannelProblems, KeyProblems};
use logistics::edge::request::Answer;
use logistics::flows::channelling::change_order::change_status::change_status;

use crate::{App, channel, order};

/// Gives an order the status of an acknowledged one, `acknowledgedStatus` of the account. Returns the status that the channel then
/// has. An order that has it already or is further on is not changed, and its status is returned with `idempotent-replayed: true`.
#[utoipa::path(
    post, path = "/channels/{alias}/orders/{channelOrderId}/acknowledge", tag = "channels", operation_id = "acknowledge_channel_order",
    params(("alias" = AccountAlias, Path, description = "The channel account"), ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order")),
    responses(
        (status = 200, description = "The order with its status", body = ChangedOrderBody, headers(("idempotent-replayed"))),
        KeyProblems,
        ChannelProblems,
        ChannelChangeProblems,
        (status = 422, description = "The channel did not do it, or does not support it", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn acknowledge(app: &App, caller: &Caller, request: &Request) -> Answer {
    change(app, caller, request, StatusChange::Acknowledge).await
}

/// Cancels an order, as far as it is not fulfilled. Returns the status that the channel then has. An order that is cancelled already
/// is not changed, and its status is returned with `idempotent-replayed: true`.
#[utoipa::path(
    post, path = "/channels/{alias}/orders/{channelOrderId}/cancel", tag = "channels", operation_id = "cancel_channel_order",
    params(("alias" = AccountAlias, Path, description = "The channel account"), ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order")),
    responses(
        (status = 200, description = "The order with its status", body = ChangedOrderBody, headers(("idempotent-replayed"))),
        KeyProblems,
        ChannelProblems,
        ChannelChangeProblems,
        (status = 422, description = "The channel did not do it, or does not support it", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn cancel(app: &App, caller: &Caller, request: &Request) -> Answer {
    change(app, caller, request, StatusChange::Cancel).await
}

async fn change(app: &App, caller: &Caller, request: &Request, change: StatusChange) -> Answer {
    let order = order(request)?;
    let channel = channel(app, caller, request).await?;
    let changed = change_status(channel.order(&order), change).await?;
    let body = ChangedOrderBody {
        channel_order_id: &order,
        status: changed.status.as_deref(),
    };
    Ok(answer::once(&body, changed.replayed))
}
