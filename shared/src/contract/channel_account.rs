//! Reads the requested configuration of a channel account. The channel's adapter declares its fields; secrets are
//! write-only.

pub mod body;

use serde_json::Value;

use crate::contract::channel_account::body::ChannelAccountBody;
use crate::contract::configured::UrlRule;
use crate::contract::fields::Fields;
use crate::contract::partner_account::{credentials, settings, urls};
use crate::contract::values::{flag, parsed};
use crate::domain::channel_account_request::ChannelAccountRequest;
use crate::domain::form::AccountForm;
use crate::domain::text::ChannelName;

/// Rules that the contract does not know.
pub struct ChannelAccountRules<'a> {
    /// The form of a channel's accounts; the error lists the known channels.
    pub form: &'a dyn Fn(&str) -> Result<&'static AccountForm, String>,
    /// Whether a URL may be called.
    pub url: UrlRule<'a>,
}

/// Reads the body of a PUT request.
pub fn read(fields: &Fields<'_>, rules: &ChannelAccountRules<'_>) -> Option<ChannelAccountRequest> {
    let channel = fields.required("channel", |value| channel(value, rules));
    let enabled = fields.optional("enabled", flag);
    fields.knows(&ChannelAccountBody::ONLY_SHOWN);
    let (channel, form) = channel?;
    let credentials = credentials(fields, form.credentials);
    let urls = urls(fields, form.urls, rules.url);
    let settings = settings(fields, "settings", form, false);
    Some(ChannelAccountRequest {
        channel,
        credentials: credentials?,
        urls: urls?,
        settings: settings?,
        enabled: enabled?.unwrap_or(true),
    })
}

fn channel(
    value: &Value,
    rules: &ChannelAccountRules<'_>,
) -> Result<(ChannelName, &'static AccountForm), String> {
    let name: ChannelName = parsed(value)?;
    let form = (rules.form)(name.as_str())?;
    Ok((name, form))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contract::configured::tests::{Wrong, https_alone, read_or_wrong};
    use crate::domain::form::{FormEntry, FormSetting, SettingKind};

    static FORM: AccountForm = AccountForm {
        credentials: &[FormEntry {
            name: "key",
            help: "the key",
            is_needed: true,
            is_secret: true,
        }],
        urls: &[],
        settings: &[FormSetting {
            name: "tag",
            variant: None,
            help: "",
            per_warehouse: false,
            kind: SettingKind::Text,
        }],
        at_the_partner: &[],
    };

    fn request(body: &Value) -> Result<ChannelAccountRequest, Wrong> {
        let rules = ChannelAccountRules {
            form: &|name| match name {
                "ONE" => Ok(&FORM),
                _ => Err("must be ONE".to_owned()),
            },
            url: &https_alone,
        };
        read_or_wrong(body, |fields| read(fields, &rules))
    }

    #[test]
    fn a_channel_account_is_read_with_its_defaults() {
        let body =
            json!({ "channel": "ONE", "credentials": { "key": "a" }, "settings": { "tag": "x" } });
        let read = request(&body).unwrap();
        assert_eq!(read.channel.as_str(), "ONE");
        assert!(read.enabled && read.credentials.is_some());
        assert_eq!(read.settings["tag"], "x");
        let read = request(&json!({ "channel": "ONE", "enabled": false })).unwrap();
        assert!(!read.enabled && read.credentials.is_none());
    }

    #[test]
    fn all_violations_are_reported_at_once_without_secrets() {
        let wrong = request(&json!({
            "channel": "ONE", "enabled": 1, "credentials": { "other": "secret" },
            "urls": { "baseUrl": "https://a.example" }, "settings": { "colour": "red" },
        }))
        .unwrap_err();
        assert!(!format!("{wrong:?}").contains("secret"), "{wrong:?}");
        let pointers: Vec<_> = wrong.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/enabled",
                "/credentials/other",
                "/urls/baseUrl",
                "/settings/colour"
            ]
        );
        let wrong = request(&json!({ "channel": "TWO" })).unwrap_err();
        assert_eq!(wrong, [("/channel".to_owned(), "must be ONE".to_owned())]);
    }
}
