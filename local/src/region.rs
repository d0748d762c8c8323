//! Which account and region the local stack pretends to be, and the credentials that it hands out. Nothing checks the
//! credentials; the SDK only wants to have some.

use axum::http::HeaderMap;

/// The region of all ARNs and of the functions' `AWS_REGION`.
pub const REGION: &str = "ap-south-1";
/// The account of all ARNs.
pub const ACCOUNT: &str = "000000000000";
/// The access key of the stack's own clients; a function's is its name.
pub const ACCESS_KEY_ID: &str = "local";
/// The secret that goes with [`ACCESS_KEY_ID`].
pub const SECRET_ACCESS_KEY: &str = "local";

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
