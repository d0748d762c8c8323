//! The failed deliveries that a recovery would match, as a file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lambda_http::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use lambda_http::{Body, Response};
use logistics::contract::recovery::{self, RecoveryRequest};
use logistics::domain::client::Scope;
use logistics::domain::delivery::{Attempt, AttemptEnd, DeliveryRecord, instant};
use logistics::domain::shipment_id::ShipmentId;
use logistics::domain::text::{Awb, EndpointId};
use logistics::edge::problem::Problem;
use logistics::edge::problem::kind::ProblemKind;
use logistics::edge::request::read_json;
use logistics::flows::delivering::recover_deliveries::{Candidate, matching};
use logistics::store::keys::Key;
use logistics::store::message_keys::message_id;

use crate::api::{Api, Call};
use crate::failure::Shown;
use crate::screens::deliveries::{in_words, result};
use crate::screens::recovery::{body, filters};
use crate::sheet::Sheet;

/// How many deliveries a file has at most.
const MOST: usize = 5_000;
const CUT: &str = "There are more: narrow the time to download the rest.";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const HEAD: [&str; 16] = [
    "webhook-id",
    "Message id",
    "Kind",
    "About",
    "AWB",
    "Notification type",
    "Pushed as",
    "Aggregator",
    "Account",
    "Accepted at",
    "Failed at",
    "Attempts",
    "Last result",
    "Last HTTP status",
    "Last answer of the endpoint",
    "Remark",
];

/// The file with this ending: `xlsx` or `csv`.
pub(crate) async fn failed(api: &Api<'_>, id: &str, ending: &str) -> Shown {
    api.admit(Scope::Notifications).await?;
    let filters = filters(|name| api.parameter(name));
    let call = Call::of("POST /webhook-endpoints/{id}/recover").body(body(&filters, "", true));
    let wanted = read_json(&api.request_of(call)?, recovery::read)?;
    let sheet = Sheet {
        name: "Failed deliveries",
        head: &HEAD,
        rows: rows(api, id, wanted).await?,
    };
    let (content, content_type) = match ending {
        "xlsx" => (
            Body::from(sheet.xlsx().map_err(|error| unwritten(&error))?),
            XLSX,
        ),
        _ => (Body::from(sheet.csv()), "text/csv; charset=utf-8"),
    };
    let mut response = Response::new(content);
    let named = format!("attachment; filename=\"failed-{id}.{ending}\"");
    let named = HeaderValue::from_str(&named).map_err(|_| absent())?;
    let headers = response.headers_mut();
    headers.insert(CONTENT_DISPOSITION, named);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    Ok(response)
}

async fn rows(
    api: &Api<'_>,
    id: &str,
    mut wanted: RecoveryRequest,
) -> Result<Vec<Vec<String>>, Problem> {
    let client = &api.visitor.caller().client_id;
    let endpoint: EndpointId = id.parse().map_err(|_| absent())?;
    let recovery = &api.functions.recover_endpoint.recovery;
    let mut rows = Vec::new();
    loop {
        let found = matching(recovery, client, &endpoint, &wanted).await;
        let (found, cursor) = found.map_err(Problem::from)?;
        let awbs = booked_awbs(api, &found).await?;
        rows.extend(found.iter().map(|found| row(api, found, &awbs)));
        let is_full = rows.len() >= MOST;
        if is_full && (cursor.is_some() || rows.len() > MOST) {
            rows.truncate(MOST);
            rows.push(vec![CUT.to_owned()]);
        }
        match cursor {
            Some(cursor) if !is_full => wanted.cursor = Some(cursor.to_string()),
            Some(_) | None => return Ok(rows),
        }
    }
}

/// The AWBs of the shipments whose pushes name none.
async fn booked_awbs(api: &Api<'_>, found: &[Candidate]) -> Result<BTreeMap<Key, Awb>, Problem> {
    let unnamed = found.iter().filter_map(|found| {
        let head = found.head.as_ref()?.notification.as_ref()?;
        let is_unnamed = head.awb.is_none();
        is_unnamed.then(|| shipment(api, found)).flatten()
    });
    let keys: BTreeSet<Key> = unnamed.collect();
    let keys: Vec<Key> = keys.into_iter().collect();
    let shipments = &api.functions.get_shipment.shipments;
    shipments.awbs(&keys).await.map_err(Problem::from)
}

/// The key of the shipment that a notification is about.
fn shipment(api: &Api<'_>, found: &Candidate) -> Option<Key> {
    let head = found.head.as_ref()?.notification.as_ref()?;
    let id = ShipmentId {
        client_id: api.visitor.caller().client_id.clone(),
        shipment_type: found.key.message().shipment_type(),
        order_number: head.order_number.clone(),
        shipment_code: head.shipment_code.clone(),
    };
    Some(id.key())
}

/// The result of the latest attempt that was made, and not given up before it.
fn answer(record: &DeliveryRecord) -> Option<String> {
    let was_made = |attempt: &&Attempt| match attempt.end {
        AttemptEnd::Accepted
        | AttemptEnd::Rejected
        | AttemptEnd::NoConnection
        | AttemptEnd::NoAnswer
        | AttemptEnd::ForbiddenTarget
        | AttemptEnd::NotSigned => true,
        AttemptEnd::Disabled | AttemptEnd::Removed | AttemptEnd::Expired => false,
    };
    let made = record.latest_first().find(was_made)?;
    Some(result(&made.end.to_string(), made.status))
}

fn row(api: &Api<'_>, found: &Candidate, awbs: &BTreeMap<Key, Awb>) -> Vec<String> {
    let Candidate { key, record, head } = found;
    let notification = head.as_ref().and_then(|head| head.notification.as_ref());
    let latest = record.latest();
    let kind = key.kind().map(|kind| kind.to_string());
    let about = head.as_ref().map(|head| head.subject.code().to_owned());
    let pushed = notification.and_then(|head| head.awb.as_ref());
    let awb = pushed.or_else(|| awbs.get(&shipment(api, found)?));
    let word = notification.and_then(|head| head.notification_type);
    let aggregator = notification.and_then(|head| head.aggregator.as_ref());
    let alias = notification.and_then(|head| head.alias.as_ref());
    let accepted = head.as_ref().map(|head| time(instant(head.created_at)));
    let end = latest.map(|attempt| attempt.end.to_string());
    let status = latest.and_then(|attempt| attempt.status);
    let remark = head.is_none().then_some("expired: it cannot be recovered");
    vec![
        key.delivery_id(),
        message_id(&key.message()),
        kind.unwrap_or_default(),
        about.unwrap_or_default(),
        awb.map(ToString::to_string).unwrap_or_default(),
        word.map(|word| word.to_string()).unwrap_or_default(),
        notification
            .map(|head| head.pushed_type.clone())
            .unwrap_or_default(),
        aggregator.map(ToString::to_string).unwrap_or_default(),
        alias.map(ToString::to_string).unwrap_or_default(),
        accepted.unwrap_or_default(),
        latest
            .map(|attempt| time(instant(attempt.at)))
            .unwrap_or_default(),
        record.attempts.to_string(),
        end.as_deref().map(in_words).unwrap_or_default().to_owned(),
        status.map(|status| status.to_string()).unwrap_or_default(),
        answer(record).unwrap_or_default(),
        remark.unwrap_or_default().to_owned(),
    ]
}

/// A time as ISO 8601: a spreadsheet shows the text as it is.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn absent() -> Problem {
    Problem::new(ProblemKind::NotFound, "endpoint not found")
}

fn unwritten(error: &rust_xlsxwriter::XlsxError) -> Problem {
    tracing::error!(error = %error, "spreadsheet not written");
    Problem::new(
        ProblemKind::Internal,
        "an internal error occurred; the logs have the request id",
    )
}
