//! `cargo local keyring`: makes the keyring that seals secrets, and replaces its key.
//!
//! A keyring leaves this program wrapped by KMS alone, as the stack's parameter `SealingKeyring` takes it.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use logistics::aws::kms::Kms;
use logistics::sealing::keyring::Keyring;
use logistics::sealing::vault::{unwrap, wrap};

use crate::in_aws;

/// What is to be done. In AWS with the credentials and the region of the environment: they need kms:Encrypt, and but for
/// `create` kms:Decrypt on the key.
#[derive(Debug, Clone, Subcommand)]
pub enum KeyringCommand {
    /// Make a keyring with one key and print it, wrapped.
    Create {
        /// The stack's output `SealingKeyArn`.
        #[arg(long, value_name = "ARN")]
        kms_key: String,
    },
    /// Put a new key in front and print the keyring, wrapped. From its deployment on everything is sealed with it.
    Rotate(RotateArguments),
    /// Drop all keys but the newest and print the keyring, wrapped. To be done after `cargo local reseal`.
    Prune {
        /// Which.
        #[command(flatten)]
        wrapped: WrappedArguments,
    },
}

/// Which keyring gets a new key.
#[derive(Debug, Clone, Args)]
pub struct RotateArguments {
    /// The keyring of the local stack that keeps its state in this directory; the stack must not run.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["kms_key", "keyring"])]
    data: Option<PathBuf>,
    /// In AWS: which keyring.
    #[command(flatten)]
    wrapped: Option<WrappedArguments>,
}

/// A keyring in AWS.
#[derive(Debug, Clone, Args)]
pub struct WrappedArguments {
    /// The stack's output `SealingKeyArn`.
    #[arg(long, value_name = "ARN")]
    kms_key: String,
    /// The stack's parameter `SealingKeyring`.
    #[arg(long, value_name = "WRAPPED")]
    keyring: String,
}

/// Does what the command says and answers what to print. `rotate_local` puts a new key in front of the keyring that a
/// local stack keeps in a directory, and answers how many keys that has: only the local stack has the KMS that opens it.
pub async fn run(
    command: KeyringCommand,
    rotate_local: impl FnOnce(&Path) -> anyhow::Result<usize>,
) -> anyhow::Result<String> {
    match command {
        KeyringCommand::Create { kms_key } => {
            let kms = Kms::new(&in_aws::configuration()?);
            Ok(wrap(&kms, &kms_key, &Keyring::generate()?).await?)
        }
        KeyringCommand::Rotate(arguments) => match (arguments.data, arguments.wrapped) {
            (Some(data), _) => {
                let keys = rotate_local(&data)?;
                Ok(format!("The keyring has {keys} keys now."))
            }
            (None, Some(wrapped)) => changed(&wrapped, |keyring| Ok(keyring.with_new_key()?)).await,
            (None, None) => anyhow::bail!("say which keyring: --data, or --kms-key and --keyring"),
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
    let kms = Kms::new(&in_aws::configuration()?);
    let keyring = change(unwrap(&kms, &wrapped.keyring).await?)?;
    Ok(wrap(&kms, &wrapped.kms_key, &keyring).await?)
}
