//! Which account and region the local stack pretends to be, and the credentials that it hands out. Nothing checks the
//! credentials; the SDK only wants to have some.

use axum::http::HeaderMap;

/// Of all clients of the stack. A function's access key is its name.
pub use operator::sdk_clients::{ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};

/// The account of all ARNs.
pub const ACCOUNT: &str = "000000000000";

/// The ARN of the one KMS key that there is.
pub(crate) fn kms_key_arn() -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/local")
}

/// Who signed a call: `Credential=<key>/<date>/…`.
pub(crate) fn signer(headers: &HeaderMap) -> Option<&str> {
    let authorization = headers.get("authorization")?.to_str().ok()?;
    let (_, credential) = authorization.split_once("Credential=")?;
    credential.split('/').next()
}
