//! A request to create or change a channel account, and how it is applied to the stored account.

use std::collections::BTreeMap;

use secrecy::SecretString;
use url::Url;

use crate::domain::account::ChannelAccount;
use crate::domain::draft::{Draft, WrongField};
use crate::domain::form::AccountForm;
use crate::domain::partner_request::{Texts, completed, unchanged};
use crate::domain::secrets::GivenSecrets;
use crate::domain::text::{AccountAlias, ChannelName, ClientId};

/// The requested state of a channel account.
#[derive(Debug)]
pub struct ChannelAccountRequest {
    /// The name of the channel's adapter.
    pub channel: ChannelName,
    /// By name; `None` keeps the stored value. Absent: all are kept.
    pub credentials: Option<GivenSecrets>,
    /// By name.
    pub urls: BTreeMap<String, Url>,
    /// By name.
    pub settings: Texts,
    /// Whether RMS works for it.
    pub enabled: bool,
}

impl ChannelAccountRequest {
    /// The requested account, which replaces `present` if that exists. `hook_token` is the token in its webhook URL, if
    /// its channel sends webhooks; it never changes.
    pub fn draft(
        &self,
        (client_id, alias): (&ClientId, &AccountAlias),
        form: &AccountForm,
        present: Option<&ChannelAccount>,
        hook_token: Option<SecretString>,
    ) -> Result<Draft<ChannelAccount>, Vec<WrongField>> {
        let stored = present.map(|present| &present.credentials);
        let account = ChannelAccount {
            client_id: client_id.clone(),
            alias: alias.clone(),
            channel: self.channel.clone(),
            credentials: completed(form, self.credentials.as_ref(), stored)?,
            urls: self.urls.clone(),
            settings: self.settings.clone(),
            enabled: self.enabled,
            hook_token,
            polled_since: None,
        };
        Ok(Draft {
            fields: account.changed_from(present),
            value: account,
        })
    }

    /// Rejects a change of the channel.
    pub fn check_channel(&self, present: Option<&ChannelAccount>) -> Result<(), WrongField> {
        let present = present.map(|present| present.channel.as_str());
        unchanged("channel", self.channel.as_str(), present)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::domain::form::FormEntry;

    static FORM: AccountForm = AccountForm {
        credentials: &[FormEntry {
            name: "key",
            help: "the key",
            is_needed: true,
            is_secret: true,
        }],
        urls: &[],
        settings: &[],
        at_the_partner: &[],
    };

    fn request() -> ChannelAccountRequest {
        ChannelAccountRequest {
            channel: "ONE".parse().unwrap(),
            credentials: Some([("key".to_owned(), Some("first".into()))].into()),
            urls: BTreeMap::new(),
            settings: Texts::new(),
            enabled: true,
        }
    }

    fn drafted(
        request: &ChannelAccountRequest,
        present: Option<&ChannelAccount>,
    ) -> Result<Draft<ChannelAccount>, Vec<WrongField>> {
        let (client_id, alias) = ("demo".parse().unwrap(), "shop".parse().unwrap());
        request.draft((&client_id, &alias), &FORM, present, Some("token".into()))
    }

    #[test]
    fn a_new_account_lists_values_that_differ_from_the_defaults() {
        let fields = drafted(&request(), None).unwrap().fields;
        assert_eq!(fields, ["channel", "credentials", "webhookUrl"]);
    }

    #[test]
    fn missing_credentials_are_kept_and_other_values_replaced() {
        let present = drafted(&request(), None).unwrap().value;
        let changed = ChannelAccountRequest {
            credentials: None,
            settings: [("tag".to_owned(), "a".to_owned())].into(),
            enabled: false,
            ..request()
        };
        let draft = drafted(&changed, Some(&present)).unwrap();
        assert_eq!(draft.fields, ["settings", "enabled"]);
        assert_eq!(draft.value.credentials["key"].expose_secret(), "first");
        let same = drafted(&request(), Some(&present)).unwrap();
        assert!(same.fields.is_empty(), "{:?}", same.fields);
    }

    #[test]
    fn a_required_credential_and_another_channel_are_named() {
        let empty = ChannelAccountRequest {
            credentials: None,
            ..request()
        };
        let missing = drafted(&empty, None).unwrap_err();
        assert_eq!(missing[0].field, "credentials/key");
        let present = drafted(&request(), None).unwrap().value;
        let other = ChannelAccountRequest {
            channel: "TWO".parse().unwrap(),
            ..request()
        };
        assert!(request().check_channel(Some(&present)).is_ok());
        let wrong = other.check_channel(Some(&present)).unwrap_err();
        assert_eq!(
            (wrong.field.as_str(), wrong.detail.as_str()),
            ("channel", "cannot be changed: it is ONE")
        );
    }
}
