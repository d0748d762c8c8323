//! The fields of a Clickpost account, and its check: lists the usable couriers, and asks whether one accepts returns.

pub(super) mod settings;

use serde_json::{Value, json};

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::clickpost::call::{get, post};
use crate::aggregators::clickpost::recommend::{WITHIN_INDIA, couriers};
use crate::aggregators::clickpost::refusal::{DONE, accept};
use crate::aggregators::clickpost::wire::answer::{ClickpostAnswer, word};
use crate::aggregators::flags::flag;
use crate::aggregators::returns;
use crate::domain::account::{LogisticAccount, Region};
use crate::domain::courier::Recommendation;
use crate::domain::form::{AccountForm, AccountProblem, FormEntry, FormSetting, SettingKind};
use crate::domain::gstin;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const CHECK: Operation = Operation::reads("check");
const ACCOUNTS: &str = "v1/fetch-accounts";
const CODE: &str = "accountCode";
const GSTIN: &str = "sellerGstin";

/// The fields of accounts.
pub(super) static FORM: AccountForm = AccountForm {
    credentials: &[
        FormEntry {
            name: "username",
            help: "the user name, as the Clickpost dashboard shows it",
            is_needed: true,
            is_secret: false,
        },
        FormEntry {
            name: "key",
            help: "the API key, as the Clickpost dashboard shows it",
            is_needed: true,
            is_secret: true,
        },
    ],
    urls: &[FormEntry {
        name: "baseUrl",
        help: "only to call another host than https://www.clickpost.in/api, and for dates of delivery than https://ds.clickpost.in/api",
        is_needed: false,
        is_secret: false,
    }],
    settings: &[
        FormSetting {
            name: CODE,
            variant: Some("courier id"),
            help: "the alias of the courier account on the dashboard: one per courier id, or one for all couriers",
            per_warehouse: true,
            kind: SettingKind::Text,
        },
        text(GSTIN, "the seller's GST number, within India"),
        text(
            "vendorCode",
            "the code of the pickup location, for couriers that require one; without it they refuse with 355",
        ),
        text("contactEmail", "the e-mail address for pickups without one"),
        FormSetting {
            name: "async",
            variant: None,
            help: "whether Clickpost queues every order and responds at once",
            per_warehouse: true,
            kind: SettingKind::Flag,
        },
        text(
            "qcParams",
            "the quality checks of a return at the door, separated by commas, such as BRAND,COLOR",
        ),
        FormSetting {
            name: "manuallyUpdateStatus",
            variant: None,
            help: "whether Clickpost itself marks a cancelled order as cancelled; many couriers never report it",
            per_warehouse: false,
            kind: SettingKind::Flag,
        },
        FormSetting {
            name: "defaultItem",
            variant: None,
            help: "the contents of a parcel, for recommendations without line items",
            per_warehouse: false,
            kind: SettingKind::Text,
        },
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
        measure(
            "defaultWeight",
            "grams, for recommendations without a weight",
        ),
    ],
    at_the_partner: &[
        "Enter pushUrl as the webhook URL on Clickpost's dashboard, for all statuses or for selected ones.",
        "Set webhookKey to the key that the dashboard generates for the webhook: Clickpost sends it in the header webhook_key.",
    ],
};

const fn text(name: &'static str, help: &'static str) -> FormSetting {
    FormSetting {
        name,
        variant: None,
        help,
        per_warehouse: true,
        kind: SettingKind::Text,
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

/// An account at a courier.
struct CourierAccount {
    code: String,
    is_active: bool,
}

/// Lists the courier accounts and checks that those in the settings exist.
pub(super) async fn check(call: AggregatorCall<'_>) -> Result<Vec<AccountProblem>, PartnerFailure> {
    let request = get(call.partner.account, ACCOUNTS, &[])?;
    let answered = exchange(call.partner, CHECK, request).await?;
    let accounts = answered.read(|reply| {
        let answer = accept(reply, &[DONE], CHECK)?;
        accounts(&answer).ok_or(CHECK.unclear())
    })?;
    if !accounts.iter().any(|account| account.is_active) {
        return Ok(vec![AccountProblem::general(
            "Clickpost accepts the credentials, but no courier is active: activate one on the dashboard",
        )]);
    }
    let named = named_codes(call.account);
    let wrong = named.filter_map(|(field, code)| problem_of(&accounts, field, code));
    let mut problems: Vec<AccountProblem> = wrong.chain(wrong_gstins(call.account)).collect();
    if call.account.region == Region::Domestic {
        problems.extend(returns::missing(&couriers_of_a_return(call).await));
    }
    Ok(problems)
}

async fn couriers_of_a_return(
    call: AggregatorCall<'_>,
) -> Result<Vec<Recommendation>, PartnerFailure> {
    let question = json!([{
        "reference_number": "1",
        "item": "goods",
        "pickup_pincode": returns::FROM,
        "drop_pincode": returns::TO,
        "order_type": "PREPAID",
        "delivery_type": "RVP",
        "invoice_value": 500,
    }]);
    let request = post(call.partner.account, WITHIN_INDIA, &question)?;
    couriers(call, CHECK, request).await
}

fn problem_of(accounts: &[CourierAccount], field: String, code: &str) -> Option<AccountProblem> {
    let mut of_code = accounts.iter().filter(|account| account.code == code);
    match of_code.next() {
        Some(account) if account.is_active => None,
        Some(_) => Some(AccountProblem::of(
            field,
            format!("courier account {code} is inactive at Clickpost"),
        )),
        None => {
            let known: Vec<_> = accounts
                .iter()
                .map(|account| account.code.as_str())
                .collect();
            Some(AccountProblem::of(
                field,
                format!(
                    "Clickpost has no courier account {code}; it has {}",
                    known.join(", ")
                ),
            ))
        }
    }
}

/// The GST numbers that cannot be right. They are sent nevertheless: the tax office may know better.
fn wrong_gstins(account: &LogisticAccount) -> impl Iterator<Item = AccountProblem> {
    all_settings(account)
        .filter(|(_, name, _)| *name == GSTIN)
        .filter_map(|(field, _, gstin)| Some(AccountProblem::of(field, gstin::fault(gstin)?)))
}

/// The courier account codes in the settings, each with its field.
fn named_codes(account: &LogisticAccount) -> impl Iterator<Item = (String, &str)> {
    all_settings(account)
        .filter(|(_, name, _)| *name == CODE || name.starts_with("accountCode."))
        .map(|(field, _, code)| (field, code.trim()))
}

/// All settings: the field, the name and the value.
fn all_settings(account: &LogisticAccount) -> impl Iterator<Item = (String, &str, &str)> {
    let own = account
        .settings
        .iter()
        .map(|(name, value)| (format!("settings.{name}"), name.as_str(), value.as_str()));
    let of_warehouses = account.warehouses.iter().flat_map(|(warehouse, settings)| {
        settings.iter().map(move |(name, value)| {
            (
                format!("warehouses.{warehouse}.{name}"),
                name.as_str(),
                value.as_str(),
            )
        })
    });
    own.chain(of_warehouses)
}

fn accounts(answer: &ClickpostAnswer) -> Option<Vec<CourierAccount>> {
    let listed = answer.result()?.get("accounts")?.as_array()?;
    let account = |account: &Value| {
        Some(CourierAccount {
            code: word(account.get("account_code")?)?.into_owned(),
            is_active: account.get("account_active").and_then(flag).unwrap_or(true),
        })
    };
    Some(listed.iter().filter_map(account).collect())
}
