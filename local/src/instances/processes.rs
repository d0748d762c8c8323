//! The running processes of a function: for measurements, and for tests that kill one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Debug, Clone, Default)]
pub(super) struct Processes {
    ids: Arc<Mutex<BTreeSet<u32>>>,
}

/// Keeps a process in the list until this is dropped.
#[derive(Debug)]
pub(super) struct Listed {
    id: Option<u32>,
    processes: Processes,
}

impl Processes {
    pub(super) fn ids(&self) -> Vec<u32> {
        self.lock().iter().copied().collect()
    }

    /// `None` is a process that has already exited.
    pub(super) fn list(&self, id: Option<u32>) -> Listed {
        self.lock().extend(id);
        Listed {
            id,
            processes: self.clone(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<u32>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.processes.lock().remove(&id);
        }
    }
}
