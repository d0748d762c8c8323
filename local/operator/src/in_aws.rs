//! AWS itself, for the commands that work on a deployed stack.

use anyhow::ensure;
use aws_config::SdkConfig;

/// The name that a deployed stack has unless it is told.
pub(crate) const STACK_NAME: &str = "rms-logistics";

const NO_CREDENTIALS: &str = "AWS credentials and region are taken from the environment alone, and AWS_ACCESS_KEY_ID or \
                              AWS_REGION is not set. Those of a profile: \
                              eval \"$(aws configure export-credentials --format env)\"";

/// As the functions have it: nothing but the environment, so that no chain of providers is linked for a few commands.
pub(crate) fn configuration() -> anyhow::Result<SdkConfig> {
    let configuration = logistics::aws::configuration();
    let is_told = configuration.region().is_some() && has_credentials();
    ensure!(is_told, NO_CREDENTIALS);
    Ok(configuration)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the SDK reads this variable; here it is only asked whether it is there"
)]
fn has_credentials() -> bool {
    std::env::var("AWS_ACCESS_KEY_ID").is_ok()
}
