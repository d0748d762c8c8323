//! The contract as clients and aggregators meet it: what is read, what is refused and where, what goes out.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod traps;
