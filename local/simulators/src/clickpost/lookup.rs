//! Look-ups: orders, their labels, and the account's couriers.

use serde_json::{Value, json};

use crate::clickpost::answer::{Answer, Teller, ok};
use crate::clickpost::book::Book;
use crate::clickpost::couriers;
use crate::clickpost::parameters::Parameters;
use crate::clickpost::refusal::{BAD_REQUEST, Refusal};
use crate::ways::Direction;

const WAYBILL_UNKNOWN: u16 = 330;
const ENTERPRISE: &str = "RMS demo";

/// The order with this AWB and courier. Every error is an HTTP 400 without details.
pub(super) fn order(
    book: &Book,
    teller: &Teller<'_>,
    parameters: &Parameters,
) -> Result<Answer, Refusal> {
    let Ok([awb, cp_id]) = parameters.all(["awb", "cp_id"]) else {
        return Err(Refusal::Speechless);
    };
    let order = book
        .by_waybill(awb)
        .filter(|order| order.request.courier.cp_id.to_string() == cp_id)
        .ok_or(Refusal::Speechless)?;
    Ok(teller.fetched(&order))
}

/// The label created with the order; `regenerate` creates one if there is none.
pub(super) fn label(
    book: &mut Book,
    teller: &Teller<'_>,
    parameters: &Parameters,
) -> Result<Answer, Refusal> {
    let [waybill, cp_id] = parameters.all(["waybill", "cp_id"])?;
    let unknown = || Refusal::of(WAYBILL_UNKNOWN, "Waybill not registered");
    let known = book.by_waybill(waybill);
    known
        .filter(|order| order.request.courier.cp_id.to_string() == cp_id)
        .ok_or_else(unknown)?;
    let is_made_now = parameters.is_on("regenerate");
    let order = book.change(waybill, |order| {
        let is_forward = order.direction() == Direction::Forward;
        order.has_label |= is_made_now && is_forward;
    });
    let order = order.ok_or_else(unknown)?;
    Ok(ok(json!({
        "meta": { "success": true, "status": 200, "message": "SUCCESS" },
        "result": { "shipping_label": teller.label_url(&order) },
    })))
}

/// The account's couriers with the aliases of their accounts; `active` filters them.
pub(super) fn accounts(parameters: &Parameters) -> Result<Answer, Refusal> {
    let active = switch(parameters.get("active"))?;
    let accounts: Vec<Value> = couriers::all()
        .iter()
        .flat_map(|courier| {
            courier
                .accounts
                .iter()
                .map(move |account| (courier, account))
        })
        .filter(|(_, account)| active.is_none_or(|active| account.is_active == active))
        .map(|(courier, account)| {
            json!({
                "courier_partner_id": courier.cp_id,
                "courier_name": courier.name,
                "account_code": account.code,
                "account_active": account.is_active,
            })
        })
        .collect();
    Ok(ok(json!({
        "meta": { "status": 200, "message": "SUCCESS", "success": true },
        "result": { "enterprise_name": ENTERPRISE, "accounts": accounts },
    })))
}

fn switch(value: Option<&str>) -> Result<Option<bool>, Refusal> {
    match value {
        None => Ok(None),
        Some("True" | "true") => Ok(Some(true)),
        Some("False" | "false") => Ok(Some(false)),
        Some(other) => {
            let message = format!("['“{other}” value must be either True or False.']");
            Err(Refusal::of(BAD_REQUEST, message))
        }
    }
}
