//! Return orders: a list, and one with its pieces and everything that happened to it.

use askama::Template;
use serde::Deserialize;
use url::form_urlencoded;

use crate::api::{Api, Call};
use crate::failure::Shown;
use crate::form;
use crate::frame::Frame;
use crate::moment::Moment;
use crate::respond::{page, page_as};
use crate::screens::deliveries::tone;
use crate::screens::shipments::shipment_url;
use crate::shown_problem::ShownProblem;

/// A return order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShownReturn {
    pub(crate) return_order_code: String,
    forward_order_code: String,
    location_code: String,
    order_type: String,
    pub(crate) state: String,
    awb_number: Option<String>,
    transporter: Option<String>,
    return_order_time: Moment,
    expected_date: Option<String>,
    order_items: Vec<Piece>,
    timeline: Vec<Happened>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Piece {
    item_code: String,
    channel_sku_code: String,
    reason: String,
    qc_status: Option<String>,
    qc_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Happened {
    at: Moment,
    event: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReturnList {
    return_orders: Vec<ShownReturn>,
    cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "returns.html")]
struct ReturnsPage<'a> {
    frame: Frame,
    forward_order: &'a str,
    state: &'a str,
    problem: Option<ShownProblem>,
    list: Option<ReturnList>,
}

#[derive(Template)]
#[template(path = "return.html")]
struct ReturnPage {
    frame: Frame,
    forward: String,
    it: ShownReturn,
}

impl ShownReturn {
    /// Its page.
    pub(crate) fn url(&self) -> String {
        let code: String =
            form_urlencoded::byte_serialize(self.return_order_code.as_bytes()).collect();
        format!("/console/returns/one?code={code}")
    }

    fn tone(&self) -> &'static str {
        tone(&self.state)
    }
}

/// The newest return orders, or those that the query asks for.
pub(crate) async fn list(api: &Api<'_>) -> Shown {
    let (forward_order, state) = (api.parameter("forwardOrderCode"), api.parameter("state"));
    let call = Call::of("GET /return-orders")
        .with("forwardOrderCode", forward_order)
        .with("state", state)
        .with("cursor", api.parameter("cursor"));
    let (list, problem) = match api.attempt(call).await? {
        Ok(answered) => (Some(answered.read()?), None),
        Err(problem) => (None, Some(problem)),
    };
    let status = form::status(problem.as_ref().map_or(200, |problem| problem.status));
    let page = ReturnsPage {
        frame: Frame::of(api, "/console/returns"),
        forward_order,
        state,
        problem,
        list,
    };
    Ok(page_as(status, &page)?)
}

/// The return order that the query names.
pub(crate) async fn show(api: &Api<'_>) -> Shown {
    let code = api.parameter("code");
    let call = Call::of("GET /return-orders").with("returnOrderCode", code);
    let it: ShownReturn = api.get(call).await?;
    Ok(page(&ReturnPage {
        frame: Frame::of(api, "/console/returns"),
        forward: shipment_url(&it.forward_order_code, "", ""),
        it,
    })?)
}
