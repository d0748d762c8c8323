//! The journal's file: one JSON line per event. Opening it rewrites it with only the remaining messages.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::backends::journal::message::KeptMessage;
use crate::private_file;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Line {
    /// The highest sequence number of earlier runs.
    Sequence(u64),
    /// A message was accepted.
    Sent(KeptMessage),
    /// The message with this id was deleted.
    Deleted(String),
    /// All earlier messages of this queue were deleted.
    Emptied(String),
}

/// What remains according to the journal.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) highest_sequence: u64,
    pub(super) messages: Vec<KeptMessage>,
}

#[derive(Debug)]
pub(super) struct JournalFile {
    file: Mutex<File>,
}

impl JournalFile {
    /// Replaces the journal with one that has only the remaining messages.
    pub(super) fn rewrite(path: &Path, kept: &Kept) -> anyhow::Result<Self> {
        let mut lines = vec![Line::Sequence(kept.highest_sequence)];
        lines.extend(kept.messages.iter().cloned().map(Line::Sent));
        private_file::write(path, &encode(&lines)?)?;
        Ok(Self {
            file: Mutex::new(private_file::open(path)?),
        })
    }

    pub(super) fn append(&self, lines: &[Line]) -> anyhow::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let bytes = encode(lines)?;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&bytes)
            .context("cannot write to the journal of SQS")
    }
}

pub(super) fn read(path: &Path) -> anyhow::Result<Kept> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::default()),
        Err(error) => return Err(error).context(format!("cannot read {}", path.display())),
    };
    // A last line without a newline was cut off by a kill, before its sender got an answer.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut lines = Vec::new();
    for (index, line) in whole.lines().enumerate() {
        lines.push(
            serde_json::from_str(line)
                .with_context(|| format!("{}: line {} is invalid", path.display(), index + 1))?,
        );
    }
    Ok(what_is_left(lines))
}

/// A consumer can be faster than the sender's line, so a deletion counts wherever it occurs.
fn what_is_left(lines: Vec<Line>) -> Kept {
    let mut kept = Kept::default();
    let mut deleted = BTreeSet::new();
    let mut known = BTreeSet::new();
    for line in lines {
        match line {
            Line::Sequence(highest) => kept.highest_sequence = kept.highest_sequence.max(highest),
            Line::Sent(message) => {
                let sequence = message.sequence.unwrap_or(0);
                kept.highest_sequence = kept.highest_sequence.max(sequence);
                // A duplicate send gets the id of the first message.
                if known.insert(message.id.clone()) {
                    kept.messages.push(message);
                }
            }
            Line::Deleted(id) => {
                deleted.insert(id);
            }
            Line::Emptied(queue) => kept.messages.retain(|message| message.queue != queue),
        }
    }
    kept.messages
        .retain(|message| !deleted.contains(&message.id));
    kept.messages
        .sort_by(|one, other| (&one.queue, one.sequence).cmp(&(&other.queue, other.sequence)));
    kept
}

fn encode(lines: &[Line]) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for line in lines {
        serde_json::to_writer(&mut bytes, line)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}
