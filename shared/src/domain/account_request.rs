//! A request to create or change a logistic account, and how it is applied to the stored account.

use std::collections::BTreeMap;

use secrecy::SecretString;
use url::Url;

use crate::domain::account::{LogisticAccount, Region};
use crate::domain::draft::{Draft, WrongField};
use crate::domain::form::AccountForm;
use crate::domain::notification::NotificationType;
use crate::domain::partner_request::{Texts, completed, unchanged};
use crate::domain::proof::PushProofs;
use crate::domain::secrets::GivenSecrets;
use crate::domain::status_mappings::{MeaningsOf, StatusMappings};
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, CourierId, WarehouseCode};

/// Computes the push proofs of an account from the account and its webhook key.
pub type ProofsOf<'a> = &'a dyn Fn(&LogisticAccount, Option<&SecretString>) -> PushProofs;

/// The requested state of an account.
#[derive(Debug)]
pub struct AccountRequest {
    /// The name of the aggregator's adapter.
    pub aggregator: AggregatorName,
    /// Where it ships.
    pub region: Region,
    /// By name; `None` keeps the stored value. Absent: all are kept.
    pub credentials: Option<GivenSecrets>,
    /// By name.
    pub urls: BTreeMap<String, Url>,
    /// By name.
    pub settings: Texts,
    /// Settings of single warehouses.
    pub warehouses: BTreeMap<WarehouseCode, Texts>,
    /// Whether pushes are forwarded.
    pub notifications_enabled: bool,
    /// The types of unknown status codes. Absent: the stored ones are kept.
    pub status_mappings: Option<BTreeMap<String, NotificationType>>,
    /// The courier for requests without one.
    pub default_courier: Option<CourierId>,
    /// The key that its pushes contain.
    pub webhook_key: WebhookKey,
}

/// The change to an account's webhook key.
#[derive(Debug)]
pub enum WebhookKey {
    /// It is kept.
    Kept,
    /// It is removed.
    Removed,
    /// It is set.
    Given(SecretString),
}

impl AccountRequest {
    /// The requested account, which replaces `present` if that exists. `push_name` is what its pushes are found by; it
    /// never changes.
    pub fn draft(
        &self,
        (client_id, alias): (&ClientId, &AccountAlias),
        form: &AccountForm,
        present: Option<&LogisticAccount>,
        push_name: SecretString,
        proofs: ProofsOf<'_>,
        meanings: MeaningsOf<'_>,
    ) -> Result<Draft<LogisticAccount>, Vec<WrongField>> {
        let credentials = completed(
            form,
            self.credentials.as_ref(),
            present.map(|present| &present.credentials),
        );
        let mapped = present.map(|present| &present.status_mappings);
        let status_mappings = match &self.status_mappings {
            Some(wanted) => StatusMappings::checked(wanted.clone(), mapped, meanings),
            None => Ok(mapped.cloned().unwrap_or_default()),
        };
        let (credentials, status_mappings) = both(credentials, status_mappings)?;
        let account = LogisticAccount {
            client_id: client_id.clone(),
            alias: alias.clone(),
            aggregator: self.aggregator.clone(),
            region: self.region,
            credentials,
            urls: self.urls.clone(),
            settings: self.settings.clone(),
            warehouses: self.warehouses.clone(),
            default_courier: self.default_courier.clone(),
            notifications_enabled: self.notifications_enabled,
            status_mappings,
            proofs: PushProofs::default(),
            push_name: Some(push_name),
        };
        let proofs = match &self.webhook_key {
            WebhookKey::Given(key) => proofs(&account, Some(key)),
            WebhookKey::Removed => proofs(&account, None),
            WebhookKey::Kept => PushProofs {
                webhook_key: present.and_then(|present| present.proofs.webhook_key.clone()),
                ..proofs(&account, None)
            },
        };
        let account = LogisticAccount { proofs, ..account };
        Ok(Draft {
            fields: account.changed_from(present),
            value: account,
        })
    }

    /// Rejects a change of the aggregator.
    pub fn check_aggregator(&self, present: Option<&LogisticAccount>) -> Result<(), WrongField> {
        let present = present.map(|present| present.aggregator.as_str());
        unchanged("aggregator", self.aggregator.as_str(), present)
    }
}

/// Both values, or all that is wrong with them.
fn both<A, B>(
    one: Result<A, Vec<WrongField>>,
    other: Result<B, Vec<WrongField>>,
) -> Result<(A, B), Vec<WrongField>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(wrong), Ok(_)) | (Ok(_), Err(wrong)) => Err(wrong),
        (Err(wrong), Err(also)) => Err([wrong, also].concat()),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::domain::form::FormEntry;
    use crate::domain::notification::Meaning;
    use crate::domain::proof::KnownSecret;
    use crate::domain::status_mappings::CodeMeanings;

    static FORM: AccountForm = AccountForm {
        credentials: &[FormEntry {
            name: "user",
            help: "the name",
            is_needed: true,
            is_secret: false,
        }],
        urls: &[],
        settings: &[],
        at_the_partner: &[],
    };

    fn request() -> AccountRequest {
        AccountRequest {
            aggregator: "ONE".parse().unwrap(),
            region: Region::Domestic,
            credentials: Some([("user".to_owned(), Some("first".into()))].into()),
            urls: BTreeMap::new(),
            settings: Texts::new(),
            warehouses: BTreeMap::new(),
            notifications_enabled: true,
            status_mappings: None,
            default_courier: None,
            webhook_key: WebhookKey::Kept,
        }
    }

    fn drafted(
        request: &AccountRequest,
        present: Option<&LogisticAccount>,
    ) -> Result<Draft<LogisticAccount>, Vec<WrongField>> {
        let (client_id, alias) = ("demo".parse().unwrap(), "north".parse().unwrap());
        let proofs = |account: &LogisticAccount, key: Option<&SecretString>| PushProofs {
            webhook_key: key.map(|key| {
                let key = key.expose_secret().as_bytes();
                KnownSecret::new(&account.client_id, &account.alias, key)
            }),
            body: None,
        };
        request.draft(
            (&client_id, &alias),
            &FORM,
            present,
            "token".into(),
            &proofs,
            &|code| (code != "none").then_some(CodeMeanings::both(Meaning::Unmapped)),
        )
    }

    #[test]
    fn a_new_account_lists_values_that_differ_from_the_defaults() {
        let draft = drafted(&request(), None).unwrap();
        assert_eq!(
            draft.fields,
            ["aggregator", "region", "credentials", "pushUrl"]
        );
    }

    #[test]
    fn missing_values_are_kept() {
        let first = AccountRequest {
            webhook_key: WebhookKey::Given("key".into()),
            ..request()
        };
        let present = drafted(&first, None).unwrap().value;
        for credentials in [None, Some([("user".to_owned(), None)].into())] {
            let same = AccountRequest {
                credentials,
                ..request()
            };
            let draft = drafted(&same, Some(&present)).unwrap();
            assert!(draft.fields.is_empty(), "{:?}", draft.fields);
            assert!(draft.value.proofs.webhook_key.is_some());
            assert_eq!(draft.value.credentials["user"].expose_secret(), "first");
        }
        let removed = AccountRequest {
            webhook_key: WebhookKey::Removed,
            ..request()
        };
        let draft = drafted(&removed, Some(&present)).unwrap();
        assert_eq!(draft.fields, ["webhookKey"]);
    }

    #[test]
    fn status_mappings_are_kept_replaced_or_removed() {
        let mapping = |codes: &[&str]| AccountRequest {
            status_mappings: Some(
                codes
                    .iter()
                    .map(|code| ((*code).to_owned(), NotificationType::Transit))
                    .collect(),
            ),
            ..request()
        };
        let first = drafted(&mapping(&["900", "901"]), None).unwrap();
        assert!(first.fields.contains(&"statusMappings".to_owned()));
        let kept = drafted(&request(), Some(&first.value)).unwrap();
        assert!(kept.fields.is_empty(), "{:?}", kept.fields);
        assert_eq!(kept.value.status_mappings.words().len(), 2);
        let fewer = drafted(&mapping(&["901"]), Some(&first.value)).unwrap();
        assert_eq!(fewer.fields, ["statusMappings"]);
        assert_eq!(fewer.value.status_mappings.word("900"), None);
        let none = drafted(&mapping(&[]), Some(&first.value)).unwrap();
        assert!(none.value.status_mappings.is_empty());
        let wrong = drafted(&mapping(&["none"]), None).unwrap_err();
        assert_eq!(wrong[0].field, "statusMappings/none");
        let both = AccountRequest {
            credentials: None,
            ..mapping(&["none"])
        };
        let wrong = drafted(&both, None).unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|wrong| &*wrong.field).collect();
        assert_eq!(fields, ["credentials/user", "statusMappings/none"]);
    }

    #[test]
    fn a_credential_without_a_value_is_missing() {
        let empty = AccountRequest {
            credentials: Some([("user".to_owned(), None)].into()),
            ..request()
        };
        let missing = drafted(&empty, None).unwrap_err();
        assert_eq!(missing[0].field, "credentials/user");
        assert_eq!(missing[0].detail, "user is missing: the name");
    }

    #[test]
    fn the_aggregator_of_an_account_cannot_change() {
        let present = drafted(&request(), None).unwrap().value;
        let other = AccountRequest {
            aggregator: "TWO".parse().unwrap(),
            ..request()
        };
        assert!(other.check_aggregator(None).is_ok());
        assert!(request().check_aggregator(Some(&present)).is_ok());
        assert_eq!(
            other.check_aggregator(Some(&present)).unwrap_err().field,
            "aggregator"
        );
    }
}
