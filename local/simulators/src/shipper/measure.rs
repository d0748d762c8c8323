//! Weights in kilograms and sides in centimetres, computed exactly.

use serde_json::{Value, json};

/// Decimals that are kept; further ones are cut off.
const DECIMALS: usize = 6;
const UNIT: u128 = 1_000_000;
/// A volume is the product of three measures.
const CUBIC_UNIT: u128 = UNIT * UNIT * UNIT;
/// More is not a parcel. It also keeps products small enough.
const LIMIT: u128 = 100_000 * UNIT;

/// A weight or a side, in millionths of its unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure(u128);

/// A volume, in the cube of a side's smallest part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Volume(u128);

impl Measure {
    /// A number above 0 and below 100,000; not a text.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let Value::Number(number) = value else {
            return None;
        };
        let number = number.to_string();
        let (whole, decimals) = number.split_once('.').unwrap_or((&number, "0"));
        if !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let kept: String = decimals.chars().take(DECIMALS).collect();
        let whole: u128 = whole.parse().ok()?;
        let kept: u128 = format!("{kept:0<DECIMALS$}").parse().ok()?;
        let millionths = whole.checked_mul(UNIT)?.checked_add(kept)?;
        (millionths > 0 && millionths < LIMIT).then_some(Self(millionths))
    }

    /// This many of it.
    pub(super) fn times(self, quantity: u64) -> Self {
        Self(self.0.saturating_mul(quantity.into()))
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// In its unit, with all decimals.
    pub(super) fn number(self) -> Value {
        let (whole, rest) = (self.0 / UNIT, self.0 % UNIT);
        decimal(whole, &format!("{rest:06}"))
    }

    /// Whole units, rounded up.
    fn rounded_up(self) -> u128 {
        self.0.div_ceil(UNIT)
    }
}

impl Volume {
    pub(super) fn of([length, width, height]: [Measure; 3]) -> Self {
        Self(length.0.saturating_mul(width.0).saturating_mul(height.0))
    }

    /// This many of it.
    pub(super) fn times(self, quantity: u64) -> Self {
        Self(self.0.saturating_mul(quantity.into()))
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// In cubic centimetres, to three decimals.
    pub(super) fn number(self) -> Value {
        thousandths(self.0 / (CUBIC_UNIT / 1_000))
    }

    /// The volumetric weight in kilograms, to three decimals.
    pub(super) fn weight(self, divisor: u32) -> Value {
        let thousandth = CUBIC_UNIT / 1_000 * u128::from(divisor);
        thousandths(self.0.saturating_add(thousandth / 2) / thousandth)
    }

    /// The kilograms that are paid: the greater of the two weights, rounded up.
    pub(super) fn final_weight(self, weight: Measure, divisor: u32) -> u64 {
        let volumetric = self.0.div_ceil(CUBIC_UNIT * u128::from(divisor));
        let paid = volumetric.max(weight.rounded_up());
        u64::try_from(paid).unwrap_or(u64::MAX)
    }
}

fn thousandths(number: u128) -> Value {
    let (whole, rest) = (number / 1_000, number % 1_000);
    decimal(whole, &format!("{rest:03}"))
}

/// A number without needless decimals.
fn decimal(whole: u128, decimals: &str) -> Value {
    if decimals.bytes().all(|digit| digit == b'0') {
        return json!(u64::try_from(whole).unwrap_or(u64::MAX));
    }
    let written = format!("{whole}.{decimals}");
    json!(written.parse::<f64>().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(value: &Value) -> Measure {
        Measure::read(value).unwrap()
    }

    fn cube(side: &Value) -> Volume {
        Volume::of([measure(side); 3])
    }

    #[test]
    fn only_a_number_of_a_parcels_size_is_a_measure() {
        for wrong in [
            json!(0),
            json!(0.0),
            json!(-1),
            json!(-0.5),
            json!(100_000),
            json!(3e38),
            json!(1e300),
            json!(u64::MAX),
            json!("1"),
            json!(null),
            json!([1]),
        ] {
            assert_eq!(Measure::read(&wrong), None, "{wrong}");
        }
        for right in [json!(1), json!(0.001), json!(99_999.999)] {
            assert!(Measure::read(&right).is_some(), "{right}");
        }
    }

    #[test]
    fn measures_are_exact() {
        assert_eq!(measure(&json!(0.1)).times(3), measure(&json!(0.3)));
        assert_eq!(measure(&json!(1.1231)).number(), json!(1.1231));
        assert_eq!(measure(&json!(2.0)).number(), json!(2));
        assert_eq!(cube(&json!(6.54)).number(), json!(279.726));
        assert_eq!(cube(&json!(50)).number(), json!(125_000));
    }

    #[test]
    fn the_greater_weight_is_paid_rounded_up() {
        let paid = |weight: f64, side: u32, divisor: u32| {
            cube(&json!(side)).final_weight(measure(&json!(weight)), divisor)
        };
        assert_eq!(paid(1.0, 50, 6000), 21);
        assert_eq!(paid(1.0, 50, 4000), 32);
        assert_eq!(paid(21.001, 50, 6000), 22);
        assert_eq!(paid(2.0, 10, 6000), 2);
        assert_eq!(paid(0.001, 1, 6000), 1);
        assert_eq!(paid(0.001, 60, 6000), 36, "exactly 36");
        assert_eq!(cube(&json!(50)).weight(6000), json!(20.833));
        assert_eq!(cube(&json!(60)).weight(6000), json!(36));
    }

    #[test]
    fn more_than_can_be_counted_is_the_greatest() {
        let huge = cube(&json!(99_999)).times(u64::MAX).times(u64::MAX);
        assert_eq!(huge.plus(huge), huge);
        assert!(huge.final_weight(measure(&json!(1)), 6000) > 1_000_000);
        assert!(huge.weight(6000).is_number());
    }
}
