//! `cargo local keyring`: creates the keyring that encrypts secrets and rotates its key.
//!
//! This program prints a keyring only wrapped by KMS, in the form of the stack's parameter `SealingKeyring`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use logistics::aws::kms::Kms;
use logistics::sealing::keyring::Keyring;
use logistics::sealing::vault::{unwrap, wrap};

use crate::in_aws;

/// What to do. In AWS it uses the credentials and region of the environment, which need kms:Encrypt on the key and, except
/// for `create`, kms:Decrypt.
#[derive(Debug, Clone, Subcommand)]
pub enum KeyringCommand {
    /// Create a keyring with one key and print it, wrapped by KMS.
    Create {
        /// Value of the stack's output `SealingKeyArn`.
        #[arg(long, value_name = "ARN")]
        kms_key: String,
    },
    /// Add a new key and print the keyring, wrapped by KMS. Once it is deployed, secrets are encrypted with the new key.
    Rotate(RotateArguments),
    /// Remove all keys except the newest and print the keyring, wrapped by KMS. Run it after `cargo local reseal`.
    Prune {
        /// Which keyring.
        #[command(flatten)]
        wrapped: WrappedArguments,
    },
}

/// Which keyring gets a new key.
#[derive(Debug, Clone, Args)]
pub struct RotateArguments {
    /// Data directory of the local stack whose keyring is rotated; the stack must not be running.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["kms_key", "keyring"])]
    data: Option<PathBuf>,
    /// Which keyring in AWS.
    #[command(flatten)]
    wrapped: Option<WrappedArguments>,
}

/// A keyring in AWS.
#[derive(Debug, Clone, Args)]
pub struct WrappedArguments {
    /// Value of the stack's output `SealingKeyArn`.
    #[arg(long, value_name = "ARN")]
    kms_key: String,
    /// Present value of the stack's parameter `SealingKeyring`.
    #[arg(long, value_name = "WRAPPED")]
    keyring: String,
}

/// Runs the command and returns the text to print. `rotate_local` adds a new key to the keyring in a local stack's data
/// directory and returns the number of keys; only the local stack has the KMS that can unwrap it.
pub async fn run(
    command: KeyringCommand,
    rotate_local: impl FnOnce(&Path) -> anyhow::Result<usize>,
) -> anyhow::Result<String> {
    match command {
        KeyringCommand::Create { kms_key } => {
            let kms = Kms::new(&in_aws::configuration()?.sdk);
            Ok(wrap(&kms, &kms_key, &Keyring::generate()?).await?)
        }
        KeyringCommand::Rotate(arguments) => match (arguments.data, arguments.wrapped) {
            (Some(data), _) => {
                let keys = rotate_local(&data)?;
                Ok(format!("The keyring now has {keys} keys."))
            }
            (None, Some(wrapped)) => changed(&wrapped, |keyring| Ok(keyring.with_new_key()?)).await,
            (None, None) => {
                anyhow::bail!("missing keyring: give --data, or --kms-key and --keyring")
            }
        },
        KeyringCommand::Prune { wrapped } => {
            changed(&wrapped, |keyring| Ok(keyring.without_older_keys())).await
        }
    }
}

async fn changed(
    wrapped: &WrappedArguments,
    change: impl FnOnce(Keyring) -> anyhow::Result<Keyring>,
) -> anyhow::Result<String> {
    let kms = Kms::new(&in_aws::configuration()?.sdk);
    let keyring = change(unwrap(&kms, &wrapped.keyring).await?)?;
    Ok(wrap(&kms, &wrapped.kms_key, &keyring).await?)
}
