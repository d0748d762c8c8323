//! The routes of messages.

use utoipa::IntoParams;

use crate::contract::invoice::{InvoiceBody, SentMessageBody};
use crate::contract::message_list::{MessageBody, MessageListBody};
use crate::contract::problem::ProblemBody;
use crate::domain::message::MessageKind;
use crate::edge::description::{BodyProblems, KeyProblems};

/// Tells the client's endpoints of an invoice, once: a repeat of the same request answers the same, with
/// `idempotent-replayed: true`. A 200 means that the message is stored and on its way.
#[utoipa::path(
    post, path = "/invoices", tag = "messages",
    request_body = InvoiceBody,
    responses(
        (status = 200, description = "The message", body = SentMessageBody),
        KeyProblems,
        BodyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn send_invoice() {}

/// Which messages are looked for: exactly one of `subject`, `endpointId` with `status`, and `kind`.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query; the function reads it")]
struct MessageParameters {
    /// Those about this order, return order or other subject, in the order in which RMS accepted them.
    #[param(example = "asdf1234")]
    subject: Option<String>,
    /// Those that this endpoint did not take, the newest failure first; with `status`.
    #[param(rename = "endpointId")]
    endpoint_id: Option<String>,
    /// With `endpointId` `failed`: deliveries that were given up; `pending`: deliveries that failed at least once and are
    /// tried again; or `parked`: deliveries that wait until the suspended endpoint is active again, lane by lane, the
    /// oldest of a lane first.
    #[param(example = "failed")]
    status: Option<String>,
    /// Those of this kind, the newest first; not `NOTIFICATION`.
    kind: Option<MessageKind>,
    /// Only those that were accepted (`parked` ones too), failed, or, if they are `pending`, were first attempted at this
    /// moment or later (RFC 3339).
    since: Option<String>,
    /// Only those before this moment (RFC 3339).
    until: Option<String>,
    /// With `endpointId` or `kind`: the `cursor` of the page before.
    cursor: Option<String>,
}

/// Lists messages: about a subject, those that an endpoint did not take, or of a kind.
#[utoipa::path(
    get, path = "/messages", tag = "messages",
    params(MessageParameters),
    responses(
        (status = 200, description = "A page of them", body = MessageListBody),
        (status = 400, description = "A parameter is invalid, or it is not one question", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn list_messages() {}

/// One message with its body, and its deliveries with their attempts.
#[utoipa::path(
    get, path = "/messages/{messageId}", tag = "messages",
    params(("messageId" = String, Path, description = "The message's id, or a notification's")),
    responses(
        (status = 200, description = "The message", body = MessageBody),
        (status = 404, description = "There is no such message", body = ProblemBody, content_type = "application/problem+json"),
        KeyProblems,
    ),
    security(("bearer" = []), ("apiKey" = [])),
)]
#[expect(dead_code, reason = "carries the description of its route")]
fn get_message() {}
