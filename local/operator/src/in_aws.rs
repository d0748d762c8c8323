//! AWS configuration for the commands that work on a deployed stack.

use anyhow::ensure;
use logistics::aws::Aws;

/// The default name of a deployed stack.
pub(crate) const STACK_NAME: &str = "rms-logistics";

const NO_CREDENTIALS: &str = "AWS_ACCESS_KEY_ID or AWS_REGION is not set: credentials and region are read from the \
                              environment only. To use a profile: \
                              eval \"$(aws configure export-credentials --format env)\"";

/// Reads the environment only, as the functions do, so that no chain of credential providers is linked for a few commands.
pub(crate) fn configuration() -> anyhow::Result<Aws> {
    let configuration = logistics::aws::configuration();
    let is_told = configuration.sdk.region().is_some() && has_credentials();
    ensure!(is_told, NO_CREDENTIALS);
    Ok(configuration)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the SDK reads this variable; here we only check that it is set"
)]
fn has_credentials() -> bool {
    std::env::var("AWS_ACCESS_KEY_ID").is_ok()
}
