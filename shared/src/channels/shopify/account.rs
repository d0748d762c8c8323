//! The fields of a Shopify account.

use crate::domain::account::ChannelAccount;
use crate::domain::draft::WrongField;
use crate::domain::form::{AccountForm, FormEntry, FormSetting, SettingKind};

/// The secret that signs webhooks.
pub(super) const CLIENT_SECRET: &str = "clientSecret";
/// The secret that signed them before a rotation.
pub(super) const PREVIOUS_SECRET: &str = "previousClientSecret";
/// The shop that they come from.
pub(super) const SHOP_DOMAIN: &str = "shopDomain";
/// The tag of orders that replace another one.
pub(super) const REPLACEMENT_TAG: &str = "replacementTag";
/// The tag of orders that are on hold.
pub(super) const HOLD_TAG: &str = "holdTag";

/// The longest domain name.
const LONGEST_DOMAIN: usize = 253;

/// The fields of accounts.
pub(super) static FORM: AccountForm = AccountForm {
    credentials: &[
        FormEntry {
            name: CLIENT_SECRET,
            help: "the client secret of the app whose webhooks these are; it signs them",
            is_needed: true,
            is_secret: true,
        },
        FormEntry {
            name: PREVIOUS_SECRET,
            help: "the client secret before a rotation: Shopify may sign with it for another hour",
            is_needed: false,
            is_secret: true,
        },
    ],
    urls: &[],
    settings: &[
        text(
            SHOP_DOMAIN,
            "required: the shop's own domain at Shopify, such as brand.myshopify.com",
        ),
        text(
            REPLACEMENT_TAG,
            "the tag of replacement orders (`isReplacement`)",
        ),
        text(HOLD_TAG, "the tag of orders that are on hold (`onHold`)"),
    ],
    at_the_partner: &[
        "In the shop's admin under Settings, Notifications, Webhooks, or with the app's API: create webhooks for Order creation (orders/create), Order update (orders/updated) and Order cancellation (orders/cancelled), format JSON, with webhookUrl as their URL.",
        "Take clientSecret from the app's settings; for webhooks of the admin it is shown below their list (\"Your webhooks will be signed with\").",
        "After rotating the secret, put the new one as clientSecret and the old one as previousClientSecret, and remove the old one an hour later.",
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

/// Without its shop no webhook of an account could be proved.
pub(super) fn wrong_fields(account: &ChannelAccount) -> Vec<WrongField> {
    let wrong = match account.setting(SHOP_DOMAIN).map(str::trim) {
        None => Some("is missing: the shop's domain, such as brand.myshopify.com"),
        Some(domain) if !is_domain(domain) => Some(
            "must be a domain name without https:// and without a path, such as brand.myshopify.com",
        ),
        Some(_) => None,
    };
    let field = |detail: &str| WrongField {
        field: format!("settings/{SHOP_DOMAIN}"),
        detail: detail.to_owned(),
    };
    wrong.map(field).into_iter().collect()
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_allowed)
    };
    text.len() <= LONGEST_DOMAIN && text.contains('.') && text.split('.').all(is_label)
}
