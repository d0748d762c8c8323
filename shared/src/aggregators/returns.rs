//! Whether an account has a courier that takes returns: asked for between two cities that every courier serves.

use crate::domain::courier::Recommendation;
use crate::domain::form::AccountProblem;
use crate::partners::failure::Failure;

/// Of the pickup, at a customer in New Delhi.
pub const FROM: &str = "110001";
/// Of the drop, at a warehouse in Bengaluru.
pub const TO: &str = "560001";

/// That no courier of the account takes returns, if the aggregator says so: one that fails has said nothing about it.
pub fn missing(asked: &Result<Vec<Recommendation>, Failure>) -> Option<AccountProblem> {
    let says_so = asked.as_ref().is_ok_and(Vec::is_empty);
    says_so.then(|| {
        AccountProblem::general(format!(
            "no courier of the account takes returns, asked for {FROM} to {TO}: return AWBs cannot be booked"
        ))
    })
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn only_who_says_that_nobody_takes_returns_has_said_so() {
        let courier = Recommendation {
            courier: "4".parse().unwrap(),
            name: "Delhivery".to_owned(),
            priority: Decimal::ONE,
        };
        let nobody = missing(&Ok(Vec::new())).unwrap();
        assert!(nobody.detail.contains("takes returns"));
        assert_eq!(missing(&Ok(vec![courier])), None);
        assert_eq!(missing(&Err(Failure::Unreachable)), None);
    }
}
