//! What a rate costs for a parcel on a route.

use crate::shipper::measure::{Measure, Volume};
use crate::shipper::place::Place;
use crate::shipper::rates::{Leg, Rate, Route};

/// The insurance fee is this part of the goods' value, at least [`LEAST_FEE`].
const INSURED_PART: u64 = 500;
const LEAST_FEE: u64 = 100;

/// A parcel and its way.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) origin: Place,
    pub(super) destination: Place,
    pub(super) weight: Measure,
    pub(super) volume: Volume,
    /// The goods' value in rupiahs.
    pub(super) value: u64,
    pub(super) is_cod: bool,
    /// The sender wants insurance, whether or not it is compulsory.
    pub(super) wants_insurance: bool,
}

/// The price of a rate; all amounts are rupiahs.
#[derive(Clone, Debug)]
pub(super) struct Quote {
    pub(super) rate: &'static Rate,
    pub(super) leg: Leg,
    /// Kilograms that are paid.
    pub(super) final_weight: u64,
    pub(super) total_price: u64,
    pub(super) insurance_fee: u64,
    pub(super) must_use_insurance: bool,
    pub(super) insurance_applied: bool,
}

impl Parcel {
    /// Whether the rate's courier serves both ends.
    pub(super) fn is_served_by(&self, logistic: u32) -> bool {
        [&self.origin, &self.destination]
            .iter()
            .all(|place| place.area.couriers.include(logistic))
    }

    /// The price of a rate, if it is offered for this parcel.
    pub(super) fn quote(&self, rate: &'static Rate) -> Option<Quote> {
        let leg = rate.leg(self.route())?;
        let final_weight = self.volume.final_weight(self.weight, rate.volumetric);
        let is_offered = self.is_served_by(rate.logistic.id)
            && final_weight <= rate.max_kg
            && (rate.takes_cod || !self.is_cod)
            && (!rate.kind.needs_coordinates() || self.has_coordinates());
        if !is_offered {
            return None;
        }
        let must_use_insurance = self.value > rate.insured_above;
        Some(Quote {
            rate,
            leg,
            final_weight,
            total_price: leg.unit_price.saturating_mul(final_weight),
            insurance_fee: self.value.div_ceil(INSURED_PART).max(LEAST_FEE),
            must_use_insurance,
            insurance_applied: must_use_insurance || self.wants_insurance,
        })
    }

    pub(super) fn has_coordinates(&self) -> bool {
        self.origin.has_coordinates() && self.destination.has_coordinates()
    }

    fn route(&self) -> Route {
        let (origin, destination) = (self.origin.area, self.destination.area);
        if origin.city == destination.city {
            Route::WithinCity
        } else if origin.is_on_java && destination.is_on_java {
            Route::OnJava
        } else {
            Route::Beyond
        }
    }
}

impl Quote {
    /// The insurance that is paid.
    pub(super) fn insurance_amount(&self) -> u64 {
        if self.insurance_applied {
            self.insurance_fee
        } else {
            0
        }
    }

    pub(super) fn final_price(&self) -> u64 {
        self.total_price.saturating_add(self.insurance_amount())
    }
}
