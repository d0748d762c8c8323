//! Authenticates a push before its body is read.

use std::sync::Arc;

use http::HeaderMap;

use crate::aggregators::{self, PushProof, Registers};
use crate::domain::account::LogisticAccount;
use crate::domain::credential::Credential;
use crate::domain::version::Version;
use crate::flows::notifying::dependencies::PushDependencies;
use crate::store::configuring::push_credentials::PushName;
use crate::store::configuring::push_owners::PushOwner;
use crate::store::failure::StoreFailure;
use crate::telemetry::set_field;

/// An authenticated push. Only this file creates one, so no unauthenticated push is processed.
#[derive(Debug, Clone)]
pub struct ProvedPush<'a> {
    owner: Arc<PushOwner>,
    proof: &'a Proof<'a>,
    pub(in crate::flows::notifying) body: &'a [u8],
}

/// The proof in a push.
#[derive(Debug, Clone)]
pub enum Proof<'a> {
    /// A user name and a secret.
    Credential(Credential),
    /// The token in its URL, and its headers, one of which may contain a key.
    Token(&'a str, &'a HeaderMap),
}

/// Authenticates a push; `None` if the proof is invalid. A cached account is not a reason to reject it: a key that was just
/// added to the account is valid at once.
pub async fn prove<'a>(
    dependencies: &PushDependencies,
    proof: &'a Proof<'a>,
    body: &'a [u8],
) -> Result<Option<ProvedPush<'a>>, StoreFailure> {
    let owners = &dependencies.owners;
    let Some(remembered) = owners.remembered(proof.name()).await? else {
        return Ok(None);
    };
    let proved = ProvedPush::of(remembered, proof, body);
    if proved.is_some() {
        return Ok(proved);
    }
    let present = owners.now(proof.name()).await?;
    Ok(present.and_then(|owner| ProvedPush::of(owner, proof, body)))
}

impl<'a> ProvedPush<'a> {
    fn of(owner: Arc<PushOwner>, proof: &'a Proof<'a>, body: &'a [u8]) -> Option<Self> {
        is_proof_of(&owner, proof).then(|| {
            let push = Self { owner, proof, body };
            push.name_account();
            push
        })
    }

    /// The account for which it was authenticated.
    pub(in crate::flows::notifying) fn account(&self) -> &LogisticAccount {
        &self.owner.account.value
    }

    /// Whether another push was authenticated for the same version of the account.
    pub(in crate::flows::notifying) fn is_for_the_account_of(&self, other: &Self) -> bool {
        self.owner.account.version == other.owner.account.version
    }

    /// The push with its account as of this version of the client's configuration; `None` if its proof is invalid then.
    pub(in crate::flows::notifying) async fn as_of(
        &self,
        dependencies: &PushDependencies,
        version: &Version,
    ) -> Result<Option<Self>, StoreFailure> {
        if self.owner.is_as_of(version) {
            return Ok(Some(self.clone()));
        }
        let owner = dependencies
            .owners
            .as_of(self.proof.name(), version)
            .await?;
        Ok(owner.and_then(|owner| Self::of(owner, self.proof, self.body)))
    }

    /// The push with its current account; `None` if its proof is invalid now.
    pub(in crate::flows::notifying) async fn now(
        &self,
        dependencies: &PushDependencies,
    ) -> Result<Option<Self>, StoreFailure> {
        let owner = dependencies.owners.now(self.proof.name()).await?;
        Ok(owner.and_then(|owner| Self::of(owner, self.proof, self.body)))
    }

    /// Adds the client and the account to later log lines. Its partner is in lines about a failure and an unknown code only: every
    /// push pays for what all lines have.
    fn name_account(&self) {
        let account = self.account();
        set_field("client_id", &account.client_id);
        set_field("alias", &account.alias);
    }
}

impl Proof<'_> {
    fn name(&self) -> PushName<'_> {
        match self {
            Self::Credential(credential) => PushName::User(&credential.user_name),
            Self::Token(token, _) => PushName::Token(token),
        }
    }
}

/// Whether this kind of proof is the one of the account's aggregator, and whether a sent key matches the account's.
fn is_proof_of(owner: &PushOwner, proof: &Proof<'_>) -> bool {
    let account = &owner.account.value;
    let declared = aggregators::find_pushing(&account.aggregator).map(Registers::push_proof);
    match (declared, proof) {
        (Some(PushProof::Credential), Proof::Credential(credential)) => {
            owner.is_proved_by(credential)
        }
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
