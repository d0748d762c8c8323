//! The size of each function's stripped binary.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::budgets::SIZE_MB;
use crate::figure::{Figure, number};

pub(super) fn measure(
    functions: &BTreeMap<String, PathBuf>,
) -> anyhow::Result<BTreeMap<String, Figure>> {
    functions
        .iter()
        .map(|(name, path)| {
            let bytes = number(std::fs::metadata(path)?.len());
            Ok((name.clone(), Figure::new(bytes / 1e6, SIZE_MB)))
        })
        .collect()
}
