//! Data that an instance caches for one minute.
//!
//! A change of a key takes effect within that minute. Accounts and endpoints are cached together with the data that shows
//! whether they are still current: outdated ones decide nothing. Missing values are not cached, so a flood of invented keys
//! does not fill the cache. Concurrent readers wait for the first one: an instance reads a value once a minute, however many
//! lanes of a batch need it; in a burst of cold starts each instance reads it once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Mutex as Turns;

const REMEMBERED: Duration = Duration::from_mins(1);
/// More than an instance meets in a minute. Above this limit, everything is forgotten.
const MOST_ENTRIES: usize = 1024;

/// Values by key, each cached for a minute.
#[derive(Debug)]
pub struct Cached<K, V> {
    entries: Mutex<HashMap<K, (Instant, V)>>,
    reading: Turns<()>,
}

impl<K: Eq + Hash, V: Clone> Default for Cached<K, V> {
    fn default() -> Self {
        Self {
            entries: Mutex::new(HashMap::new()),
            reading: Turns::default(),
        }
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Cached<K, V> {
    /// The value, if it is cached.
    pub fn get(&self, key: &K) -> Option<V> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, value) = entries.get(key)?;
        (since.elapsed() < REMEMBERED).then(|| value.clone())
    }

    /// The value from the cache, otherwise from `read`. Only one caller reads at a time; the others wait for its
    /// result.
    pub async fn find<E>(
        &self,
        key: &K,
        read: impl AsyncFnOnce() -> Result<Option<V>, E>,
    ) -> Result<Option<V>, E> {
        self.find_where(key, |_| true, read).await
    }

    /// The cached value if it is `fit`, otherwise the result of `read`.
    pub async fn find_where<E>(
        &self,
        key: &K,
        fit: impl Fn(&V) -> bool,
        read: impl AsyncFnOnce() -> Result<Option<V>, E>,
    ) -> Result<Option<V>, E> {
        let remembered = || self.get(key).filter(|value| fit(value));
        if let Some(value) = remembered() {
            return Ok(Some(value));
        }
        let _alone = self.reading.lock().await;
        if let Some(value) = remembered() {
            return Ok(Some(value));
        }
        let found = read().await?;
        match &found {
            Some(value) => self.put(key.clone(), value.clone()),
            None => self.forget(key),
        }
        Ok(found)
    }

    /// Caches a value.
    pub fn put(&self, key: K, value: V) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST_ENTRIES {
            entries.clear();
        }
        entries.insert(key, (Instant::now(), value));
    }

    /// Removes a value that is known to have changed.
    pub fn forget(&self, key: &K) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn concurrent_callers_wait_for_one_reader() {
        let cached = Cached::<u8, u8>::default();
        let reads = AtomicU32::new(0);
        let ask = async || {
            cached
                .find(&1, async || {
                    reads.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    Ok::<_, ()>(Some(7))
                })
                .await
        };
        let found = join_all((0..20).map(|_| ask())).await;
        assert_eq!(found, vec![Ok(Some(7)); 20]);
        assert_eq!(reads.into_inner(), 1);
    }

    #[tokio::test]
    async fn missing_values_and_failures_are_not_cached() {
        let cached = Cached::<u8, u8>::default();
        assert_eq!(cached.find(&1, async || Err("down")).await, Err("down"));
        assert_eq!(cached.find(&1, async || Ok::<_, ()>(None)).await, Ok(None));
        let found = cached.find(&1, async || Ok::<_, ()>(Some(7))).await;
        assert_eq!(found, Ok(Some(7)));
    }

    #[tokio::test]
    async fn an_unfit_value_is_read_again_and_a_removed_one_is_dropped() {
        let cached = Cached::<u8, u8>::default();
        cached.put(1, 7);
        let not_seven = |value: &u8| *value != 7;
        let read = async || Ok::<_, ()>(Some(8));
        assert_eq!(cached.find_where(&1, not_seven, read).await, Ok(Some(8)));
        let unread = async || Err("read");
        let found = cached.find_where(&1, not_seven, unread).await;
        assert_eq!(found, Ok(Some(8)));
        let gone = cached.find_where(&1, |_| false, async || Ok::<_, ()>(None));
        assert_eq!((gone.await, cached.get(&1)), (Ok(None), None));
    }
}
