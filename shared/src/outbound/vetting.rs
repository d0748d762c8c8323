//! Checks whether a URL may be called when it is saved, without calling it.

use std::sync::Arc;

use reqwest::dns::{Name, Resolve};
use url::{Host, Url};

use crate::outbound::client::{CONNECT_DEADLINE, Outbound};
use crate::outbound::target::{self, ForbiddenTarget};

/// Why a URL may not be saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It may not be called.
    #[error(transparent)]
    Forbidden(#[from] ForbiddenTarget),
    /// Its name does not resolve, or no resolver responded.
    #[error("the name {0} cannot be resolved")]
    Unresolvable(String),
}

/// The resolver.
#[derive(Clone)]
pub(super) struct Names(pub(super) Arc<dyn Resolve>);

impl std::fmt::Debug for Names {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Names")
    }
}

impl Outbound {
    /// Checks a URL without resolving its name.
    pub fn may_call(&self, url: &Url) -> Result<(), ForbiddenTarget> {
        target::check(url, &self.allowed)
    }

    /// Checks a URL and all current addresses of its name. It is checked again at each call.
    pub async fn vet(&self, url: &Url) -> Result<(), Unfit> {
        self.may_call(url)?;
        match url.host() {
            Some(Host::Domain(name)) => self.vet_name(name).await,
            Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => Ok(()),
        }
    }

    async fn vet_name(&self, host: &str) -> Result<(), Unfit> {
        let unresolvable = || Unfit::Unresolvable(host.to_owned());
        let name: Name = host.parse().map_err(|_| unresolvable())?;
        let resolved = tokio::time::timeout(CONNECT_DEADLINE, self.names.0.resolve(name));
        match resolved.await.map_err(|_| unresolvable())? {
            Ok(mut addresses) => addresses.next().map(|_| ()).ok_or_else(unresolvable),
            Err(error) => Err(error
                .downcast_ref::<ForbiddenTarget>()
                .map_or_else(unresolvable, |forbidden| forbidden.clone().into())),
        }
    }
}
