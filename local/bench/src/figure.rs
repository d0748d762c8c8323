//! A measured figure and its budget.

use serde::Serialize;

/// A measurement, its budget, and whether it is within the budget.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The measured value, rounded.
    pub measured: f64,
    /// The maximum.
    pub budget: f64,
    /// Whether the measured value is within the budget.
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

/// Rounded to three decimal places; the rest is noise.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A count as a floating-point number.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub(super) fn number(count: u64) -> f64 {
    count as f64
}

/// The quantile of the values for this share; 0 if there are no values.
pub(super) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into a short list"
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
