//! What a client wants a logistic account to be, and the account that it makes of the stored one.

use std::collections::BTreeMap;

use secrecy::SecretString;
use url::Url;

use crate::domain::account::{LogisticAccount, Region};
use crate::domain::draft::{Draft, WrongField};
use crate::domain::form::AccountForm;
use crate::domain::proof::PushProofs;
use crate::domain::secrets::{GivenSecrets, NamedSecrets, merged};
use crate::domain::text::{AccountAlias, AggregatorName, ClientId, CourierId, WarehouseCode};

/// Values by their names.
pub type Texts = BTreeMap<String, String>;

/// Makes what an account's pushes prove themselves by of the account and its webhook key.
pub type ProofsOf<'a> = &'a dyn Fn(&LogisticAccount, Option<&SecretString>) -> PushProofs;

/// What an account is to be.
#[derive(Debug)]
pub struct AccountRequest {
    /// The adapter that speaks to the aggregator.
    pub aggregator: AggregatorName,
    /// Where it ships.
    pub region: Region,
    /// By their names, `None` for the value that is stored. Absent: all stay as they are.
    pub credentials: Option<GivenSecrets>,
    /// By their names.
    pub urls: BTreeMap<String, Url>,
    /// By their names.
    pub settings: Texts,
    /// Settings that differ for a warehouse.
    pub warehouses: BTreeMap<WarehouseCode, Texts>,
    /// Whether pushes are forwarded.
    pub notifications_enabled: bool,
    /// The courier for requests that name none.
    pub default_courier: Option<CourierId>,
    /// The key that its pushes carry.
    pub webhook_key: WebhookKey,
}

/// What becomes of an account's webhook key.
#[derive(Debug)]
pub enum WebhookKey {
    /// It stays as it is.
    Kept,
    /// There is none any more.
    Removed,
    /// It is this one.
    Given(SecretString),
}

impl AccountRequest {
    /// The account that is wanted in the place of `present`, if there is one. `push_name` is by what its pushes are found;
    /// it never changes.
    pub fn draft(
        &self,
        (client_id, alias): (&ClientId, &AccountAlias),
        form: &AccountForm,
        present: Option<&LogisticAccount>,
        push_name: SecretString,
        proofs: ProofsOf<'_>,
    ) -> Result<Draft<LogisticAccount>, Vec<WrongField>> {
        let account = LogisticAccount {
            client_id: client_id.clone(),
            alias: alias.clone(),
            aggregator: self.aggregator.clone(),
            region: self.region,
            credentials: self.credentials(form, present)?,
            urls: self.urls.clone(),
            settings: self.settings.clone(),
            warehouses: self.warehouses.clone(),
            default_courier: self.default_courier.clone(),
            notifications_enabled: self.notifications_enabled,
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

    /// Refuses another aggregator than the one with which the account was made.
    pub fn check_aggregator(&self, present: Option<&LogisticAccount>) -> Result<(), WrongField> {
        match present {
            Some(present) if present.aggregator != self.aggregator => Err(WrongField {
                field: "aggregator".to_owned(),
                detail: format!(
                    "is fixed when the account is made: it is {}",
                    present.aggregator
                ),
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// The credentials as they are wanted, with their stored values where none is given.
    fn credentials(
        &self,
        form: &AccountForm,
        present: Option<&LogisticAccount>,
    ) -> Result<NamedSecrets, Vec<WrongField>> {
        let stored = present.map(|present| &present.credentials);
        let wanted = match &self.credentials {
            None => stored.cloned().unwrap_or_default(),
            Some(given) => merged(given, |name| stored.and_then(|stored| stored.get(name))).secrets,
        };
        let missing = form
            .credentials
            .iter()
            .filter(|entry| entry.is_needed && !wanted.contains_key(entry.name));
        let missing: Vec<WrongField> = missing
            .map(|entry| WrongField {
                field: format!("credentials/{}", entry.name),
                detail: entry.missing(),
            })
            .collect();
        if missing.is_empty() {
            Ok(wanted)
        } else {
            Err(missing)
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::domain::form::FormEntry;
    use crate::domain::proof::KnownSecret;

    static FORM: AccountForm = AccountForm {
        credentials: &[FormEntry {
            name: "user",
            help: "the name",
            is_needed: true,
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
        )
    }

    #[test]
    fn a_new_account_names_what_is_not_as_usual() {
        let draft = drafted(&request(), None).unwrap();
        assert_eq!(
            draft.fields,
            ["aggregator", "region", "credentials", "pushUrl"]
        );
    }

    #[test]
    fn what_is_not_given_is_kept_and_changes_nothing() {
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
    fn an_account_stays_with_its_aggregator() {
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
