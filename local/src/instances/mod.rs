//! A function with its pool of instances: child processes that run the function's binary.
//!
//! As in Lambda, an instance handles one invocation at a time. A warm instance is reused, a new one is started when all are
//! busy, and beyond a limit invocations wait. An instance is killed at the function's timeout. A crash fails the invocation,
//! and the next invocation starts a new instance. A running invocation continues when its caller goes away. No instance
//! outlives the stack: dropping it kills it, and when the stack itself is killed, the instance's connection to the runtime
//! API breaks, on which `lambda_runtime` ends the process.

mod failure;
mod process;
mod processes;
mod served;
mod start_time;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use uuid::Uuid;

pub use failure::InvocationFailure;
use process::Instance;
use processes::Processes;
pub use served::Served;

use crate::faults::Faults;
use crate::log::Log;
use crate::metrics::Key;
use crate::region::{ACCOUNT, REGION};
use crate::runtime_api::{Invocation, RuntimeApi};

/// The settings of a function.
#[derive(Debug, Clone)]
pub struct FunctionSettings {
    /// The binary's name, which is also the function's.
    pub name: String,
    /// The executable.
    pub program: PathBuf,
    /// Time limit of an invocation; at the limit the instance is killed.
    pub timeout: Duration,
    /// Passed to the function, not enforced.
    pub memory_mb: u32,
    /// The function's own environment variables.
    pub environment: BTreeMap<String, String>,
    /// Maximum concurrent instances.
    pub instance_limit: usize,
}

/// A function that can be invoked.
#[derive(Debug)]
pub struct Function {
    settings: FunctionSettings,
    api: RuntimeApi,
    log: Log,
    permits: Semaphore,
    warm: Mutex<Vec<Instance>>,
    processes: Processes,
    served: Mutex<Served>,
    faults: Faults,
    stopping: watch::Sender<bool>,
}

impl Function {
    /// Starts no instance; the first invocation does.
    pub fn new(settings: FunctionSettings, api: RuntimeApi, log: Log) -> Arc<Self> {
        Arc::new(Self {
            permits: Semaphore::new(settings.instance_limit),
            settings,
            api,
            log,
            warm: Mutex::default(),
            processes: Processes::default(),
            served: Mutex::default(),
            faults: Faults::default(),
            stopping: watch::Sender::new(false),
        })
    }

    /// The function's name.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Invokes the function and waits for its answer. If the caller stops waiting, the invocation continues.
    pub async fn invoke(self: &Arc<Self>, payload: Bytes) -> Result<Bytes, InvocationFailure> {
        let function = Arc::clone(self);
        let invocation = tokio::spawn(async move {
            let result = function.run(payload).await;
            if let Err(failure) = &result
                && !matches!(failure, InvocationFailure::Stopped)
            {
                function.measure("Errors", 1.0);
                function.report(&failure.to_string());
            }
            result
        });
        invocation.await.unwrap_or(Err(InvocationFailure::Stopped))
    }

    /// The faults of its invocations.
    pub(crate) fn faults(&self) -> Faults {
        self.faults.clone()
    }

    /// The process ids of the running instances, busy or warm.
    pub fn process_ids(&self) -> Vec<u32> {
        self.processes.ids()
    }

    /// The completed invocations so far.
    pub fn served(&self) -> Served {
        *self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time from an instance's start to its first poll of the runtime API; the instance is then killed.
    pub async fn time_start(&self) -> anyhow::Result<Duration> {
        start_time::measure(&self.settings).await
    }

    /// Logs a message of the stack about this function, under the function's name.
    pub(crate) fn report(&self, text: &str) {
        self.log.line(&self.settings.name, text);
    }

    /// Kills all instances, including busy ones, and waits until they have exited.
    pub async fn stop(&self) {
        self.stopping.send_replace(true);
        let all = u32::try_from(self.settings.instance_limit).unwrap_or(u32::MAX);
        drop(self.permits.acquire_many(all).await);
        self.permits.close();
        let warm = std::mem::take(&mut *self.warm());
        for instance in warm {
            instance.kill().await;
        }
    }

    /// Kills all instances without waiting.
    pub(crate) fn end(&self) {
        self.stopping.send_replace(true);
        self.warm().clear();
    }

    /// Measures what Lambda would measure.
    fn measure(&self, metric: &str, value: f64) {
        let key = Key::new("AWS/Lambda", metric, Some(("FunctionName", self.name())));
        self.log.metrics().add(key, value);
    }

    async fn run(&self, payload: Bytes) -> Result<Bytes, InvocationFailure> {
        let mut stopping = self.stopping.subscribe();
        let prepared = tokio::select! {
            prepared = self.prepare() => prepared,
            _ = stopping.wait_for(|stopping| *stopping) => Err(InvocationFailure::Stopped),
        };
        let (mut instance, _permit) = prepared?;
        let invocation = self.invocation(payload);
        if self.faults.take() {
            instance.kill().await;
            return Err(InvocationFailure::Exited {
                request_id: invocation.request_id,
                status: "signal 9, as the stack's control address was asked to".to_owned(),
            });
        }
        let began = Instant::now();
        let result = tokio::select! {
            result = instance.invoke(invocation, self.settings.timeout) => result,
            _ = stopping.wait_for(|stopping| *stopping) => Err(InvocationFailure::Stopped),
        };
        let took = began.elapsed();
        self.served
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(took);
        self.measure("Duration", took.as_secs_f64() * 1000.0);
        if matches!(result, Ok(_) | Err(InvocationFailure::Returned(_))) {
            self.warm().push(instance);
        } else {
            instance.kill().await;
        }
        result
    }

    /// Waits for a permit and for an instance.
    async fn prepare(&self) -> Result<(Instance, SemaphorePermit<'_>), InvocationFailure> {
        if self.permits.available_permits() == 0 {
            // Lambda refuses such an invocation. Here it waits, so that a limit does not change what a test sees.
            let throttled = Key::new("AWS/Lambda", "Throttles", None);
            self.log.metrics().add(throttled, 1.0);
        }
        let permit = self.permits.acquire().await;
        let permit = permit.map_err(|_| InvocationFailure::Stopped)?;
        let instance = match self.take_warm() {
            Some(instance) => instance,
            None => self.start_instance().await?,
        };
        Ok((instance, permit))
    }

    async fn start_instance(&self) -> Result<Instance, InvocationFailure> {
        Instance::start(&self.settings, &self.api, &self.log, &self.processes).await
    }

    fn invocation(&self, payload: Bytes) -> Invocation {
        let timeout_ms = i64::try_from(self.settings.timeout.as_millis()).unwrap_or(i64::MAX);
        let name = &self.settings.name;
        Invocation {
            request_id: Uuid::now_v7().to_string(),
            deadline_ms: Timestamp::now().as_millisecond().saturating_add(timeout_ms),
            function_arn: format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"),
            payload,
        }
    }

    /// The most recently used instance that is still running.
    fn take_warm(&self) -> Option<Instance> {
        let mut warm = self.warm();
        while let Some(mut instance) = warm.pop() {
            if instance.is_alive() {
                return Some(instance);
            }
        }
        None
    }

    fn warm(&self) -> std::sync::MutexGuard<'_, Vec<Instance>> {
        self.warm.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        self.end();
    }
}
