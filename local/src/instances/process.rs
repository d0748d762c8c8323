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

/// Time limit for the start. Lambda allows 10 s; a debug build on a busy machine may need more.
const START_WITHIN: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Instance {
    child: Child,
    session: Session,
    _listed: Listed,
}

impl Instance {
    /// Starts the process and waits until it polls for its first invocation.
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
            // A reported error says more than the exit that follows it.
            biased;
            ready = instance.session.ready() => {
                ready.map_err(|error| not_started(error.to_string()))?;
            }
            status = instance.child.wait() => {
                return Err(not_started(format!(
                    "the process exited before its first invocation: {}",
                    describe(status)
                )));
            }
            () = tokio::time::sleep(START_WITHIN) => {
                return Err(not_started(format!(
                    "the process did not poll for an invocation within {} s",
                    START_WITHIN.as_secs()
                )));
            }
        }
        Ok(instance)
    }

    /// Runs one invocation. After a failure other than [`InvocationFailure::Returned`] the instance cannot be reused.
    pub(super) async fn invoke(
        &mut self,
        invocation: Invocation,
        timeout: Duration,
    ) -> Result<Bytes, InvocationFailure> {
        let request_id = invocation.request_id.clone();
        tokio::select! {
            // The answer of a process that answers and then exits counts.
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

    /// Kills the process and waits until it has exited.
    pub(super) async fn kill(mut self) {
        self.child.kill().await.ok();
    }
}

/// The command for an instance whose runtime API is at `endpoint`.
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
    // Ctrl-C must reach only the stack, which then stops its instances in order.
    #[cfg(unix)]
    command.process_group(0);
    command
}

fn not_started(reason: String) -> InvocationFailure {
    InvocationFailure::NotStarted { reason }
}
