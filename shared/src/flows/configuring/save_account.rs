//! Creates or changes a logistic account.

use jiff::Timestamp;
use secrecy::SecretString;

use crate::aggregators::{self, PushProof, push_proofs};
use crate::domain::account::LogisticAccount;
use crate::domain::account_request::AccountRequest;
use crate::domain::audit::AuditSubject;
use crate::domain::client::Caller;
use crate::domain::credential::Credential;
use crate::domain::draft::Draft;
use crate::domain::text::{AccountAlias, ClientId};
use crate::domain::version::{Precondition, Versioned};
use crate::flows::configuring::endpoint_desk::MOST_TRIES;
use crate::flows::configuring::partner_desk::{PartnerDesk, vet_urls};
use crate::flows::failure::FlowFailure;
use crate::outbound::client::Outbound;
use crate::random;
use crate::store::booking::sessions::Sessions;
use crate::store::booking::shipments::Shipments;
use crate::store::configuration_versions::ConfigurationVersions;
use crate::store::configuring::accounts::Accounts;
use crate::store::configuring::audit::AuditLog;
use crate::store::configuring::push_credentials::{PushCredential, PushCredentials};
use crate::store::messaging::history::History;

/// The dependencies of configuring accounts.
#[derive(Debug)]
pub struct AccountDependencies {
    /// The accounts.
    pub accounts: Accounts,
    /// The versions of clients' configurations; every change of an account raises one.
    pub versions: ConfigurationVersions,
    /// Their push credentials.
    pub push_credentials: PushCredentials,
    /// The sessions with aggregators, for checking an account.
    pub sessions: Sessions,
    /// The shipments of an account.
    pub shipments: Shipments,
    /// The notifications of shipments.
    pub history: History,
    /// The audit log.
    pub audit: AuditLog,
    /// The transport.
    pub outbound: Outbound,
}

/// A saved account.
#[derive(Debug)]
pub struct SavedAccount {
    /// The account and its version.
    pub account: Versioned<LogisticAccount>,
    /// Whether this request created it.
    pub made: bool,
    /// The password of its push credential, if this request created it.
    pub push_password: Option<SecretString>,
}

/// A new push credential.
struct NewPush {
    credential: PushCredential,
    name: SecretString,
    password: Option<SecretString>,
}

impl AccountDependencies {
    /// The desk for changes by this caller.
    pub(super) fn desk<'a>(
        &'a self,
        caller: &'a Caller,
        now: Timestamp,
    ) -> PartnerDesk<'a, LogisticAccount> {
        PartnerDesk {
            accounts: &self.accounts,
            versions: &self.versions,
            push_credentials: &self.push_credentials,
            audit: &self.audit,
            subject: AuditSubject::LogisticAccount,
            caller,
            now,
        }
    }
}

/// Creates or changes an account. A request without changes writes nothing. The URL of its pushes begins with `base_url`.
pub async fn save_account(
    dependencies: &AccountDependencies,
    caller: &Caller,
    alias: &AccountAlias,
    request: &AccountRequest,
    base_url: &str,
    precondition: &Precondition,
    now: Timestamp,
) -> Result<SavedAccount, FlowFailure> {
    vet_urls(&dependencies.outbound, &request.urls).await?;
    let desk = dependencies.desk(caller, now);
    for _ in 0..MOST_TRIES {
        let present = desk.expected(alias, precondition).await?;
        let before = present.as_ref().map(|present| &present.value);
        let of = (&caller.client_id, alias);
        let (draft, push) = draft(of, before, request, base_url)?;
        let credential = push.as_ref().map(|push| &push.credential);
        if let Some(written) = desk.write(present, draft, credential).await? {
            return Ok(SavedAccount {
                account: written.account,
                made: written.made,
                push_password: push.and_then(|push| push.password),
            });
        }
    }
    Err(FlowFailure::Contended)
}

/// The requested account, with a push credential if it had none.
fn draft(
    of: (&ClientId, &AccountAlias),
    present: Option<&LogisticAccount>,
    request: &AccountRequest,
    base_url: &str,
) -> Result<(Draft<LogisticAccount>, Option<NewPush>), FlowFailure> {
    let adapter = aggregators::find_configured(&request.aggregator).ok_or_else(|| {
        FlowFailure::of_field(
            "/aggregator",
            format!("{} is not known", request.aggregator),
        )
    })?;
    request.check_aggregator(present)?;
    let stored = present.and_then(|present| present.push_name.clone());
    let (push_name, push) = if let Some(stored) = stored {
        (stored, None)
    } else {
        let push = new_push(adapter.push_proof(), of)?;
        (push.name.clone(), Some(push))
    };
    let proofs =
        |account: &LogisticAccount, key: Option<&SecretString>| push_proofs(account, base_url, key);
    let meanings = |code: &str| adapter.meanings(code);
    let draft = request.draft(of, adapter.form(), present, push_name, &proofs, &meanings)?;
    Ok((draft, push))
}

/// Generates the push credential of a new account. Tokens are lower-case hexadecimal digits, because vendors reject
/// URLs that contain their names.
fn new_push(
    proof: PushProof,
    (client_id, alias): (&ClientId, &AccountAlias),
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
