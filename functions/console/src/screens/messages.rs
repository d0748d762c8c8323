//! Messages to the client's systems: about a subject, of a kind, or undelivered ones of an endpoint; and one message.

use askama::Template;
use logistics::contract::indented::indented;
use logistics::domain::message::MessageKind;
use serde::Deserialize;
use serde_json::value::RawValue;
use strum::IntoEnumIterator as _;

use crate::api::{Api, Call};
use crate::failure::Shown;
use crate::form;
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{page, page_as};
use crate::screens::deliveries::{ShownAttempt, ShownDelivery, tone};
use crate::shown_problem::ShownProblem;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct MessageList {
    pub(crate) messages: Vec<ListedMessage>,
    pub(crate) cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedMessage {
    pub(crate) message_id: String,
    pub(crate) kind: String,
    pub(crate) notification_type: Option<String>,
    pub(crate) subject: String,
    pub(crate) created_at: Moment,
    pub(crate) deliveries: Vec<ListedDelivery>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedDelivery {
    pub(crate) endpoint_id: String,
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) attempt_count: u32,
    pub(crate) last_attempt: Option<ShownAttempt>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneMessage {
    message_id: String,
    kind: String,
    subject: String,
    created_at: Moment,
    request_id: Option<String>,
    body: Box<RawValue>,
    deliveries: Vec<ShownDelivery>,
}

#[derive(Template)]
#[template(path = "messages.html")]
struct MessagesPage<'a> {
    frame: Frame,
    kinds: Vec<String>,
    subject: &'a str,
    kind: &'a str,
    endpoint: &'a str,
    status: &'a str,
    problem: Option<ShownProblem>,
    list: Option<MessageList>,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    frame: Frame,
    body: String,
    it: OneMessage,
}

impl ListedMessage {
    /// What it says: of a notification its type.
    pub(crate) fn words(&self) -> &str {
        self.notification_type.as_deref().unwrap_or(&self.kind)
    }

    /// A notification has a page of its own, with the push.
    pub(crate) fn url(&self) -> String {
        let section = match self.kind.as_str() {
            "NOTIFICATION" => "notifications",
            _ => "messages",
        };
        format!("/console/{section}/{}", self.message_id)
    }
}

impl ListedDelivery {
    pub(crate) fn tone(&self) -> &'static str {
        tone(&self.state)
    }
}

/// Deliveries to an endpoint that are being retried, in short.
pub(crate) struct Retried {
    pub(crate) count: usize,
    pub(crate) is_more: bool,
    pub(crate) oldest: Option<Moment>,
    /// The result of the latest attempt.
    pub(crate) last: String,
}

impl MessageList {
    /// The same in short; `None` if there are none.
    pub(crate) fn in_short(&self) -> Option<Retried> {
        let attempts = self.messages.iter().flat_map(|message| &message.deliveries);
        let attempts = attempts.filter_map(|delivery| delivery.last_attempt.as_ref());
        let last = attempts.max_by_key(|attempt| attempt.at);
        (!self.messages.is_empty()).then(|| Retried {
            count: self.messages.len(),
            is_more: self.cursor.is_some(),
            oldest: self.messages.iter().map(|message| message.created_at).min(),
            last: last.map(ShownAttempt::result).unwrap_or_default(),
        })
    }
}

/// The list that the query asks for.
pub(crate) async fn list(api: &Api<'_>) -> Shown {
    let [subject, kind, endpoint, status] =
        ["subject", "kind", "endpointId", "status"].map(|name| api.parameter(name));
    let is_asked = !(subject.is_empty() && kind.is_empty() && endpoint.is_empty());
    let answer = if is_asked {
        let call = Call::of("GET /messages")
            .with("subject", subject)
            .with("kind", kind)
            .with("endpointId", endpoint)
            .with("status", status)
            .with("cursor", api.parameter("cursor"));
        Some(api.attempt(call).await?)
    } else {
        None
    };
    let (list, problem) = match answer {
        Some(Ok(answered)) => (Some(answered.read()?), None),
        Some(Err(problem)) => (None, Some(problem)),
        None => (None, None),
    };
    let shown_as = form::status(problem.as_ref().map_or(200, |problem| problem.status));
    let page = MessagesPage {
        frame: Frame::of(api, "/console/messages"),
        kinds: MessageKind::iter()
            .filter(|kind| *kind != MessageKind::Notification)
            .map(|kind| kind.to_string())
            .collect(),
        subject,
        kind,
        endpoint,
        status,
        problem,
        list,
    };
    Ok(page_as(shown_as, &page)?)
}

/// The message with this id.
pub(crate) async fn show(api: &Api<'_>, id: &str) -> Shown {
    let call = Call::of("GET /messages/{messageId}").named("messageId", id);
    let it: OneMessage = api.get(call).await?;
    Ok(page(&MessagePage {
        frame: Frame::of(api, "/console/messages"),
        body: indented(it.body.get()),
        it,
    })?)
}
