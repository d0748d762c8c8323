//! Measures the time to an instance's first poll: one process, one listener, nothing else in between.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::instances::FunctionSettings;
use crate::instances::process::command;

/// Time limit; a longer start counts as failed.
const START_WITHIN: Duration = Duration::from_secs(10);

/// The time from the start of the process to its request for a first invocation, which is never answered.
pub(super) async fn measure(settings: &FunctionSettings) -> anyhow::Result<Duration> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let endpoint = format!("http://{}/start", listener.local_addr()?);
    let mut command = command(settings, &endpoint, "start");
    command.stdout(Stdio::null()).stderr(Stdio::inherit());
    let began = Instant::now();
    let mut child = command.spawn().context("cannot start the process")?;
    let polled = tokio::time::timeout(START_WITHIN, first_poll(&listener)).await;
    let took = began.elapsed();
    // The poll's connection stays open until the kill, so that the function logs no error.
    child.kill().await?;
    polled.with_context(|| format!("{} did not poll for an invocation", settings.name))??;
    Ok(took)
}

/// A function that cannot start posts an error instead of polling.
async fn first_poll(listener: &TcpListener) -> anyhow::Result<TcpStream> {
    let (mut stream, _) = listener.accept().await?;
    let mut method = [0; 4];
    stream.read_exact(&mut method).await?;
    ensure!(
        &method == b"GET ",
        "the function reported an error instead of polling"
    );
    Ok(stream)
}
