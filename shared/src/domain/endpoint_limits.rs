//! How much of the shared delivery capacity a client's endpoints may take.

use std::str::FromStr;

/// The limits of a client's endpoints. Written `50/512`: endpoints, and lanes of all of them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointLimits {
    endpoints: usize,
    lanes: u32,
}

/// The value is not a valid pair of limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be two whole numbers above 0, such as 50/512: endpoints, and lanes of all of them")]
pub struct NotLimits;

/// Why a client may not make another endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitReached {
    /// It has as many endpoints as it may have.
    #[error("the client has {0} webhook endpoints, which is the limit; change or remove one")]
    Endpoints(usize),
    /// The lanes of all its endpoints would be too many.
    #[error(
        "{used} of the client's {most} lanes are used by its webhook endpoints, and this one would need {wanted}; create \
         it with fewer lanes, or remove an endpoint"
    )]
    Lanes {
        /// Lanes of the present endpoints.
        used: u32,
        /// Lanes of the new one.
        wanted: u16,
        /// The limit.
        most: u32,
    },
}

impl FromStr for EndpointLimits {
    type Err = NotLimits;

    fn from_str(text: &str) -> Result<Self, NotLimits> {
        let (endpoints, lanes) = text.split_once('/').ok_or(NotLimits)?;
        let limits = Self {
            endpoints: endpoints.parse().map_err(|_| NotLimits)?,
            lanes: lanes.parse().map_err(|_| NotLimits)?,
        };
        if limits.endpoints == 0 || limits.lanes == 0 {
            return Err(NotLimits);
        }
        Ok(limits)
    }
}

impl EndpointLimits {
    /// Whether there is room for an endpoint with `wanted` lanes beside endpoints with these lanes.
    pub fn check(self, present: &[u16], wanted: u16) -> Result<(), LimitReached> {
        if present.len() >= self.endpoints {
            return Err(LimitReached::Endpoints(present.len()));
        }
        let used: u32 = present.iter().copied().map(u32::from).sum();
        if used.saturating_add(wanted.into()) > self.lanes {
            return Err(LimitReached::Lanes {
                used,
                wanted,
                most: self.lanes,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_are_limits() {
        let limits: EndpointLimits = "3/64".parse().unwrap();
        assert_eq!(limits.check(&[32], 32), Ok(()));
        assert_eq!(limits.check(&[1, 1], 62), Ok(()));
        assert_eq!(limits.check(&[1, 1, 1], 1), Err(LimitReached::Endpoints(3)));
        let lanes = LimitReached::Lanes {
            used: 2,
            wanted: 63,
            most: 64,
        };
        assert_eq!(limits.check(&[1, 1], 63), Err(lanes));
    }

    #[test]
    fn a_limit_is_a_whole_number_above_zero() {
        for text in [
            "", "50", "50/", "0/512", "50/0", "-1/512", "50/512/1", "1.5/2",
        ] {
            assert_eq!(text.parse::<EndpointLimits>(), Err(NotLimits), "{text}");
        }
    }
}
