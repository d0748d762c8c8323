//! Counts the calls to the backends. Both servers report each call here before they act on it, so a rule that makes
//! some calls fail would be asked at the same two places.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug, Clone)]
pub(super) struct Calls {
    counted: Option<Arc<Mutex<BTreeMap<String, u64>>>>,
}

impl Calls {
    pub(super) fn new(counting: bool) -> Self {
        Self {
            counted: counting.then(Arc::default),
        }
    }

    pub(super) fn counting(&self) -> bool {
        self.counted.is_some()
    }

    pub(super) fn record(&self, target: impl Into<String>) {
        if let Some(counted) = &self.counted {
            let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
            *counted.entry(target.into()).or_default() += 1;
        }
    }

    pub(super) fn so_far(&self) -> BTreeMap<String, u64> {
        self.counted.as_ref().map_or_else(BTreeMap::new, |counted| {
            counted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        })
    }
}
