//! The program `local`, as an operator starts it.

use tokio::process::Command;

/// The program with only these environment variables.
pub(crate) async fn program(environment: &[(&str, &str)]) -> Command {
    let built = local::binaries::build(&["local"], false).await.unwrap();
    let mut program = Command::new(&built["local"]);
    program.env_clear().envs(environment.iter().copied());
    program
}
