//! `POST …/shipments`, `GET …/shipments`, `GET …/shipments/{shipmentId}` and `POST …/handover`.

use lambda_http::http::StatusCode;
use lambda_http::{Request, RequestExt};
use logistics::contract::described_values::PdfDocument;
use logistics::contract::problem::ProblemBody;
use logistics::contract::selling::handover::{self, HandoverBody, HandoverRequestBody};
use logistics::contract::selling::shipment::{
    self, ChannelShipmentBody, ShipmentRequestBody, ShipmentsBody,
};
use logistics::domain::client::Caller;
use logistics::domain::selling::document::{ChannelDocumentId, NewDocument};
use logistics::domain::text::{AccountAlias, ChannelOrderId};
use logistics::edge::answer;
use logistics::edge::problem_sets::{
    BodyProblems, ChannelChangeProblems, ChannelProblems, KeyProblems,
};
use logistics::edge::request::{Answer, wants_pdf};
use logistics::flows::channelling::change_order::create_document::create_document;
use logistics::flows::channelling::change_order::read_documents::read_shipments;

use crate::{App, SHIPMENT, channel, checked, document, named, order};

/// Creates a shipment of an order in the channel, once: a repeat of the same request returns the same shipment, with
/// `idempotent-replayed: true`. The order's status does not change; the handover changes it.
#[utoipa::path(
    post, path = "/channels/{alias}/orders/{channelOrderId}/shipments", tag = "channels", operation_id = "create_channel_shipment",
    params(("alias" = AccountAlias, Path, description = "The channel account"), ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order")),
    request_body = ShipmentRequestBody,
    responses(
        (status = 201, description = "The shipment", body = ChannelShipmentBody),
        (status = 200, description = "The shipment, which an earlier request created", body = ChannelShipmentBody, headers(("idempotent-replayed"))),
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
    let (shipment, key) = checked(request, shipment::read)?;
    let channel = channel(app, caller, request).await?;
    let shipment = NewDocument::Shipment(shipment);
    let created = create_document(channel.order(&order), &shipment, key.as_ref()).await?;
    Ok(document(created, StatusCode::CREATED))
}

/// The shipments of an order that the channel has, with those that handovers made.
#[utoipa::path(
    get, path = "/channels/{alias}/orders/{channelOrderId}/shipments", tag = "channels", operation_id = "list_channel_shipments",
    params(("alias" = AccountAlias, Path, description = "The channel account"), ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order")),
    responses(
        (status = 200, description = "The shipments", body = ShipmentsBody),
        KeyProblems,
        ChannelProblems,
        (status = 404, description = "Not found", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn list(app: &App, caller: &Caller, request: &Request) -> Answer {
    let order = order(request)?;
    let channel = channel(app, caller, request).await?;
    let shipments = read_shipments(channel.order(&order)).await?;
    let body = ShipmentsBody {
        shipments: shipments.iter().map(ChannelShipmentBody::from).collect(),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

/// A shipment; with `Accept: application/pdf` its label, if the channel has one.
#[utoipa::path(
    get, path = "/channels/{alias}/shipments/{shipmentId}", tag = "channels", operation_id = "get_channel_shipment",
    params(("alias" = AccountAlias, Path, description = "The channel account"), ("shipmentId" = ChannelDocumentId, Path, description = "The channel's id of the shipment")),
    responses(
        (status = 200, description = "The shipment, or its label", content((ChannelShipmentBody = "application/json"), (PdfDocument = "application/pdf"))),
        KeyProblems,
        ChannelProblems,
        (status = 404, description = "Not found", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn get(app: &App, caller: &Caller, request: &Request) -> Answer {
    let id = request.path_parameters();
    let id: ChannelDocumentId = named(id.first(SHIPMENT), "the channel has no such shipment")?;
    let channel = channel(app, caller, request).await?;
    if wants_pdf(request) {
        return Ok(answer::pdf(channel.label(&id).await?));
    }
    let shipment = channel.shipment(&id).await?;
    Ok(answer::json(
        StatusCode::OK,
        &ChannelShipmentBody::from(&shipment),
    ))
}

/// Hands an order over to its courier, once: the channel counts its items as shipped. Returns the status that the order then has; it
/// is complete only if it is invoiced too. A repeat of the same request returns the same answer, with `idempotent-replayed: true`.
#[utoipa::path(
    post, path = "/channels/{alias}/orders/{channelOrderId}/handover", tag = "channels", operation_id = "hand_over_channel_order",
    params(("alias" = AccountAlias, Path, description = "The channel account"), ("channelOrderId" = ChannelOrderId, Path, description = "The channel's id of the order")),
    request_body = HandoverRequestBody,
    responses(
        (status = 200, description = "The handover", body = HandoverBody, headers(("idempotent-replayed"))),
        KeyProblems,
        BodyProblems,
        ChannelProblems,
        ChannelChangeProblems,
        (status = 422, description = "Invalid request, more than is open, or refused by the channel", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["channels"]), ("apiKey" = ["channels"])),
)]
pub async fn hand_over(app: &App, caller: &Caller, request: &Request) -> Answer {
    let order = order(request)?;
    let handover = NewDocument::Handover(checked(request, handover::read)?);
    let channel = channel(app, caller, request).await?;
    let created = create_document(channel.order(&order), &handover, None).await?;
    Ok(document(created, StatusCode::OK))
}
