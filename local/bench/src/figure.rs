//! A measured figure beside its budget.

use serde::Serialize;

/// What was measured, what it may be, and whether it is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// As measured, rounded.
    pub measured: f64,
    /// The most that it may be.
    pub budget: f64,
    /// Whether it is.
    pub ok: bool,
}

impl Figure {
    pub(super) fn new(measured: f64, budget: f64) -> Self {
        let measured = rounded(measured);
        Self {
            measured,
            budget,
            ok: measured <= budget,
        }
    }
}

/// Three digits after the point: what is beyond is noise.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A count as a number to compute with.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub(super) fn number(count: u64) -> f64 {
    count as f64
}

/// The value below which this share of them lies; 0 when there is none.
pub(super) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a short list"
    )]
    let index = (last as f64 * share).round() as usize;
    rounded(sorted.get(index).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_on_its_budget_is_within_it() {
        assert!(Figure::new(2.0004, 2.0).ok);
        assert!(!Figure::new(2.001, 2.0).ok);
    }

    #[test]
    fn a_median_is_in_the_middle() {
        let values = [9.0, 1.0, 2.0, 3.0, 4.0];
        assert!((quantile(&values, 0.5) - 3.0).abs() < 1e-9);
        assert!((quantile(&values, 1.0) - 9.0).abs() < 1e-9);
        assert!(quantile(&[], 0.5).abs() < 1e-9);
    }
}
