//! A claimed change of an order: what its request may do, and how it ends.
//!
//! If the end cannot be recorded, the lease expires and a repeat finds out.

use crate::domain::claim_end::FailedAttempt;
use crate::domain::selling::document::ChannelDocumentId;
use crate::domain::selling::write_claim::{SentWrite, WriteClaim, WriteStanding, standing_after};
use crate::flows::channel_failure::ChannelFailure;
use crate::flows::channelling::change_order::ChannelOrderDesk;
use crate::flows::channelling::change_order::claim_change::AFTER_A_RACE;
use crate::flows::channelling::change_order::failure::ChangeFailure;
use crate::flows::failure::FlowFailure;
use crate::partners::failure::{PartnerFailure, Refusal};
use crate::store::channelling::order_claims::ClaimPlace;
use crate::telemetry::metrics::{self, Metric};

/// How far an attempt is, which determines what a failure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing was sent.
    Before,
    /// The change is being sent.
    Sending,
    /// The channel answered: it was made, or its effect is being read back.
    Answered,
}

/// A claimed change.
#[derive(Debug)]
pub(super) struct HeldChange<'a> {
    pub(super) order: ChannelOrderDesk<'a>,
    place: ClaimPlace,
    holder: String,
    stage: Stage,
    /// An earlier attempt, whose outcome was unknown when this one began.
    earlier: Option<SentWrite>,
    /// The document that the earlier attempt created.
    made: Option<ChannelDocumentId>,
    /// Whether the effect of the earlier attempt may still appear.
    in_doubt: bool,
}

impl<'a> HeldChange<'a> {
    pub(super) fn new(order: ChannelOrderDesk<'a>, place: ClaimPlace, claim: WriteClaim) -> Self {
        Self {
            order,
            place,
            holder: claim.holder,
            stage: Stage::Before,
            in_doubt: claim.sent.is_some(),
            earlier: claim.sent,
            made: claim.made,
        }
    }

    /// An earlier attempt, whose outcome was unknown when this one began.
    pub(super) fn earlier(&self) -> Option<&SentWrite> {
        self.earlier.as_ref()
    }

    /// The document that the earlier attempt is known to have created.
    pub(super) fn made_earlier(&self) -> Option<&ChannelDocumentId> {
        self.made.as_ref()
    }

    /// The earlier attempt had no effect.
    pub(super) fn is_settled(&mut self) {
        self.in_doubt = false;
    }

    /// Records an attempt before it is sent.
    pub(super) async fn sends(&mut self, sent: &SentWrite) -> Result<(), ChangeFailure> {
        let claims = &self.order.dependencies.claims;
        let is_ours = claims.send(&self.place, &self.holder, sent).await;
        if !is_ours.map_err(FlowFailure::from)? {
            return Err(FlowFailure::InProgress(AFTER_A_RACE).into());
        }
        self.stage = Stage::Sending;
        Ok(())
    }

    /// The channel answered; its effect is read back now.
    pub(super) fn is_answered(&mut self) {
        self.stage = Stage::Answered;
    }

    /// Records the document that the attempt created.
    pub(super) async fn creates(&mut self, id: &ChannelDocumentId) -> Result<(), ChangeFailure> {
        self.is_answered();
        let claims = &self.order.dependencies.claims;
        let is_ours = claims.made(&self.place, &self.holder, id).await;
        if is_ours.map_err(FlowFailure::from)? {
            Ok(())
        } else {
            Err(FlowFailure::InProgress(AFTER_A_RACE).into())
        }
    }

    /// Records the answer of a change that is made.
    pub(super) async fn finishes(self, answer: &str) -> Result<(), FlowFailure> {
        let claims = &self.order.dependencies.claims;
        let ended = (WriteStanding::Done, Some(answer));
        match claims.end(&self.place, &self.holder, ended).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(FlowFailure::InProgress(AFTER_A_RACE)),
            Err(error) => {
                warn_of(&error, WriteStanding::Done);
                Err(ChannelFailure::OutcomeUnknown(None).into())
            }
        }
    }

    /// Ends the claim after a failure; returns the failure for the caller.
    pub(super) async fn fails(self, failure: ChangeFailure) -> FlowFailure {
        let (failed, failure) = self.meaning(failure);
        let standing = standing_after(failed, self.in_doubt);
        let claims = &self.order.dependencies.claims;
        if standing == WriteStanding::Uncertain {
            metrics::count(Metric::OrdersInDoubt, 1);
        }
        let ended = (standing, None);
        if let Err(error) = claims.end(&self.place, &self.holder, ended).await {
            warn_of(&error, standing);
        }
        failure
    }

    /// What a failure means for the claim and for the caller.
    fn meaning(&self, failure: ChangeFailure) -> (FailedAttempt, FlowFailure) {
        let unknown = |after| ChannelFailure::OutcomeUnknown(after).into();
        match failure {
            ChangeFailure::Unsettled(left) => (FailedAttempt::WithoutEffect, unknown(Some(left))),
            ChangeFailure::NotMade(message) => {
                let refusal = Refusal {
                    code: None,
                    message: Some(message),
                };
                let refused = PartnerFailure::Refused(refusal);
                (FailedAttempt::Refused, self.order.open.failed(refused))
            }
            ChangeFailure::Channel(failure) => {
                let failed = match self.stage {
                    Stage::Before => FailedAttempt::WithoutEffect,
                    Stage::Sending => failure.attempt(),
                    Stage::Answered => FailedAttempt::Unclear,
                };
                // While it is not known what became of an attempt, the caller must repeat this very request.
                let is_unknown = failed == FailedAttempt::Unclear
                    || (self.in_doubt && failed == FailedAttempt::WithoutEffect);
                if is_unknown && failure.is_unclear() {
                    (failed, unknown(None))
                } else {
                    (failed, self.order.open.failed(failure))
                }
            }
            ChangeFailure::Flow(failure) => match self.stage {
                Stage::Before | Stage::Sending => (FailedAttempt::WithoutEffect, failure),
                Stage::Answered => (FailedAttempt::Unclear, unknown(None)),
            },
        }
    }
}

fn warn_of(error: &dyn std::error::Error, standing: WriteStanding) {
    tracing::error!(
        error = crate::telemetry::chain(error),
        %standing,
        "claim not released: it expires with its lease"
    );
}
