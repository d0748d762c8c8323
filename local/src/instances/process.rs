//! One instance: a child process and its session with the runtime API.

use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use tokio::process::{Child, Command};

use crate::instances::FunctionSettings;
use crate::instances::failure::{InvocationFailure, describe};
use crate::instances::processes::{Listed, Processes};
use crate::log::Log;
use crate::region::{REGION, SECRET_ACCESS_KEY};
use crate::runtime_api::{Invocation, RuntimeApi, Session};
use crate::surroundings;

/// Lambda allows 10 s for the start; a debug build on a busy machine may need more.
const START_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Instance {
    child: Child,
    session: Session,
    _listed: Listed,
}

impl Instance {
    /// Starts the process and waits until it asks for its first invocation.
    pub(super) async fn start(
        settings: &FunctionSettings,
        api: &RuntimeApi,
        log: &Log,
        processes: &Processes,
    ) -> Result<Self, InvocationFailure> {
        let session = api.open_session();
        let mut child = command(settings, session.endpoint(), session.id())
            .spawn()
            .map_err(|error| not_started(format!("{}: {error}", settings.program.display())))?;
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(log.clone().follow(settings.name.clone(), stdout));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(log.clone().follow(settings.name.clone(), stderr));
        }
        let mut instance = Self {
            _listed: processes.list(child.id()),
            child,
            session,
        };
        tokio::select! {
            // An error that was reported says more than the exit that follows it.
            biased;
            ready = instance.session.ready() => {
                ready.map_err(|error| not_started(error.to_string()))?;
            }
            status = instance.child.wait() => {
                return Err(not_started(format!(
                    "it ended before its first invocation with {}",
                    describe(status)
                )));
            }
            () = tokio::time::sleep(START_WITHIN) => {
                return Err(not_started(format!(
                    "it asked for no invocation within {} s",
                    START_WITHIN.as_secs()
                )));
            }
        }
        Ok(instance)
    }

    /// Has one invocation done. After a failure other than [`InvocationFailure::Returned`] the instance is of no use.
    pub(super) async fn invoke(
        &mut self,
        invocation: Invocation,
        timeout: Duration,
    ) -> Result<Bytes, InvocationFailure> {
        let request_id = invocation.request_id.clone();
        tokio::select! {
            // A process that answers and then ends has answered.
            biased;
            answer = self.session.invoke(invocation) => answer.map_err(InvocationFailure::Returned),
            status = self.child.wait() => Err(InvocationFailure::Exited {
                request_id,
                status: describe(status),
            }),
            () = tokio::time::sleep(timeout) => Err(InvocationFailure::TimedOut {
                request_id,
                timeout,
            }),
        }
    }

    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Kills the process and waits until it is gone.
    pub(super) async fn kill(mut self) {
        self.child.kill().await.ok();
    }
}

/// The process of an instance that finds its runtime API at `endpoint`.
pub(super) fn command(settings: &FunctionSettings, endpoint: &str, instance: &str) -> Command {
    let mut command = Command::new(&settings.program);
    command
        .env_clear()
        .envs(&settings.environment)
        .envs(surroundings::for_functions())
        .env("AWS_LAMBDA_RUNTIME_API", endpoint)
        .env("AWS_LAMBDA_FUNCTION_NAME", &settings.name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env(
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            settings.memory_mb.to_string(),
        )
        .env(
            "AWS_LAMBDA_LOG_GROUP_NAME",
            format!("/aws/lambda/{}", settings.name),
        )
        .env("AWS_LAMBDA_LOG_STREAM_NAME", format!("[$LATEST]{instance}"))
        .env("AWS_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", &settings.name)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // Ctrl-C is for the stack, which then ends its instances in order.
    #[cfg(unix)]
    command.process_group(0);
    command
}

fn not_started(reason: String) -> InvocationFailure {
    InvocationFailure::NotStarted { reason }
}
