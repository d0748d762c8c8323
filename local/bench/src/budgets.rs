//! What the functions may cost.

/// Start, as a multiple of an empty function's.
pub(super) const START_RATIO: f64 = 2.0;
/// Resident memory after 1,000 invocations.
pub(super) const MEMORY_MB: f64 = 25.0;
/// What resident memory may still grow by from the 100th to the 1,000th invocation: it is flat.
pub(super) const MEMORY_GROWTH_MB: f64 = 1.0;
/// A stripped binary.
pub(super) const SIZE_MB: f64 = 6.0;
/// One conditional put, one send and at most one read.
pub(super) const CALLS_ACCEPTED: f64 = 3.0;
/// A shipment that we do not know is written besides.
pub(super) const CALLS_ACCEPTED_FIRST: f64 = 4.0;
/// One write, and one read for each batch of ten.
pub(super) const CALLS_DELIVERED: f64 = 1.1;
/// CPU time of the function's process.
pub(super) const CPU_ACCEPTED_MS: f64 = 0.5;
/// CPU time of the function's process, in batches of ten.
pub(super) const CPU_DELIVERED_MS: f64 = 0.4;
/// CPU time that each call of an aggregator adds to a label.
pub(super) const CPU_CALL_MS: f64 = 1.0;
/// The healthy endpoints' p99 while others are dead or slow, as a multiple of what it is otherwise.
pub(super) const DEAD_RATIO: f64 = 1.2;
/// A client's p99 beside one that floods, as a multiple of what it is otherwise.
pub(super) const FLOOD_RATIO: f64 = 1.2;
/// A push with 1,000,000 stored notifications, as a multiple of one to an empty table.
pub(super) const HISTORY_RATIO: f64 = 1.1;
/// Of a million notifications, without logs.
pub(super) const COST_USD: f64 = 3.50;
