//! How far a sequence of creating calls has got.

use std::collections::BTreeMap;

use futures::future::BoxFuture;

/// The ids that a sequence has got so far. They outlive the process: a repeat of the request resumes from them.
pub struct Progress<'a> {
    reached: BTreeMap<String, String>,
    keeper: &'a dyn KeepsProgress,
}

/// Where progress is kept. The caller of an adapter provides it.
pub trait KeepsProgress: Send + Sync {
    /// Stores one id durably.
    fn keep<'a>(&'a self, step: &'a str, id: &'a str) -> BoxFuture<'a, Result<(), NotKept>>;
}

/// An id could not be stored: the sequence must stop, with its outcome unknown.
#[derive(Debug, thiserror::Error)]
#[error("the progress could not be stored")]
pub struct NotKept;

impl<'a> Progress<'a> {
    /// Progress that goes on from what was reached before.
    pub fn new(reached: BTreeMap<String, String>, keeper: &'a dyn KeepsProgress) -> Self {
        Self { reached, keeper }
    }

    /// All ids so far, by their steps.
    pub fn reached(&self) -> &BTreeMap<String, String> {
        &self.reached
    }

    /// The id that a step got.
    pub fn at(&self, step: &str) -> Option<&str> {
        self.reached.get(step).map(String::as_str)
    }

    /// Keeps the id that a step got, before the next step begins.
    pub async fn reach(&mut self, step: &str, id: &str) -> Result<(), NotKept> {
        self.keeper.keep(step, id).await?;
        self.reached.insert(step.to_owned(), id.to_owned());
        Ok(())
    }
}

impl std::fmt::Debug for Progress<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Progress")
            .field("reached", &self.reached)
            .finish_non_exhaustive()
    }
}
