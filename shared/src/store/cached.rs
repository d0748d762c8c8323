//! Configuration that a warm function may remember for a minute.
//!
//! A change of an account, an endpoint or a key is effective within that minute. What is not there is not remembered: a
//! flood of made-up keys fills nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const REMEMBERED: Duration = Duration::from_mins(1);
/// More than any one instance meets in a minute; beyond it everything is forgotten.
const MOST_ENTRIES: usize = 1024;

/// Values by key, each for a minute.
#[derive(Debug)]
pub struct Cached<K, V> {
    entries: Mutex<HashMap<K, (Instant, V)>>,
}

impl<K: Eq + Hash, V: Clone> Default for Cached<K, V> {
    fn default() -> Self {
        Self {
            entries: Mutex::new(HashMap::new()),
        }
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Cached<K, V> {
    /// The value if it is remembered.
    pub fn get(&self, key: &K) -> Option<V> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, value) = entries.get(key)?;
        (since.elapsed() < REMEMBERED).then(|| value.clone())
    }

    /// Remembers a value.
    pub fn put(&self, key: K, value: V) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST_ENTRIES {
            entries.clear();
        }
        entries.insert(key, (Instant::now(), value));
    }

    /// Forgets a value that is known to have changed.
    pub fn forget(&self, key: &K) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(key);
    }
}
