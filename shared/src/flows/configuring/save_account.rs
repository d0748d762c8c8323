//! Makes or changes a logistic account as its client wants it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::aggregators::{self, PushProof, push_proofs};
use crate::contract::account::{AccountRequest, WebhookKey, missing_entry};
use crate::contract::fields::Violation;
use crate::domain::account::LogisticAccount;
use crate::domain::audit::{Action, Change, Subject};
use crate::domain::client::Caller;
use crate::domain::credential::Credential;
use crate::domain::form::Form;
use crate::domain::proof::PushProofs;
use crate::domain::secrets::are_same;
use crate::domain::text::{AccountAlias, AggregatorName, ClientId};
use crate::domain::version::{Precondition, Version, Versioned};
use crate::flows::configuring::endpoint_desk::MOST_TRIES;
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::random;
use crate::store::booking::sessions::Sessions;
use crate::store::booking::shipments::Shipments;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::audit::AuditLog;
use crate::store::configuring::push_credentials::{PushCredential, PushCredentials};
use crate::store::messaging::history::History;

/// What configuring accounts needs.
#[derive(Debug)]
pub struct AccountDependencies {
    /// The accounts.
    pub accounts: Accounts,
    /// What their pushes prove.
    pub push_credentials: PushCredentials,
    /// The sessions at aggregators, for trying an account.
    pub sessions: Sessions,
    /// The shipments that need an account.
    pub shipments: Shipments,
    /// What happened to them.
    pub history: History,
    /// Who changed what.
    pub audit: AuditLog,
    /// The way out.
    pub outbound: Outbound,
}

/// An account as it is now.
#[derive(Debug)]
pub struct SavedAccount {
    /// The account and its version.
    pub account: Versioned<LogisticAccount>,
    /// Whether this request made it.
    pub made: bool,
    /// The password of its push credential, if this request made that.
    pub push_password: Option<SecretString>,
}

/// An account as it is to be, and how that differs from what it is.
struct Wanted {
    account: LogisticAccount,
    /// What its pushes prove from now on, if they proved nothing before.
    push: Option<NewPush>,
    fields: Vec<String>,
}

/// A new proof of pushes.
struct NewPush {
    credential: PushCredential,
    name: SecretString,
    password: Option<SecretString>,
}

/// Makes or changes an account. A request that changes nothing writes nothing.
pub async fn save_account(
    dependencies: &AccountDependencies,
    caller: &Caller,
    alias: &AccountAlias,
    request: &AccountRequest,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<SavedAccount, FlowFailure> {
    vet(dependencies, request).await?;
    for _ in 0..MOST_TRIES {
        let present = dependencies.accounts.read(&caller.client_id, alias).await?;
        if !precondition.holds(present.as_ref().map(|present| &present.version)) {
            return Err(FlowFailure::Stale);
        }
        let before = present.as_ref().map(|present| &present.value);
        let wanted = wanted(&caller.client_id, alias, before, request)?;
        if let Some(saved) = write(dependencies, caller, present, wanted, now).await? {
            return Ok(saved);
        }
    }
    Err(FlowFailure::Contended)
}

async fn vet(
    dependencies: &AccountDependencies,
    request: &AccountRequest,
) -> Result<(), FlowFailure> {
    let mut unfit = Vec::new();
    for (name, url) in &request.urls {
        if let Err(error) = dependencies.outbound.vet(url).await {
            unfit.push(Violation {
                pointer: format!("/urls/{name}"),
                detail: error.to_string(),
            });
        }
    }
    if unfit.is_empty() {
        Ok(())
    } else {
        Err(FlowFailure::Invalid(unfit))
    }
}

/// Writes what is wanted with the record of it; `None` if somebody else was faster.
async fn write(
    dependencies: &AccountDependencies,
    caller: &Caller,
    present: Option<Versioned<LogisticAccount>>,
    wanted: Wanted,
    now: Timestamp,
) -> Result<Option<SavedAccount>, FlowFailure> {
    let made = present.is_none();
    let seen = match present {
        Some(present) if wanted.fields.is_empty() => {
            return Ok(Some(SavedAccount {
                account: present,
                made: false,
                push_password: None,
            }));
        }
        present => present.map(|present| present.version),
    };
    let change = Change {
        subject: Subject::LogisticAccount,
        id: wanted.account.alias.to_string(),
        action: if made {
            Action::Created
        } else {
            Action::Changed
        },
        fields: wanted.fields,
    };
    let mut others = vec![dependencies.audit.record(caller, change, now)?];
    if let Some(push) = &wanted.push {
        others.push(dependencies.push_credentials.adding(&push.credential)?);
    }
    let written = dependencies
        .accounts
        .save(&wanted.account, seen.as_ref(), others)
        .await?;
    Ok(written.map(|version: Version| SavedAccount {
        account: Versioned {
            value: wanted.account,
            version,
        },
        made,
        push_password: wanted.push.and_then(|push| push.password),
    }))
}

fn wanted(
    client_id: &ClientId,
    alias: &AccountAlias,
    before: Option<&LogisticAccount>,
    request: &AccountRequest,
) -> Result<Wanted, FlowFailure> {
    let adapter = aggregators::find_configured(&request.aggregator)
        .ok_or_else(|| unknown_aggregator(&request.aggregator))?;
    if let Some(before) = before.filter(|before| before.aggregator != request.aggregator) {
        let detail = format!(
            "is fixed when the account is made: it is {}",
            before.aggregator
        );
        return Err(FlowFailure::of_field("/aggregator", detail));
    }
    let push_name = before.and_then(|before| before.push_name.clone());
    let push = match push_name {
        Some(_) => None,
        None => Some(new_push(adapter.push_proof(), client_id, alias)?),
    };
    let account = LogisticAccount {
        client_id: client_id.clone(),
        alias: alias.clone(),
        aggregator: request.aggregator.clone(),
        region: request.region,
        credentials: credentials(adapter.form(), before, request)?,
        urls: request.urls.clone(),
        settings: request.settings.clone(),
        warehouses: request.warehouses.clone(),
        default_courier: request.default_courier.clone(),
        notifications_enabled: request.notifications_enabled,
        proofs: PushProofs::default(),
        push_name: push_name.or_else(|| push.as_ref().map(|push| push.name.clone())),
    };
    let account = LogisticAccount {
        proofs: proofs(&account, before, &request.webhook_key),
        ..account
    };
    Ok(Wanted {
        fields: changed_fields(before, &account),
        push,
        account,
    })
}

/// What the pushes prove: the webhook key as it is wanted, and what follows from the credentials.
fn proofs(
    account: &LogisticAccount,
    before: Option<&LogisticAccount>,
    webhook_key: &WebhookKey,
) -> PushProofs {
    match webhook_key {
        WebhookKey::Given(key) => push_proofs(account, Some(key)),
        WebhookKey::Removed => push_proofs(account, None),
        WebhookKey::Kept => PushProofs {
            webhook_key: before.and_then(|before| before.proofs.webhook_key.clone()),
            ..push_proofs(account, None)
        },
    }
}

fn unknown_aggregator(name: &AggregatorName) -> FlowFailure {
    FlowFailure::of_field("/aggregator", format!("{name} is not known"))
}

/// The credentials as they are wanted, with their stored values where none is given.
fn credentials(
    form: &Form,
    before: Option<&LogisticAccount>,
    request: &AccountRequest,
) -> Result<BTreeMap<String, SecretString>, FlowFailure> {
    let none = BTreeMap::new();
    let stored = before.map_or(&none, |before| &before.credentials);
    let mut wanted = match &request.credentials {
        None => stored.clone(),
        Some(_) => BTreeMap::new(),
    };
    for (name, value) in request.credentials.iter().flatten() {
        if let Some(value) = value.as_ref().or_else(|| stored.get(name)) {
            wanted.insert(name.clone(), value.clone());
        }
    }
    let missing = form
        .credentials
        .iter()
        .filter(|entry| entry.is_needed && !wanted.contains_key(entry.name));
    let missing: Vec<Violation> = missing
        .map(|entry| Violation {
            pointer: format!("/credentials/{}", entry.name),
            detail: missing_entry(entry),
        })
        .collect();
    if missing.is_empty() {
        Ok(wanted)
    } else {
        Err(FlowFailure::Invalid(missing))
    }
}

/// What the pushes of a new account prove. Tokens are lower-case hexadecimal digits, because vendors refuse URLs that
/// hold their names.
fn new_push(
    proof: PushProof,
    client_id: &ClientId,
    alias: &AccountAlias,
) -> Result<NewPush, FlowFailure> {
    let (client_id, alias) = (client_id.clone(), alias.clone());
    let name = random::secret_hex()?;
    Ok(match proof {
        PushProof::Token { .. } => NewPush {
            credential: PushCredential::token(&name, client_id, alias),
            name: name.into(),
            password: None,
        },
        PushProof::Credential => {
            let credential = Credential {
                user_name: format!("rms-{}", name.chars().take(24).collect::<String>()),
                secret: random::secret_hex()?,
                domain_name: None,
            };
            NewPush {
                credential: PushCredential::new(&credential, client_id, alias),
                name: credential.user_name.into(),
                password: Some(credential.secret.into()),
            }
        }
    })
}

/// The names of the fields that a change changes; of a new account those that are not as usual.
fn changed_fields(before: Option<&LogisticAccount>, after: &LogisticAccount) -> Vec<String> {
    let same_text = |one: Option<&SecretString>, other: Option<&SecretString>| {
        one.map(ExposeSecret::expose_secret) == other.map(ExposeSecret::expose_secret)
    };
    let plain = LogisticAccount {
        credentials: BTreeMap::new(),
        urls: BTreeMap::new(),
        settings: BTreeMap::new(),
        warehouses: BTreeMap::new(),
        default_courier: None,
        notifications_enabled: true,
        proofs: PushProofs::default(),
        push_name: None,
        ..after.clone()
    };
    let is_new = before.is_none();
    let before = before.unwrap_or(&plain);
    let differs = [
        ("aggregator", is_new),
        ("region", is_new || before.region != after.region),
        (
            "credentials",
            !are_same(&before.credentials, &after.credentials),
        ),
        ("urls", before.urls != after.urls),
        ("settings", before.settings != after.settings),
        ("warehouses", before.warehouses != after.warehouses),
        (
            "notificationsEnabled",
            before.notifications_enabled != after.notifications_enabled,
        ),
        (
            "defaultCourierId",
            before.default_courier != after.default_courier,
        ),
        (
            "webhookKey",
            before.proofs.webhook_key != after.proofs.webhook_key,
        ),
        (
            "pushUrl",
            !same_text(before.push_name.as_ref(), after.push_name.as_ref()),
        ),
    ];
    differs
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name.to_owned())
        .collect()
}
