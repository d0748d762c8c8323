//! Who changed which configuration, and when.

use askama::Template;
use serde::Deserialize;

use crate::api::{Api, Call};
use crate::failure::Shown;
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::page;

#[derive(Debug, Deserialize)]
struct Changes {
    changes: Vec<Change>,
    cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    at: Moment,
    key_id: String,
    subject: String,
    id: String,
    action: String,
    fields: Vec<String>,
    #[serde(default)]
    left_orders: Vec<String>,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    frame: Frame,
    list: Changes,
}

impl Change {
    /// `WEBHOOK_ENDPOINT` as `webhook endpoint`.
    fn subject(&self) -> String {
        self.subject.to_lowercase().replace('_', " ")
    }

    fn action(&self) -> String {
        self.action.to_lowercase().replace('_', " ")
    }
}

/// A page of the changes, the newest first.
pub(crate) async fn list(api: &Api<'_>) -> Shown {
    let call = Call::of("GET /audit").with("cursor", api.parameter("cursor"));
    let list = api.get(call).await?;
    let frame = Frame::of(api, "/console/audit");
    Ok(page(&AuditPage { frame, list })?)
}
