//! The keyring: that KMS unwraps it, so that functions can open secrets.

use logistics::sealing::vault::Vault;

use crate::doctor::Finding;
use crate::stack::Stack;

const WHAT: &str = "keyring";

/// Examines the keyring of a local stack, or the one that is `given`.
pub(super) async fn examine(stack: &Stack, given: Option<&str>) -> Finding {
    let vault = match (&stack.running, given) {
        (Some(running), _) => Vault::wrapped_by(running.kms(), running.sealing_keyring.clone()),
        (None, Some("")) => {
            return Finding::wrong(
                WHAT,
                "none",
                "make one with `keyring create` and deploy it as the parameter SealingKeyring",
            );
        }
        (None, Some(wrapped)) => Vault::new(&stack.aws.sdk, wrapped.to_owned()),
        (None, None) => {
            return Finding::unknown(
                WHAT,
                "not given",
                "give --keyring with the value of the stack's parameter SealingKeyring",
            );
        }
    };
    match vault.keyring().await {
        Ok(_) => Finding::well(WHAT, "KMS unwraps it"),
        Err(error) => Finding::wrong(
            WHAT,
            format!("{:#}", anyhow::Error::from(error)),
            "functions cannot open a secret: deploy the keyring that this stack's key wrapped, and check the key in KMS",
        ),
    }
}
