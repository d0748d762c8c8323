//! The aggregators, played: HTTP services that speak as each vendor's documents say, below `/<alias>/`.
//!
//! All share what a test needs to look behind the scenes:
//!
//! | route | |
//! |---|---|
//! | `GET /<alias>/calls` | the vendor calls that were asked, in order |
//! | `PUT /<alias>/faults` | what befalls the next such call; see [`faults`] |
//! | `POST /<alias>/advance` | pushes the notifications of a shipment's way to a state; see [`journey`] |
//!
//! They are an independent reading of the documents: nothing here uses the product's types, so that a mistake in one
//! reading shows as a disagreement. State is in memory; nothing is pushed by itself.
//!
//! To add a vendor: a folder with its routes on a [`desk::Desk`], and its lines in [`Simulators`].

mod calls;
mod control;
mod desk;
mod faults;
mod journey;
mod label;
mod magic;
mod push;
mod shiprocket;
mod ways;

use std::sync::Arc;

use axum::Router;
use serde_json::Value;

pub use calls::Call;
pub use magic::MagicConfig;
pub use push::PushTarget;
pub use shiprocket::ShiprocketConfig;

use crate::outbound;
use control::AdvanceRefusal;
use desk::Desk;
use journey::Advance;
use magic::Magic;
use push::Pusher;
use shiprocket::Shiprocket;

/// What the simulators have to know from the start.
#[derive(Default)]
pub struct SimulatorsConfig {
    /// Where they are reached, absolute: labels are linked below it. For example `http://127.0.0.1:4010`.
    pub base_url: String,
    /// The RMS Magic aggregator.
    pub magic: MagicConfig,
    /// The Shiprocket account.
    pub shiprocket: ShiprocketConfig,
}

/// All simulators; clones share their state.
#[derive(Clone)]
pub struct Simulators {
    magic: Arc<Magic>,
    shiprocket: Arc<Shiprocket>,
}

/// There is no simulator of that alias.
#[derive(Debug, thiserror::Error)]
#[error("there is no simulator {0:?}")]
pub struct UnknownSimulator(pub String);

impl Simulators {
    /// Sets them up; fails only if no HTTP client can be built.
    pub fn new(config: SimulatorsConfig) -> anyhow::Result<Self> {
        let base_url = config.base_url.trim_end_matches('/');
        let client = outbound::client()?;
        let pusher = || Pusher::new(client.clone());
        Ok(Self {
            magic: Arc::new(Magic::new(base_url, config.magic, pusher())),
            shiprocket: Arc::new(Shiprocket::new(base_url, config.shiprocket, pusher())),
        })
    }

    /// Where `advance` pushes to from now on.
    pub fn set_push_target(&self, alias: &str, target: PushTarget) -> Result<(), UnknownSimulator> {
        self.desk(alias)?.pusher.set_target(target);
        Ok(())
    }

    /// The vendor calls that the simulator was asked, in order.
    pub fn calls(&self, alias: &str) -> Result<Vec<Call>, UnknownSimulator> {
        Ok(self.desk(alias)?.calls.all())
    }

    /// Replaces what befalls the next calls; the body is that of `PUT /<alias>/faults`.
    pub fn set_faults(&self, alias: &str, body: Value) -> anyhow::Result<()> {
        let desk = self.desk(alias)?;
        desk.faults.replace(serde_json::from_value(body)?)?;
        Ok(())
    }

    fn desk(&self, alias: &str) -> Result<&Desk, UnknownSimulator> {
        match alias {
            magic::ALIAS => Ok(&self.magic.desk),
            shiprocket::ALIAS => Ok(&self.shiprocket.desk),
            _ => Err(UnknownSimulator(alias.to_owned())),
        }
    }

    async fn advance(
        &self,
        alias: &str,
        awb: &str,
        to: &str,
        dialect: Option<&str>,
    ) -> Result<Advance, AdvanceRefusal> {
        match alias {
            magic::ALIAS => self.magic.advance(awb, to, dialect).await,
            shiprocket::ALIAS => self.shiprocket.advance(awb, to, dialect).await,
            _ => Err(UnknownSimulator(alias.to_owned()).into()),
        }
    }
}

/// All simulators as one HTTP service.
pub fn router(simulators: Simulators) -> Router {
    let magic = magic::routes(Arc::clone(&simulators.magic));
    let shiprocket = shiprocket::routes(Arc::clone(&simulators.shiprocket));
    control::routes()
        .with_state(simulators)
        .merge(magic)
        .merge(shiprocket)
}
