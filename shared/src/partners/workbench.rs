//! Test support for the adapters of every kind of partner: in-memory progress and sessions, and the warnings about calls.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::domain::account::PartnerAccount;
use crate::domain::given_id::GivenId;
use crate::partners::progress::{KeepsProgress, NotKept};
use crate::partners::session::KeepsSessions;
use crate::telemetry::captured::Captured;

/// Progress in memory.
#[derive(Debug, Default)]
pub(crate) struct MemoryProgress {
    steps: Mutex<BTreeMap<String, String>>,
}

impl MemoryProgress {
    /// Progress with these completed steps.
    pub(crate) fn at(steps: &[(&str, &str)]) -> Self {
        let owned = |(step, id): &(&str, &str)| ((*step).to_owned(), (*id).to_owned());
        Self {
            steps: Mutex::new(steps.iter().map(owned).collect()),
        }
    }

    /// All steps.
    pub(crate) fn reached(&self) -> BTreeMap<String, String> {
        self.steps.lock().unwrap().clone()
    }
}

impl KeepsProgress for MemoryProgress {
    fn keep<'a>(
        &'a self,
        step: &'a str,
        result: &'a str,
        _given: &'a GivenId,
    ) -> BoxFuture<'a, Result<(), NotKept>> {
        let mut steps = self.steps.lock().unwrap();
        steps.insert(step.to_owned(), result.to_owned());
        async { Ok(()) }.boxed()
    }
}

/// Tokens in memory, by alias.
#[derive(Debug, Default)]
pub(crate) struct MemorySessions {
    tokens: Mutex<BTreeMap<String, SecretString>>,
}

impl MemorySessions {
    /// The stored token of the workbench's account.
    pub(crate) fn kept(&self) -> Option<String> {
        let tokens = self.tokens.lock().unwrap();
        let token = tokens.values().next()?;
        Some(token.expose_secret().to_owned())
    }
}

impl KeepsSessions for MemorySessions {
    fn token<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        refused: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Option<SecretString>> {
        let tokens = self.tokens.lock().unwrap();
        let kept = tokens.get(account.alias.as_str()).cloned();
        let good = kept.filter(|kept| {
            refused.is_none_or(|refused| refused.expose_secret() != kept.expose_secret())
        });
        async { good }.boxed()
    }

    fn keep<'a>(
        &'a self,
        account: PartnerAccount<'a>,
        token: &'a SecretString,
        _lives: Duration,
    ) -> BoxFuture<'a, ()> {
        let mut tokens = self.tokens.lock().unwrap();
        tokens.insert(account.alias.to_string(), token.clone());
        async {}.boxed()
    }
}

/// The calls with a warning in the log: operation, outcome, status and length of the response.
pub(crate) fn warned_of(captured: &Captured) -> Vec<String> {
    let field = |line: &Value, name: &str| {
        let text = line[name].as_str().map(str::to_owned);
        text.unwrap_or_else(|| line[name].to_string())
    };
    let told = |line: &Value| {
        let fields = ["operation", "outcome", "status", "bytes"];
        fields.map(|name| field(line, name)).join(" ")
    };
    let lines = captured.lines();
    let warnings = lines.iter().filter(|line| line["level"] == "WARN");
    warnings.map(told).collect()
}
