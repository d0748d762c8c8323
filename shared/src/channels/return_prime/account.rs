//! The fields of a Return Prime account, and its check: lists the newest requests.

use std::str::FromStr;

use crate::channels::call::ChannelCall;
use crate::channels::return_prime::call::STORE_TOKEN;
use crate::channels::return_prime::read;
use crate::domain::account::ChannelAccount;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, AccountProblem, FormEntry, FormSetting, SettingKind};
use crate::domain::text::{AccountAlias, NotAllowed, WarehouseCode};
use crate::partners::failure::PartnerFailure;

/// The warehouse that receives the goods.
const LOCATION_CODE: &str = "locationCode";
/// The logistic account that buys return AWBs.
const ACCOUNT_ALIAS: &str = "logisticAccountAlias";

/// The fields of accounts.
pub(super) static FORM: AccountForm = AccountForm {
    credentials: &[FormEntry {
        name: STORE_TOKEN,
        help: "the store's API token; sent in the header x-rp-token",
        is_needed: true,
        is_secret: true,
    }],
    urls: &[FormEntry {
        name: "baseUrl",
        help: "only to call another host than https://api.returnprime.co",
        is_needed: false,
        is_secret: false,
    }],
    settings: &[
        text(
            LOCATION_CODE,
            "required: the code of the warehouse that receives the returns",
        ),
        text(
            ACCOUNT_ALIAS,
            "the logistic account that buys the AWB of a return that has none; without it, RMS buys none for this channel's returns",
        ),
    ],
    at_the_partner: &[
        "Register a webhook for the topics request/created, request/approved, request/received, request/inspected, request/refunded, request/rejected, request/archived and request/updated, with webhookUrl as its URL. It is a secret: Return Prime does not sign webhooks.",
    ],
};

const fn text(name: &'static str, help: &'static str) -> FormSetting {
    FormSetting {
        name,
        variant: None,
        help,
        per_warehouse: false,
        kind: SettingKind::Text,
    }
}

/// Without the warehouse no return order could be made.
pub(super) fn wrong_fields(account: &ChannelAccount) -> Vec<WrongField> {
    let location = match account.setting(LOCATION_CODE) {
        None => Some("is missing: the code of the warehouse that receives the returns".to_owned()),
        Some(_) => location(account).err().map(|error| error.to_string()),
    };
    let alias = alias(account).err().map(|error| error.to_string());
    let wrong = [(LOCATION_CODE, location), (ACCOUNT_ALIAS, alias)];
    let wrong = wrong.into_iter().filter_map(|(name, detail)| {
        Some(WrongField {
            field: format!("settings/{name}"),
            detail: detail?,
        })
    });
    wrong.collect()
}

/// The warehouse that receives the goods.
pub(super) fn location(account: &ChannelAccount) -> Result<WarehouseCode, NotAllowed> {
    let code = account.setting(LOCATION_CODE).unwrap_or_default();
    WarehouseCode::from_str(code.trim())
}

/// The logistic account that buys return AWBs, if one does.
pub(super) fn alias(account: &ChannelAccount) -> Result<Option<AccountAlias>, NotAllowed> {
    let alias = account.setting(ACCOUNT_ALIAS).map(str::trim);
    alias.map(AccountAlias::from_str).transpose()
}

/// Checks the token.
pub(super) async fn check(call: ChannelCall<'_>) -> Result<Vec<AccountProblem>, PartnerFailure> {
    read::list(call, call.partner.now, 1).await?;
    Ok(Vec::new())
}
