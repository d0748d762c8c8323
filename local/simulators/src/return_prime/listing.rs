//! The read calls.
//!
//! Successive pages share a request, and a page after the last one repeats it: a reader must know requests by their ids and
//! stop when a page brings nothing new.

use std::collections::BTreeMap;

use axum::extract::Query;
use http::Uri;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::calls::VendorRequest;
use crate::return_prime::answer::{LISTED, READ, Refusal, envelope};
use crate::return_prime::book::{Book, text};

/// The requests of a page; the last of them is the first of the next page.
const PAGE: usize = 10;

/// The length of an object id, in hexadecimal digits.
const ID_LENGTH: usize = 24;

type Request = Map<String, Value>;

/// `GET /return-exchange/v2/{id}`.
pub(super) fn read(book: &Book, request: &VendorRequest) -> Result<Value, Refusal> {
    let id = last_part(request.uri());
    if id.len() != ID_LENGTH || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refusal::NotAnId);
    }
    let unknown = || Refusal::Failed("Request not found".to_owned());
    let found = book.by_id(id).ok_or_else(unknown)?;
    Ok(envelope(READ, &json!({ "request": found })))
}

/// `GET /return-exchange/v2`.
pub(super) fn list(book: &Book, request: &VendorRequest) -> Result<Value, Refusal> {
    let filter = Filter::of(request.uri())?;
    let found: Vec<&Request> = book
        .requests()
        .iter()
        .filter(|request| filter.matches(request))
        .collect();
    let step = PAGE.saturating_sub(1);
    let last = found.len().saturating_sub(2) / step;
    let page = filter.page.saturating_sub(1).min(last);
    let rows: Vec<&Request> = found
        .into_iter()
        .skip(page.saturating_mul(step))
        .take(PAGE)
        .collect();
    let data = json!({ "list": rows, "hasNextPage": page < last, "hasPreviousPage": page > 0 });
    Ok(envelope(LISTED, &data))
}

/// What a list is asked for.
struct Filter {
    parameters: BTreeMap<String, String>,
    page: usize,
    created_from: Option<Timestamp>,
    created_to: Option<Timestamp>,
}

impl Filter {
    fn of(uri: &Uri) -> Result<Self, Refusal> {
        let parameters = Query::<BTreeMap<String, String>>::try_from_uri(uri);
        let parameters = parameters.map(|Query(found)| found).unwrap_or_default();
        Ok(Self {
            page: parsed(&parameters, "page")?.unwrap_or(1),
            created_from: parsed(&parameters, "created_at_min")?,
            created_to: parsed(&parameters, "created_at_max")?,
            parameters,
        })
    }

    fn matches(&self, request: &Request) -> bool {
        let is = |name, path: &str| self.is(name, at(request, path).as_deref());
        is("request_number", "request_number")
            && is("request_type", "request_type")
            && is("order_name", "order/name")
            && is("order_id", "order/id")
            && is("customer_email", "customer/email")
            && is("customer_phone", "customer/phone")
            && self.has_awb(request)
            && self.is_created_between(request)
    }

    fn is(&self, name: &str, value: Option<&str>) -> bool {
        let wanted = self.parameters.get(name);
        wanted.is_none_or(|wanted| wanted.is_empty() || value == Some(wanted.as_str()))
    }

    fn has_awb(&self, request: &Request) -> bool {
        let Some(wanted) = self.parameters.get("awb") else {
            return true;
        };
        let items = request.get("line_items").and_then(Value::as_array);
        let shipping = items
            .into_iter()
            .flatten()
            .filter_map(|item| item.get("shipping")?.as_array());
        shipping
            .flatten()
            .any(|parcel| parcel.get("awb").and_then(Value::as_str) == Some(wanted))
    }

    fn is_created_between(&self, request: &Request) -> bool {
        if self.created_from.is_none() && self.created_to.is_none() {
            return true;
        }
        let created = text(request, "created_at").and_then(|at| at.parse::<Timestamp>().ok());
        created.is_some_and(|created| {
            self.created_from.is_none_or(|from| created >= from)
                && self.created_to.is_none_or(|to| created <= to)
        })
    }
}

fn parsed<T: std::str::FromStr>(
    parameters: &BTreeMap<String, String>,
    name: &str,
) -> Result<Option<T>, Refusal> {
    let Some(value) = parameters.get(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let unreadable = |_| Refusal::Failed(format!("{name} is not valid"));
    value.parse().map(Some).map_err(unreadable)
}

/// A value below the request as text; a Shopify id is a number.
fn at(request: &Request, path: &str) -> Option<String> {
    let mut parts = path.split('/');
    let first = request.get(parts.next()?)?;
    match parts.try_fold(first, |value, part| value.get(part))? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn last_part(uri: &Uri) -> &str {
    uri.path().rsplit('/').next().unwrap_or_default()
}
