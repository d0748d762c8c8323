//! Questions about prices as a provider of fulfilment asks them: in kilograms, centimetres and whole rupiahs, between areas.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use crate::domain::measure::Centimetres;
use crate::domain::place::{AreaId, Place};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PriceQuestion {
    /// The prices of goods from a warehouse, which are packed together.
    Goods(GoodsToPrice),
    /// The prices of one parcel.
    Parcel(ParcelToPrice),
}

/// Goods from a warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodsToPrice {
    /// Where they go.
    pub route: PricedRoute,
    /// Whether an order will follow.
    pub for_order: bool,
    /// The only kind of rate that is asked for.
    pub rate: Option<RateType>,
    /// Whether the receiver pays.
    pub is_cod: Option<bool>,
    /// Whether the goods are insured.
    pub is_insured: Option<bool>,
    /// The value of the goods.
    pub price: Option<Rupiahs>,
    /// The goods; at least one.
    pub skus: Vec<PricedSku>,
}

/// One parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelToPrice {
    /// Where it goes.
    pub route: PricedRoute,
    /// Whether an order will follow.
    pub for_order: Option<bool>,
    /// The only kind of rate that is asked for.
    pub rate: Option<RateType>,
    /// Whether the receiver pays.
    pub is_cod: Option<bool>,
    /// Its sides and weight.
    pub size: PricedSize,
    /// The value of its contents.
    pub value: Option<Rupiahs>,
    /// The provider's categories of its contents.
    pub categories: Vec<String>,
    /// How many prices are wanted at most.
    pub limit: Option<u32>,
    /// Which page of them.
    pub page: Option<u32>,
    /// By what they are sorted.
    pub sort_by: Vec<String>,
}

/// Both ends of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedRoute {
    /// Where it begins.
    pub origin: PricedEnd,
    /// Where it ends.
    pub destination: PricedEnd,
}

/// One end of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedEnd {
    /// Area and coordinates.
    pub place: Place,
    /// The provider's number of the suburb.
    pub suburb: Option<AreaId>,
}

/// Sides and weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedSize {
    /// Height.
    pub height: Centimetres,
    /// Length.
    pub length: Centimetres,
    /// Width.
    pub width: Centimetres,
    /// Weight.
    pub weight: Kilograms,
}

/// Goods of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedSku {
    /// The size of one piece.
    pub size: PricedSize,
    /// The number of pieces.
    pub quantity: u32,
}

/// A kind of rate.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    serde::Serialize,
    strum::Display,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum RateType {
    /// The usual one.
    Regular,
    /// Faster.
    Express,
    /// For heavy goods.
    Trucking,
    /// By a driver at once; needs coordinates.
    Instant,
    /// On the same day; needs coordinates.
    SameDay,
}

impl RateType {
    /// Whether both ends need coordinates.
    pub fn needs_coordinates(self) -> bool {
        match self {
            Self::Instant | Self::SameDay => true,
            Self::Regular | Self::Express | Self::Trucking => false,
        }
    }
}

/// A weight in kilograms, up to 10 t.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kilograms(Decimal);

/// The value is not a weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be more than 0 and at most {HEAVIEST_KILOGRAMS}: kilograms")]
pub struct NotAWeight;

const HEAVIEST_KILOGRAMS: u32 = 10_000;

impl Kilograms {
    /// The number of kilograms.
    pub fn value(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Kilograms {
    type Error = NotAWeight;

    fn try_from(value: Decimal) -> Result<Self, NotAWeight> {
        if value > Decimal::ZERO && value <= Decimal::from(HEAVIEST_KILOGRAMS) {
            Ok(Self(value.normalize()))
        } else {
            Err(NotAWeight)
        }
    }
}

/// An amount in rupiahs, which have no decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rupiahs(u64);

/// The value is not an amount in rupiahs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 0 to {MOST_RUPIAHS}: rupiahs have no decimals")]
pub struct NotRupiahs;

const MOST_RUPIAHS: u64 = 100_000_000_000;

impl Rupiahs {
    /// The number of rupiahs.
    pub fn value(self) -> u64 {
        self.0
    }
}

impl TryFrom<Decimal> for Rupiahs {
    type Error = NotRupiahs;

    fn try_from(value: Decimal) -> Result<Self, NotRupiahs> {
        let whole = value.is_integer().then(|| value.to_u64()).flatten();
        whole
            .filter(|amount| *amount <= MOST_RUPIAHS)
            .map(Self)
            .ok_or(NotRupiahs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::from_scientific(text)
            .or_else(|_| text.parse())
            .unwrap()
    }

    #[test]
    fn a_weight_is_more_than_nothing_and_exact() {
        let weight =
            |text| Kilograms::try_from(number(text)).map(|weight| weight.value().to_string());
        assert_eq!(weight("0.4500").as_deref(), Ok("0.45"));
        assert_eq!(weight("10000").as_deref(), Ok("10000"));
        for wrong in ["0", "-0.1", "10000.1", "3e27"] {
            assert!(weight(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn rupiahs_have_no_decimals() {
        let amount = |text| Rupiahs::try_from(number(text)).map(Rupiahs::value);
        assert_eq!(amount("210000.00"), Ok(210_000));
        assert_eq!(amount("0"), Ok(0));
        for wrong in ["0.5", "-1", "100000000001", "3e27"] {
            assert!(amount(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn drivers_at_once_need_coordinates() {
        let needing: Vec<String> = ["regular", "express", "trucking", "instant", "same-day"]
            .into_iter()
            .filter(|word| word.parse::<RateType>().unwrap().needs_coordinates())
            .map(str::to_owned)
            .collect();
        assert_eq!(needing, ["instant", "same-day"]);
        assert!("overnight".parse::<RateType>().is_err());
    }
}
