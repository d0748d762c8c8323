//! Authenticates a push before its body is read.

use std::sync::Arc;

use http::HeaderMap;

use crate::aggregators::{self, PushProof, Registers};
use crate::domain::account::LogisticAccount;
use crate::domain::credential::Credential;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::store::failure::StoreFailure;
use crate::telemetry::set_field;

/// An authenticated push. Only [`prove`] creates one, so no unauthenticated push is processed.
#[derive(Debug)]
pub struct ProvedPush<'a> {
    pub(in crate::flows::notifying) account: Arc<LogisticAccount>,
    pub(in crate::flows::notifying) body: &'a [u8],
}

impl ProvedPush<'_> {
    /// Adds the client, the account and its partner to later log lines.
    fn name_account(&self) {
        let account = &self.account;
        set_field("client_id", &account.client_id);
        set_field("alias", &account.alias);
        set_field("partner", &account.aggregator);
    }
}

/// The proof in a push.
#[derive(Debug, Clone)]
pub enum Proof<'a> {
    /// A user name and a secret.
    Credential(Credential),
    /// The token in its URL, and its headers, one of which may contain a key.
    Token(&'a str, &'a HeaderMap),
}

/// Authenticates a push; `None` if the proof is invalid.
pub async fn prove<'a>(
    dependencies: &PushDependencies,
    proof: &Proof<'_>,
    body: &'a [u8],
) -> Result<Option<ProvedPush<'a>>, StoreFailure> {
    let owner = match proof {
        Proof::Credential(credential) => dependencies.credentials.proved(credential).await?,
        Proof::Token(token, _) => dependencies.credentials.of_token(token).await?,
    };
    let Some(owner) = owner else {
        return Ok(None);
    };
    let account = dependencies
        .accounts
        .find(&owner.client_id, &owner.alias)
        .await?;
    let account = account.filter(|account| is_proof_of(account, proof));
    let push = account.map(|account| ProvedPush { account, body });
    Ok(push.inspect(ProvedPush::name_account))
}

/// Whether this kind of proof is the one of the account's aggregator, and whether a sent key matches the account's.
fn is_proof_of(account: &LogisticAccount, proof: &Proof<'_>) -> bool {
    let declared = aggregators::find_pushing(&account.aggregator).map(Registers::push_proof);
    match (declared, proof) {
        (Some(PushProof::Credential), Proof::Credential(_)) => true,
        (Some(PushProof::Token { key_header }), Proof::Token(_, headers)) => {
            match (key_header, &account.proofs.webhook_key) {
                (Some(header), Some(key)) => headers.get(header).is_some_and(|sent| {
                    key.is(&account.client_id, &account.alias, sent.as_bytes())
                }),
                (Some(_), None) | (None, Some(_) | None) => true,
            }
        }
        (Some(PushProof::Credential), Proof::Token(..))
        | (Some(PushProof::Token { .. }), Proof::Credential(_))
        | (None, _) => false,
    }
}
