//! Where an address is, for aggregators that do not find it by its postal code.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// The largest whole number that every JSON reader keeps exactly.
const LARGEST_AREA: u64 = 9_007_199_254_740_991;
const MOST_LATITUDE: u32 = 90;
const MOST_LONGITUDE: u32 = 180;

/// What is known about where an address is, besides its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// The area, in the aggregator's own list of areas.
    pub area: Option<AreaId>,
    /// The latitude.
    pub latitude: Option<Latitude>,
    /// The longitude.
    pub longitude: Option<Longitude>,
}

impl Place {
    /// This place, with what it lacks from another one. Coordinates are never mixed.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let told = self.latitude.is_some() || self.longitude.is_some();
        let coordinates = if told { self } else { other };
        Self {
            area: self.area.or(other.area),
            latitude: coordinates.latitude,
            longitude: coordinates.longitude,
        }
    }
}

/// An aggregator's number of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaId(u64);

/// The value is not the number of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from 1 to {LARGEST_AREA}")]
pub struct NotAnArea;

impl AreaId {
    /// The number.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl FromStr for AreaId {
    type Err = NotAnArea;

    fn from_str(text: &str) -> Result<Self, NotAnArea> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| is_plain);
        number
            .filter(|number| (1..=LARGEST_AREA).contains(number))
            .map(Self)
            .ok_or(NotAnArea)
    }
}

/// Degrees beyond what the globe has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a number of degrees from -{0} to {0}")]
pub struct OffTheGlobe(u32);

/// A latitude in degrees. It says where a person lives, so it is never printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Latitude(Decimal);

/// A longitude in degrees. It says where a person lives, so it is never printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Longitude(Decimal);

impl Latitude {
    /// The number of degrees.
    pub fn degrees(self) -> Decimal {
        self.0
    }
}

impl Longitude {
    /// The number of degrees.
    pub fn degrees(self) -> Decimal {
        self.0
    }
}

impl TryFrom<Decimal> for Latitude {
    type Error = OffTheGlobe;

    fn try_from(degrees: Decimal) -> Result<Self, OffTheGlobe> {
        within(degrees, MOST_LATITUDE).map(Self)
    }
}

impl TryFrom<Decimal> for Longitude {
    type Error = OffTheGlobe;

    fn try_from(degrees: Decimal) -> Result<Self, OffTheGlobe> {
        within(degrees, MOST_LONGITUDE).map(Self)
    }
}

fn within(degrees: Decimal, most: u32) -> Result<Decimal, OffTheGlobe> {
    if degrees.abs() <= Decimal::from(most) {
        Ok(degrees.normalize())
    } else {
        Err(OffTheGlobe(most))
    }
}

impl fmt::Debug for Latitude {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Latitude")
    }
}

impl fmt::Debug for Longitude {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Longitude")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_a_whole_number_that_json_keeps() {
        for right in ["1", "4711", "9007199254740991"] {
            let area: AreaId = right.parse().unwrap();
            assert_eq!(area.number().to_string(), right);
        }
        for wrong in ["0", "-1", "+1", "1.0", "", "9007199254740992", "x"] {
            assert!(wrong.parse::<AreaId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_place_is_completed_without_mixing_coordinates() {
        let degrees = Decimal::ONE;
        let latitude = Latitude::try_from(degrees).ok();
        let longitude = Longitude::try_from(degrees).ok();
        let area = "1".parse().ok();
        let whole = Place {
            area,
            latitude,
            longitude,
        };
        assert_eq!(Place::default().or(whole), whole);
        let of_area = Place {
            area: "2".parse().ok(),
            ..Place::default()
        };
        let completed = of_area.or(whole);
        assert_eq!(completed.area, of_area.area);
        assert_eq!(completed.longitude, longitude);
        let half = Place {
            latitude: Latitude::try_from(Decimal::TEN).ok(),
            ..Place::default()
        };
        assert_eq!(half.or(whole).longitude, None);
    }

    #[test]
    fn degrees_are_on_the_globe_and_not_printed() {
        let degrees = |text: &str| text.parse::<Decimal>().unwrap();
        let latitude = Latitude::try_from(degrees("-6.19260")).unwrap();
        assert_eq!(latitude.degrees().to_string(), "-6.1926");
        let longitude = Longitude::try_from(degrees("106.8386")).unwrap();
        assert_eq!(longitude.degrees().to_string(), "106.8386");
        assert_eq!(format!("{latitude:?} {longitude:?}"), "Latitude Longitude");
        for edge in ["90", "-90"] {
            assert!(Latitude::try_from(degrees(edge)).is_ok(), "{edge}");
        }
        assert!(Longitude::try_from(degrees("-180")).is_ok());
        for wrong in ["90.0001", "-91", "106.8386"] {
            let told = Latitude::try_from(degrees(wrong)).unwrap_err().to_string();
            assert!(told.contains("-90 to 90"), "{told}");
        }
        assert!(Longitude::try_from(degrees("180.1")).is_err());
    }
}
