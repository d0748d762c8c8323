//! Checks whether a courier of an account accepts returns, between two cities that every courier serves.

use crate::domain::courier::Recommendation;
use crate::domain::form::AccountProblem;
use crate::partners::failure::PartnerFailure;

/// Pincode of the pickup at a customer in New Delhi.
pub const FROM: &str = "110001";
/// Pincode of the drop at a warehouse in Bengaluru.
pub const TO: &str = "560001";

/// The problem that no courier of the account accepts returns, if the aggregator says so; a failed call says nothing.
pub fn missing(asked: &Result<Vec<Recommendation>, PartnerFailure>) -> Option<AccountProblem> {
    let says_so = asked.as_ref().is_ok_and(Vec::is_empty);
    says_so.then(|| {
        AccountProblem::general(format!(
            "no courier of the account accepts returns (asked for {FROM} to {TO}): return AWBs cannot be booked"
        ))
    })
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::domain::quote::Quote;

    #[test]
    fn only_an_empty_response_means_that_no_courier_accepts_returns() {
        let courier = Recommendation {
            courier: "4".parse().unwrap(),
            name: "Delhivery".to_owned(),
            priority: Decimal::ONE,
            quote: Quote::default(),
        };
        let none = missing(&Ok(Vec::new())).unwrap();
        assert!(none.detail.contains("accepts returns"));
        assert_eq!(missing(&Ok(vec![courier])), None);
        assert_eq!(missing(&Err(PartnerFailure::Unreachable)), None);
    }
}
