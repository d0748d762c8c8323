//! Progress within a sequence of creating calls.

use std::collections::BTreeMap;

use futures::future::BoxFuture;

use crate::domain::given_id::GivenId;

/// The ids that the steps of a sequence returned so far. They are stored: a repeated request resumes from them.
pub struct Progress<'a> {
    reached: BTreeMap<String, String>,
    keeper: &'a dyn KeepsProgress,
}

/// Stores progress. The caller of an adapter provides it.
pub trait KeepsProgress: Send + Sync {
    /// Stores the result of a step durably, unless another order of the account has the id that it contains.
    fn keep<'a>(
        &'a self,
        step: &'a str,
        result: &'a str,
        given: &'a GivenId,
    ) -> BoxFuture<'a, Result<(), NotKept>>;
}

/// A result could not be stored, or may not be used: the sequence must stop with an unknown outcome.
#[derive(Debug, thiserror::Error)]
#[error("the progress could not be stored")]
pub struct NotKept;

impl<'a> Progress<'a> {
    /// Progress that resumes from earlier steps.
    pub fn new(reached: BTreeMap<String, String>, keeper: &'a dyn KeepsProgress) -> Self {
        Self { reached, keeper }
    }

    /// All ids so far, by step.
    pub fn reached(&self) -> &BTreeMap<String, String> {
        &self.reached
    }

    /// The id of a step.
    pub fn at(&self, step: &str) -> Option<&str> {
        self.reached.get(step).map(String::as_str)
    }

    /// Stores the result of a step, with the id that it contains, before the next step begins.
    pub async fn reach(&mut self, step: &str, result: &str, given: GivenId) -> Result<(), NotKept> {
        self.keeper.keep(step, result, &given).await?;
        self.reached.insert(step.to_owned(), result.to_owned());
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
