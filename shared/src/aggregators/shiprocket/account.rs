//! The fields of a Shiprocket account, and its check: logs in and lists the pickup locations.

use serde_json::Value;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::returns;
use crate::aggregators::shiprocket::call::get;
use crate::aggregators::shiprocket::recommend::serving;
use crate::aggregators::shiprocket::refusal;
use crate::aggregators::shiprocket::session::{ask, log_in};
use crate::aggregators::shiprocket::wire::{ShiprocketAnswer, text};
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::form::{AccountForm, AccountProblem, FormEntry, FormSetting, SettingKind};
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::Operation;

const CHECK: Operation = Operation::reads("check");
/// The path of the list of pickup locations.
pub(super) const PICKUP_LOCATIONS: &str = "settings/company/pickup";
/// The setting with the nickname of a pickup location.
pub(super) const PICKUP_LOCATION: &str = "pickupLocation";

/// The fields of accounts.
pub(super) static FORM: AccountForm = AccountForm {
    credentials: &[
        FormEntry {
            name: "email",
            help: "the e-mail address of an API user, created in the panel; not the user who logs in to the panel",
            is_needed: true,
            is_secret: false,
        },
        FormEntry {
            name: "password",
            help: "the API user's password",
            is_needed: true,
            is_secret: true,
        },
    ],
    urls: &[FormEntry {
        name: "baseUrl",
        help: "only to call another host than https://apiv2.shiprocket.in/v1/external",
        is_needed: false,
        is_secret: false,
    }],
    settings: &[
        of_warehouse(
            PICKUP_LOCATION,
            "the nickname of the pickup address in the panel; required for labels and orders",
            SettingKind::Text,
        ),
        of_warehouse(
            "channelId",
            "number of the channel in which orders are created; without it, the account's custom channel",
            SettingKind::Id,
        ),
        of_warehouse(
            "defaultEmail",
            "used if the consignee has no e-mail address, because Shiprocket requires one",
            SettingKind::Text,
        ),
        of_warehouse(
            "returnReason",
            "one of Shiprocket's own texts; used for return reasons that Shiprocket does not have",
            SettingKind::Text,
        ),
        measure(
            "defaultWeight",
            "grams, for recommendations without a weight",
        ),
        measure(
            "defaultLength",
            "cm, for recommendations without dimensions",
        ),
        measure(
            "defaultBreadth",
            "cm, for recommendations without dimensions",
        ),
        measure(
            "defaultHeight",
            "cm, for recommendations without dimensions",
        ),
    ],
    at_the_partner: &[
        "In the panel under Settings > API > Webhooks, enter pushUrl as the URL and the account's webhookKey as the token.",
        "Shiprocket refuses a URL that contains shiprocket, kartrocket, sr or kr anywhere: use a custom domain for the API if its name does.",
    ],
};

const fn of_warehouse(name: &'static str, help: &'static str, kind: SettingKind) -> FormSetting {
    FormSetting {
        name,
        variant: None,
        help,
        per_warehouse: true,
        kind,
    }
}

const fn measure(name: &'static str, help: &'static str) -> FormSetting {
    FormSetting {
        name,
        variant: None,
        help,
        per_warehouse: false,
        kind: SettingKind::Number,
    }
}

/// Logs in again, because a token may outlive its password, and checks the pickup locations in the settings.
pub(super) async fn check(call: AggregatorCall<'_>) -> Result<Vec<AccountProblem>, PartnerFailure> {
    log_in(call.partner).await?;
    let request = get(call.partner.account, PICKUP_LOCATIONS, &[])?;
    let answered = ask(call.partner, CHECK, request).await?;
    let known = answered.read(|reply| {
        let answer = ShiprocketAnswer::of(reply).ok_or(CHECK.unclear())?;
        if !(200..300).contains(&reply.status) || refusal::is_failure(&answer) {
            return Err(PartnerFailure::Refused(refusal::of(reply)));
        }
        nicknames(&answer).ok_or(CHECK.unclear())
    })?;
    let mut problems = problems(call.account, &known);
    if call.account.region == Region::Domestic {
        problems.extend(returns::missing(&serving(call, CHECK, &a_return()).await));
    }
    Ok(problems)
}

/// The query for couriers that accept a return.
fn a_return() -> [(&'static str, String); 6] {
    [
        ("pickup_postcode", returns::FROM),
        ("delivery_postcode", returns::TO),
        ("cod", "0"),
        ("weight", "0.5"),
        ("declared_value", "500"),
        ("is_return", "1"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
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
        let detail = format!("is required for labels and orders; {there_are}");
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

fn nicknames(answer: &ShiprocketAnswer) -> Option<Vec<String>> {
    let listed = answer.at("/data/shipping_address")?.as_array()?;
    let nickname = |location: &Value| text(location.get("pickup_location")?);
    Some(listed.iter().filter_map(nickname).collect())
}
