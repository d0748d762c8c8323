//! The account, region and credentials of the local stack. The credentials are not checked; the SDK only requires some.

use axum::http::HeaderMap;

/// The credentials of all clients of the stack, except functions, whose access key is their name.
pub use operator::sdk_clients::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};

/// The account of all ARNs.
pub const ACCOUNT: &str = "000000000000";

/// The name of the stack, as in `samconfig.toml`.
pub(crate) const STACK: &str = "rms-logistics";

/// The ARN of the only KMS key.
pub(crate) fn kms_key_arn() -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/local")
}

/// The access key that signed a call: `Credential=<key>/<date>/…`.
pub(crate) fn signer(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get("authorization")?.to_str().ok()?;
    let (_, credential) = authorization.split_once("Credential=")?;
    credential.split('/').next()
}
