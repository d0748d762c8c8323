//! The contract from the view of clients and aggregators: what is read, what is refused and where, what is sent.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod places;
#[cfg(test)]
mod reading;
#[cfg(test)]
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod traps;
