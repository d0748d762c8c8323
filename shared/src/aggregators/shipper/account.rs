//! The fields of a Shipper account, and its check: lists the couriers.

use std::time::Duration;

use jiff::tz::Offset;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

use crate::aggregators::call::AggregatorCall;
use crate::aggregators::shipper::call::get;
use crate::aggregators::shipper::refusal::accept;
use crate::domain::account::LogisticAccount;
use crate::domain::form::{AccountForm, AccountProblem, FormEntry, FormSetting, SettingKind};
use crate::domain::fulfilling::deadline::USUAL;
use crate::domain::measure::Parcel;
use crate::domain::text::WarehouseCode;
use crate::partners::failure::PartnerFailure;
use crate::partners::transport::{Operation, exchange};

const CHECK: Operation = Operation::reads("check");

/// The credential with the API key.
pub(super) const API_KEY: &str = "apiKey";

const ENVIRONMENT: &str = "environment";
const SANDBOX: &str = "sandbox";
const DEADLINE: &str = "confirmationDeadlineMinutes";
const TIME_ZONE: &str = "timeZone";
const PACKAGE_TYPE: &str = "packageType";
const INSURANCE: &str = "useInsurance";
const LENGTH: &str = "defaultLength";
const BREADTH: &str = "defaultBreadth";
const HEIGHT: &str = "defaultHeight";
const WEIGHT: &str = "defaultWeight";

/// The package type of all examples that could be read; Shipper's list of types could not.
const DEFAULT_PACKAGE_TYPE: u64 = 2;
/// The zones of Indonesia, without daylight saving time: their names and their hours before UTC.
const ZONES: [(&str, i8); 3] = [
    ("Asia/Jakarta", 7),
    ("Asia/Makassar", 8),
    ("Asia/Jayapura", 9),
];

/// The fields of accounts.
pub(super) static FORM: AccountForm = AccountForm {
    credentials: &[FormEntry {
        name: API_KEY,
        help: "the API key of the Shipper account",
        is_needed: true,
        is_secret: true,
    }],
    urls: &[FormEntry {
        name: "baseUrl",
        help: "only to call another host than https://merchant-api.shipper.id or the sandbox",
        is_needed: false,
        is_secret: false,
    }],
    settings: &[
        FormSetting {
            name: ENVIRONMENT,
            variant: None,
            help: "whether orders are real; default production",
            per_warehouse: false,
            kind: SettingKind::OneOf(&["production", SANDBOX]),
        },
        FormSetting {
            name: DEADLINE,
            variant: None,
            help: "minutes after which an outbound order that the OMS did not confirm is reported; default 15",
            per_warehouse: false,
            kind: SettingKind::Number,
        },
        FormSetting {
            name: TIME_ZONE,
            variant: None,
            help: "the zone of pickups, and of dates without one; default Asia/Jakarta",
            per_warehouse: false,
            kind: SettingKind::OneOf(&["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
        },
        FormSetting {
            name: PACKAGE_TYPE,
            variant: None,
            help: "Shipper's number of the type of parcels; default 2",
            per_warehouse: true,
            kind: SettingKind::Id,
        },
        FormSetting {
            name: INSURANCE,
            variant: None,
            help: "whether parcels are insured; Shipper refuses an order whose courier requires it otherwise. Default false",
            per_warehouse: true,
            kind: SettingKind::Flag,
        },
        measure(LENGTH, "cm, for recommendations without dimensions"),
        measure(BREADTH, "cm, for recommendations without dimensions"),
        measure(HEIGHT, "cm, for recommendations without dimensions"),
        measure(WEIGHT, "grams, for recommendations without dimensions"),
    ],
    at_the_partner: &[
        "Give Shipper pushUrl for the webhook of logistics statuses, exactly as it is shown: what proves the pushes is calculated from it.",
    ],
};

const fn measure(name: &'static str, help: &'static str) -> FormSetting {
    FormSetting {
        name,
        variant: None,
        help,
        per_warehouse: false,
        kind: SettingKind::Number,
    }
}

/// The account's usual parcel, if its settings have all its measures.
pub(super) fn usual_parcel(account: &LogisticAccount) -> Result<Option<Parcel>, PartnerFailure> {
    let length = usual(account, LENGTH)?;
    let breadth = usual(account, BREADTH)?;
    let height = usual(account, HEIGHT)?;
    let weight = usual(account, WEIGHT)?;
    let sides = length.zip(breadth).zip(height);
    Ok(sides
        .zip(weight)
        .map(|(((length, breadth), height), weight)| Parcel {
            length,
            breadth,
            height,
            weight,
        }))
}

fn usual<T: TryFrom<Decimal>>(
    account: &LogisticAccount,
    name: &'static str,
) -> Result<Option<T>, PartnerFailure> {
    let Some(setting) = account.setting(name, None) else {
        return Ok(None);
    };
    let measure = setting.trim().parse::<Decimal>().ok();
    measure
        .and_then(|measure| T::try_from(measure).ok())
        .map(Some)
        .ok_or(PartnerFailure::NotConfigured(name))
}

/// Whether the account is one of Shipper's sandbox.
pub(super) fn is_sandbox(account: &LogisticAccount) -> bool {
    account.setting(ENVIRONMENT, None) == Some(SANDBOX)
}

/// How long an outbound order may be unconfirmed.
pub(super) fn confirmation_deadline(account: &LogisticAccount) -> Duration {
    let minutes = account.setting(DEADLINE, None);
    let minutes = minutes.and_then(|minutes| minutes.trim().parse::<Decimal>().ok());
    let seconds = minutes.and_then(|minutes| minutes.checked_mul(Decimal::from(60)));
    let seconds = seconds.and_then(|seconds| seconds.ceil().to_u64());
    seconds.map_or(USUAL, Duration::from_secs)
}

/// The name of the account's zone.
pub(super) fn zone_name(account: &LogisticAccount) -> &'static str {
    zone(account).0
}

/// The account's offset from UTC, for dates without one.
pub(super) fn time_zone(account: &LogisticAccount) -> Offset {
    Offset::constant(zone(account).1)
}

fn zone(account: &LogisticAccount) -> (&'static str, i8) {
    let named = account.setting(TIME_ZONE, None);
    let mut zones = ZONES.into_iter();
    let [jakarta, ..] = ZONES;
    zones
        .find(|(name, _)| Some(*name) == named)
        .unwrap_or(jakarta)
}

/// Shipper's number of the type of a warehouse's parcels.
pub(super) fn package_type(account: &LogisticAccount, warehouse: Option<&WarehouseCode>) -> u64 {
    let number = account.setting(PACKAGE_TYPE, warehouse);
    number
        .and_then(|number| number.trim().parse().ok())
        .unwrap_or(DEFAULT_PACKAGE_TYPE)
}

/// Whether a warehouse's parcels are insured.
pub(super) fn is_insured(account: &LogisticAccount, warehouse: Option<&WarehouseCode>) -> bool {
    account.setting(INSURANCE, warehouse) == Some("true")
}

/// Lists the couriers, which a wrong key cannot.
pub(super) async fn check(call: AggregatorCall<'_>) -> Result<Vec<AccountProblem>, PartnerFailure> {
    let request = get(call, &["logistic"])?;
    let answered = exchange(call.partner, CHECK, request).await?;
    let couriers = answered.read(|reply| {
        let couriers = accept(reply, CHECK)?;
        Value::as_array(&couriers)
            .map(Vec::len)
            .ok_or(CHECK.unclear())
    })?;
    Ok(if couriers == 0 {
        vec![AccountProblem::general(
            "Shipper accepts the API key, but lists no courier: nothing can be booked",
        )]
    } else {
        Vec::new()
    })
}
