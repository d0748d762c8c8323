//! Courier recommendations. For India request and answer are lists; the international ones are single objects with other
//! field names.

use serde_json::{Map, Value, json};

use crate::clickpost::couriers::{self, Account, Courier, Habit};
use crate::clickpost::fields::Reader;
use crate::clickpost::order_fields::OrderFields;
use crate::clickpost::order_request::is_served;
use crate::clickpost::refusal::{BAD_REQUEST, Refusal};
use crate::clickpost::version::Version;
use crate::ways::Direction;

/// Best first.
const IN_INDIA: [i64; 5] = [4, 25, 5, 6, 55];
const ABROAD: [i64; 2] = [138, 164];

/// A courier with the account to use.
type Choice = (&'static Courier, &'static Account);

/// Answers a request for India: a result for each entry, in order, or no result if no entry has one.
pub(super) fn in_india(body: &Value) -> Result<Value, Refusal> {
    let Some(entries) = body.as_array().filter(|entries| !entries.is_empty()) else {
        let message = "the data must be a list of at least one shipment";
        return Err(Refusal::of(BAD_REQUEST, message));
    };
    let questions = (0..).zip(entries).map(|(index, entry)| read(index, entry));
    let questions: Vec<Question> = questions.collect::<Result<_, _>>()?;
    if questions.iter().all(|question| !question.is_served()) {
        return Ok(not_serviceable());
    }
    let results: Vec<Value> = questions.iter().map(Question::answer).collect();
    Ok(json!({
        "meta": { "success": true, "message": "SUCCESS", "status": 200 },
        "result": results,
    }))
}

/// Answers an international request.
pub(super) fn abroad(body: &Value) -> Result<Value, Refusal> {
    let fields = OrderFields::read(body, Version::V4)?;
    if !is_served(&fields.drop_postal_code) {
        return Ok(not_serviceable());
    }
    let choices = choices(&ABROAD, fields.direction);
    let preferences: Vec<Value> = (1_u8..)
        .zip(&choices)
        .map(|(priority, (courier, account))| {
            json!({
                "account_code": account.code,
                "courier_partner_code": courier.cp_id,
                "courier_partner_name": courier.name,
                "priority": priority,
            })
        })
        .collect();
    let names: Vec<String> = choices
        .iter()
        .map(|(courier, account)| format!("{}({})", courier.name, account.code))
        .collect();
    Ok(json!({
        "meta": { "status": 200, "message": "Success", "success": true },
        "result": {
            "preference_array": preferences,
            "filters_ran": {
                "1_active_accounts": names,
                "2_serviceable_accounts": names,
                "ordered_list_rule_matched": false,
                "3_accounts_after_load_distribution": names,
            },
            "pincode_serviceable": true,
        },
    }))
}

/// No courier serves the route: this is not a failure, and there is no result.
fn not_serviceable() -> Value {
    json!({ "meta": { "success": true, "message": "Pin code not serviceable", "status": 200 } })
}

/// One entry of the list for India.
struct Question {
    direction: Direction,
    drop_pincode: String,
}

fn read(index: usize, entry: &Value) -> Result<Question, Refusal> {
    let mut reader = Reader::within(entry, format!("[{index}]."))?;
    reader.order_type("order_type");
    let direction = reader.direction("delivery_type");
    reader.digits("pickup_pincode", &(6..=6));
    let drop_pincode = reader.digits("drop_pincode", &(6..=6));
    reader.loose("reference_number");
    reader.loose("item");
    reader.amount("invoice_value");
    reader.finish()?;
    Ok(Question {
        direction,
        drop_pincode,
    })
}

impl Question {
    fn is_served(&self) -> bool {
        is_served(&self.drop_pincode)
    }

    fn answer(&self) -> Value {
        let choices = if self.is_served() {
            choices(&IN_INDIA, self.direction)
        } else {
            Vec::new()
        };
        let preferences: Vec<Value> = (1..)
            .zip(&choices)
            .map(|(priority, choice)| preference(priority, *choice))
            .collect();
        json!({
            "preference_array": preferences,
            "filters_ran": filters_ran(&choices),
            "pincode_serviceable": self.is_served(),
        })
    }
}

fn preference(priority: u8, (courier, account): Choice) -> Value {
    json!({
        "cp_id": courier.cp_id,
        "cp_name": courier.name,
        "courier_name": courier.name,
        "account_code": account.code,
        "account_id": account.id,
        "priority": priority,
        "async": courier.has(Habit::Queues),
        "shipping_charge": null,
        "scores_computation": {},
    })
}

fn filters_ran(choices: &[Choice]) -> Map<String, Value> {
    let names: Vec<String> = choices
        .iter()
        .map(|(courier, account)| format!("{0}({1}({2}))", courier.name, account.code, account.id))
        .collect();
    [
        ("1_active_accounts_filter", json!(names)),
        ("2_serviceable_accounts_filter", json!(names)),
        ("4_ordered_list_account_names_filters_applied", json!(true)),
        ("ordered_list_filter_accounts", json!(names)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect()
}

/// The couriers of a list that support a direction, each with its first active account.
fn choices(list: &[i64], direction: Direction) -> Vec<Choice> {
    list.iter()
        .filter_map(|cp_id| couriers::by_id(*cp_id))
        .filter(|courier| courier.goes(direction))
        .filter_map(|courier| {
            let account = courier.accounts.iter().find(|account| account.is_active)?;
            Some((courier, account))
        })
        .collect()
}
