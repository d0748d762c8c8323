//! The fields of a Shipway account, and its check: lists its carriers, warehouses and return reasons.

use serde_json::Value;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::containers::entries;
use crate::aggregators::shipway::call::get;
use crate::aggregators::shipway::refusal::{check_status, words};
use crate::aggregators::shipway::wire::{flag, object, word};
use crate::domain::account::LogisticAccount;
use crate::domain::form::{AccountForm, AccountProblem, FormEntry, FormSetting, SettingKind};
use crate::outbound::client::Reply;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::partners::transport::{Operation, exchange};

const CHECK: Operation = Operation::reads("check");
const CARRIERS: &str = "getcarrier";
const WAREHOUSES: &str = "getwarehouses";
const RETURN_REASONS: &str = "Getreturnreasons";

/// The fields of accounts.
pub(super) static FORM: AccountForm = AccountForm {
    credentials: &[
        FormEntry {
            name: "email",
            help: "the e-mail address of the Shipway account",
            is_needed: true,
            is_secret: false,
        },
        FormEntry {
            name: "licenseKey",
            help: "the licence key of the account",
            is_needed: true,
            is_secret: true,
        },
    ],
    urls: &[FormEntry {
        name: "baseUrl",
        help: "only to call another host than https://app.shipway.com/api",
        is_needed: false,
        is_secret: false,
    }],
    settings: &[
        setting(
            "warehouseId",
            "Shipway's id of the warehouse that ships; required for labels",
            SettingKind::Id,
        ),
        setting(
            "returnWarehouseId",
            "Shipway's id of the warehouse that receives returns; without it, warehouseId",
            SettingKind::Id,
        ),
        FormSetting {
            name: "returnReasonId",
            variant: Some("reason"),
            help: "Shipway's id of a return reason: for one returnReason of a request, or for all others",
            per_warehouse: true,
            kind: SettingKind::Id,
        },
        setting(
            "returnOrderStatus",
            "R refund, E exchange; default R",
            SettingKind::OneOf(&["R", "E"]),
        ),
        setting(
            "refundPaymentId",
            "how Shipway refunds: 0 none, 4 gift card, 5 store credit, 6 original method; default 0",
            SettingKind::OneOf(&["0", "1", "2", "3", "4", "5", "6"]),
        ),
    ],
    at_the_partner: &[
        "Ask Shipway's support to push status updates to pushUrl: merchants cannot set it themselves.",
        "Couriers must be active at Shipway. Labels without a courierId also need an active rule that chooses a courier.",
    ],
};

const fn setting(name: &'static str, help: &'static str, kind: SettingKind) -> FormSetting {
    FormSetting {
        name,
        variant: None,
        help,
        per_warehouse: true,
        kind,
    }
}

/// Lists carriers, warehouses and return reasons, and checks that those in the settings exist.
pub(super) async fn check(call: AggregatorCall<'_>) -> Result<Vec<AccountProblem>, PartnerFailure> {
    let carriers = listed(call, CARRIERS).await?;
    let warehouses = listed(call, WAREHOUSES).await?;
    let reasons = listed(call, RETURN_REASONS).await?;
    let ids = |rows: &[Value], name: &str| -> Vec<String> {
        rows.iter()
            .filter_map(|row| word(row, &[name, "id"]))
            .collect()
    };
    let warehouses = ids(&warehouses, "warehouse_id");
    let reasons = ids(&reasons, "return_reason_id");
    let mut problems = carriers_problem(&carriers);
    for (field, name, id) in named(call.account) {
        let (known, what) = match name {
            "warehouseId" | "returnWarehouseId" => (&warehouses, "warehouse"),
            name if name.starts_with("returnReasonId") => (&reasons, "return reason"),
            _ => continue,
        };
        if !known.iter().any(|known| known == id) {
            let known = known.join(", ");
            let detail = format!("Shipway has no {what} {id}; it has {known}");
            problems.push(AccountProblem::of(field, detail));
        }
    }
    if !has(call.account, "warehouseId") {
        let known = warehouses.join(", ");
        let detail = format!("is required for labels; Shipway has the warehouses {known}");
        problems.push(AccountProblem::of("settings.warehouseId", detail));
    }
    Ok(problems)
}

/// Whether the account or one of its warehouses has a setting.
fn has(account: &LogisticAccount, name: &str) -> bool {
    account.settings.contains_key(name)
        || account
            .warehouses
            .values()
            .any(|settings| settings.contains_key(name))
}

fn carriers_problem(carriers: &[Value]) -> Vec<AccountProblem> {
    let takes_returns = |carrier: &Value| flag(carrier.get("reverse_status")) != Some(false);
    let problem = if carriers.is_empty() {
        "no courier is active at Shipway: nothing can be booked"
    } else if !carriers.iter().any(takes_returns) {
        "no active courier at Shipway accepts returns: return AWBs cannot be booked"
    } else {
        return Vec::new();
    };
    vec![AccountProblem::general(problem)]
}

/// All settings with their fields, names and values.
fn named(account: &LogisticAccount) -> Vec<(String, &str, &str)> {
    let own = account.settings.iter().map(|(name, value)| {
        let field = format!("settings.{name}");
        (field, name.as_str(), value.trim())
    });
    let of_warehouses = account.warehouses.iter().flat_map(|(code, settings)| {
        settings.iter().map(move |(name, value)| {
            let field = format!("warehouses.{code}.{name}");
            (field, name.as_str(), value.trim())
        })
    });
    own.chain(of_warehouses).collect()
}

/// The rows of a list. Shipway reports an empty list with a message.
async fn listed(call: AggregatorCall<'_>, path: &str) -> Result<Vec<Value>, PartnerFailure> {
    let request = get(call.partner.account, path, &[])?;
    exchange(call.partner, CHECK, request).await?.read(rows)
}

fn rows(reply: &Reply) -> Result<Vec<Value>, PartnerFailure> {
    check_status(reply)?;
    let body = object(reply).ok_or(CHECK.unclear())?;
    let message = body.get("message").unwrap_or(&Value::Null);
    if let Some(rows) = entries(message) {
        return Ok(rows.into_iter().cloned().collect());
    }
    if flag(body.get("success")) == Some(true) {
        return Ok(Vec::new());
    }
    let message = words(&body).ok_or(CHECK.unclear())?;
    Err(PartnerFailure::Refused(Refusal {
        code: None,
        message: Some(message),
    }))
}
