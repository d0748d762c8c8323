//! `POST …/invoices` and `GET …/invoices`.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use logistics::contract::problem::ProblemBody;
use logistics::contract::selling::invoice::{
    ChannelInvoiceRequestBody, InvoiceBody, InvoicesBody, read,
};
use logistics::domain::client::Caller;
use logistics::domain::selling::document::NewDocument;
use logistics::domain::text::{AccountAlias, ChannelOrderId};
use logistics::edge::answer;
use logistics::edge::problem_sets::{
    BodyProblems, ChannelChangeProblems, ChannelProblems, KeyProblems,
};
use logistics::edge::request::Answer;
use logistics::flows::channelling::change_order::create_document::create_document;
use logistics::flows::channelling::change_order::read_documents::read_invoices;

use crate::{App, channel, checked, document, order};

/// Creates an invoice of an order in the channel, once: a repeat of the same request returns the same invoice, with
/// `idempotent-replayed: true`. Read its `state`: a shop may leave it open although it was to take the money.
#[utoipa::path(
    post, path = "/channels/{alias}/orders/{channelOrderId}/invoices", tag = "channels", operation_id = "create_channel_invoice",
    params(("alias" = AccountAlias, Path, description = "The channel account"), ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order")),
    request_body = ChannelInvoiceRequestBody,
    responses(
        (status = 201, description = "The invoice", body = InvoiceBody),
        (status = 200, description = "The invoice, which an earlier request created", body = InvoiceBody, headers(("idempotent-replayed"))),
        KeyProblems,
        BodyProblems,
        ChannelProblems,
        ChannelChangeProblems,
        (status = 422, description = "Invalid request, more than is open, refused by the channel, or the key was used for other content", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn post(app: &App, caller: &Caller, request: &Request) -> Answer {
    let order = order(request)?;
    let (invoice, key) = checked(request, read)?;
    let channel = channel(app, caller, request).await?;
    let invoice = NewDocument::Invoice(invoice);
    let created = create_document(channel.order(&order), &invoice, key.as_ref()).await?;
    Ok(document(created, StatusCode::CREATED))
}

/// The invoices of an order that the channel has.
#[utoipa::path(
    get, path = "/channels/{alias}/orders/{channelOrderId}/invoices", tag = "channels", operation_id = "list_channel_invoices",
    params(("alias" = AccountAlias, Path, description = "The channel account"), ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order")),
    responses(
        (status = 200, description = "The invoices", body = InvoicesBody),
        KeyProblems,
        ChannelProblems,
        (status = 404, description = "Not found", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
    let order = order(request)?;
    let channel = channel(app, caller, request).await?;
    let invoices = read_invoices(channel.order(&order)).await?;
    let body = InvoicesBody {
        invoices: invoices.iter().map(InvoiceBody::from).collect(),
    };
    Ok(answer::json(StatusCode::OK, &body))
}
