//! Dimensions and weights, with the unit in the type.

use rust_decimal::Decimal;

/// The value is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be more than 0 and at most {0}")]
pub struct OutOfRange(pub u32);

const LONGEST_CENTIMETRES: u32 = 10_000;
const HEAVIEST_GRAMS: u32 = 10_000_000;

fn within(value: Decimal, largest: u32) -> Result<Decimal, OutOfRange> {
    if value > Decimal::ZERO && value <= Decimal::from(largest) {
        Ok(value.normalize())
    } else {
        Err(OutOfRange(largest))
    }
}

/// A length in centimetres, up to 100 m.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Centimetres(Decimal);

impl Centimetres {
    /// The number of centimetres.
    pub fn value(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Centimetres {
    type Error = OutOfRange;
    fn try_from(value: Decimal) -> Result<Self, OutOfRange> {
        within(value, LONGEST_CENTIMETRES).map(Self)
    }
}

/// A weight in grams, up to 10 t.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grams(Decimal);

impl Grams {
    /// The number of grams.
    pub fn value(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Grams {
    type Error = OutOfRange;
    fn try_from(value: Decimal) -> Result<Self, OutOfRange> {
        within(value, HEAVIEST_GRAMS).map(Self)
    }
}

/// The outer dimensions and the weight of a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parcel {
    /// Length.
    pub length: Centimetres,
    /// Breadth.
    pub breadth: Centimetres,
    /// Height.
    pub height: Centimetres,
    /// Weight.
    pub weight: Grams,
}
