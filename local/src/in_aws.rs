//! AWS itself, for the commands that work on a deployed stack.

use anyhow::ensure;
use aws_config::SdkConfig;

use crate::surroundings;

/// The name that a deployed stack has unless it is told.
pub(crate) const STACK_NAME: &str = "rms-logistics";

const NO_CREDENTIALS: &str = "AWS credentials and region are taken from the environment alone, and AWS_ACCESS_KEY_ID or \
                              AWS_REGION is not set. Those of a profile: \
                              eval \"$(aws configure export-credentials --format env)\"";

/// As the functions have it: nothing but the environment, so that no chain of providers is linked for a few commands.
pub(crate) fn configuration() -> anyhow::Result<SdkConfig> {
    let configuration = logistics::aws::configuration();
    let is_told = configuration.region().is_some() && surroundings::has_aws_credentials();
    ensure!(is_told, NO_CREDENTIALS);
    Ok(configuration)
}
