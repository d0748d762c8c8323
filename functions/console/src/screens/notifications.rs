//! A notification: the push as it came, beside what was made of it, and its deliveries.

use askama::Template;
use logistics::contract::indented::indented;
use logistics::domain::client::Scope;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::api::{Api, Call};
use crate::failure::{Failed, Shown};
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::page;
use crate::screens::deliveries::ShownDelivery;
use crate::screens::endpoints::{Endpoint, EndpointList};
use crate::screens::shipments::shipment_url;
use crate::screens::unmapped::code_url;
use crate::shown_problem::FieldError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneNotification {
    notification_id: String,
    status: String,
    aggregator: Option<String>,
    logistic_account_alias: Option<String>,
    order_number: String,
    shipment_code: Option<String>,
    shipment_type: String,
    awb: Option<String>,
    notification_type: Option<String>,
    #[serde(default)]
    mapped_by_account: bool,
    replayed_at: Option<Moment>,
    pushed_type: String,
    #[serde(default)]
    errors: Vec<FieldError>,
    received_at: Moment,
    occurred_at: Option<Moment>,
    expires_at: Option<Moment>,
    raw: Box<RawValue>,
    payload: Option<Box<RawValue>>,
    deliveries: Vec<ShownDelivery>,
}

#[derive(Template)]
#[template(path = "notification.html")]
struct NotificationPage {
    frame: Frame,
    raw: String,
    payload: Option<String>,
    shipment: String,
    /// Where to say what its code means, if it has no type.
    code_place: Option<String>,
    /// The endpoints to which it was not sent, if the visitor may see them.
    unsent: Vec<Endpoint>,
    it: OneNotification,
}

impl OneNotification {
    fn code_place(&self) -> Option<String> {
        let alias = self.logistic_account_alias.as_ref()?;
        let is_unmapped = self.status == "UNMAPPED" && self.errors.is_empty();
        is_unmapped.then(|| code_url(alias, &self.pushed_type))
    }
}

/// The endpoints to which a notification that is forwarded was not sent.
async fn unsent(api: &Api<'_>, it: &OneNotification) -> Result<Vec<Endpoint>, Failed> {
    let may_see = api.visitor.caller().has_one_of(&[Scope::Configuration]);
    if !may_see || it.payload.is_none() {
        return Ok(Vec::new());
    }
    let list: EndpointList = api.get(Call::of("GET /webhook-endpoints")).await?;
    let mut endpoints = list.webhook_endpoints;
    endpoints.retain(|endpoint| {
        let mut sent = it.deliveries.iter();
        sent.all(|delivery| delivery.endpoint_id != endpoint.id)
    });
    Ok(endpoints)
}

/// The notification with this id.
pub(crate) async fn show(api: &Api<'_>, id: &str) -> Shown {
    let call = Call::of("GET /notifications/{token}").named("token", id);
    let it: OneNotification = api.get(call).await?;
    let code = it.shipment_code.as_deref().unwrap_or_default();
    Ok(page(&NotificationPage {
        frame: Frame::of(api, ""),
        raw: indented(it.raw.get()),
        payload: it.payload.as_ref().map(|payload| indented(payload.get())),
        shipment: shipment_url(&it.order_number, &it.shipment_type, code),
        code_place: it.code_place(),
        unsent: unsent(api, &it).await?,
        it,
    })?)
}
