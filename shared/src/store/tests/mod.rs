//! Tests of all stores.

mod released;
