//! What an account at Shiprocket has, and a try of it: a log-in, and the list of the pickup locations.

use serde_json::Value;

use crate::aggregators::returns;
use crate::aggregators::shiprocket::call::Ask;
use crate::aggregators::shiprocket::recommend::serving;
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::{ask, log_in};
use crate::aggregators::shiprocket::wire::{Answer, text};
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::form::{AccountProblem, Entry, Form, Kind, Setting};
use crate::partners::call::Call;
use crate::partners::failure::Failure;

const PICKUP_LOCATIONS: &str = "settings/company/pickup";
const PICKUP_LOCATION: &str = "pickupLocation";

/// What accounts have.
pub(super) static FORM: Form = Form {
    credentials: &[
        Entry {
            name: "email",
            help: "the e-mail address of an API user, made in the panel; it is another user than the one who logs in there",
            is_needed: true,
        },
        Entry {
            name: "password",
            help: "the API user's password",
            is_needed: true,
        },
    ],
    urls: &[Entry {
        name: "baseUrl",
        help: "only to call another host than https://apiv2.shiprocket.in/v1/external",
        is_needed: false,
    }],
    settings: &[
        of_warehouse(
            PICKUP_LOCATION,
            "the nickname of the pickup address as it stands in the panel; labels and orders need it",
            Kind::Text,
        ),
        of_warehouse(
            "channelId",
            "number of the channel under which orders are made; else the account's custom channel",
            Kind::Id,
        ),
        of_warehouse(
            "defaultEmail",
            "stands in where the consignee has no e-mail address, because Shiprocket wants one",
            Kind::Text,
        ),
        of_warehouse(
            "returnReason",
            "one of Shiprocket's own texts; stands in for a reason that Shiprocket does not have",
            Kind::Text,
        ),
        measure(
            "defaultWeight",
            "grams, for recommendations without measures",
        ),
        measure("defaultLength", "cm, likewise"),
        measure("defaultBreadth", "cm, likewise"),
        measure("defaultHeight", "cm, likewise"),
    ],
    at_the_aggregator: &[
        "In the panel under Settings > API > Webhooks, enter pushUrl as the URL and the account's webhookKey as the token.",
        "Shiprocket takes no URL that contains shiprocket, kartrocket, sr or kr, wherever in it: give the API a domain of its own if its name has one.",
    ],
};

const fn of_warehouse(name: &'static str, help: &'static str, kind: Kind) -> Setting {
    Setting {
        name,
        variant: None,
        help,
        per_warehouse: true,
        kind,
    }
}

const fn measure(name: &'static str, help: &'static str) -> Setting {
    Setting {
        name,
        variant: None,
        help,
        per_warehouse: false,
        kind: Kind::Number,
    }
}

/// Logs in anew, because a token may outlive its password, and looks for the pickup locations that the settings name.
pub(super) async fn check(call: Call<'_>) -> Result<Vec<AccountProblem>, Failure> {
    log_in(call).await?;
    let reply = ask(call, &Ask::get(PICKUP_LOCATIONS, Vec::new())).await?;
    let answer = Answer::of(&reply).ok_or(Failure::Unreadable)?;
    if !(200..300).contains(&reply.status) || refusal::is_failure(&answer) {
        return Err(Failure::Refused(refusal::of(&reply)));
    }
    let known = nicknames(&answer).ok_or(Failure::Unreadable)?;
    let mut problems = problems(call.account, &known);
    if call.account.region == Region::Domestic {
        problems.extend(returns::missing(&serving(call, a_return()).await));
    }
    Ok(problems)
}

/// The query that asks which couriers take a return.
fn a_return() -> Vec<(&'static str, String)> {
    [
        ("pickup_postcode", returns::FROM),
        ("delivery_postcode", returns::TO),
        ("cod", "0"),
        ("weight", "0.5"),
        ("declared_value", "500"),
        ("is_return", "1"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

fn problems(account: &LogisticAccount, known: &[String]) -> Vec<AccountProblem> {
    let own = account.settings.get(PICKUP_LOCATION);
    let own = own.map(|location| ("settings.pickupLocation".to_owned(), location));
    let of_warehouses = account.warehouses.iter().filter_map(|(code, settings)| {
        let location = settings.get(PICKUP_LOCATION)?;
        Some((format!("warehouses.{code}.{PICKUP_LOCATION}"), location))
    });
    let named: Vec<_> = own.into_iter().chain(of_warehouses).collect();
    let there_are = if known.is_empty() {
        "the panel has none".to_owned()
    } else {
        format!("the panel has {}", known.join(", "))
    };
    if named.is_empty() {
        let detail = format!("is needed for labels and orders; {there_are}");
        return vec![AccountProblem::of("settings.pickupLocation", detail)];
    }
    let unknown = named
        .into_iter()
        .filter(|(_, location)| !known.contains(location));
    let problem = |(field, location): (String, &String)| {
        let detail = format!("there is no pickup location {location}; {there_are}");
        AccountProblem::of(field, detail)
    };
    unknown.map(problem).collect()
}

fn nicknames(answer: &Answer) -> Option<Vec<String>> {
    let listed = answer.at("/data/shipping_address")?.as_array()?;
    let nickname = |location: &Value| text(location.get("pickup_location")?);
    Some(listed.iter().filter_map(nickname).collect())
}
