//! The budgets of the functions.

/// Start time, as a multiple of an empty function's.
pub(super) const START_RATIO: f64 = 2.0;
/// Resident memory after 1,000 invocations.
pub(super) const MEMORY_MB: f64 = 25.0;
/// Growth of resident memory from the 100th to the 1,000th invocation: none, within noise.
pub(super) const MEMORY_GROWTH_MB: f64 = 1.0;
/// Size of a stripped binary.
pub(super) const SIZE_MB: f64 = 6.0;
/// AWS calls of a push: one conditional put, one send and at most one read.
pub(super) const CALLS_ACCEPTED: f64 = 3.0;
/// AWS calls of a push for an unknown shipment, which is also written.
pub(super) const CALLS_ACCEPTED_FIRST: f64 = 4.0;
/// AWS calls of a delivery: one write, and one read for each batch of ten.
pub(super) const CALLS_DELIVERED: f64 = 1.1;
/// CPU time of the function's process for a push.
pub(super) const CPU_ACCEPTED_MS: f64 = 0.5;
/// CPU time of the function's process for a delivery, in batches of ten.
pub(super) const CPU_DELIVERED_MS: f64 = 0.4;
/// CPU time that each aggregator call adds to a label.
pub(super) const CPU_CALL_MS: f64 = 1.0;
/// The healthy endpoints' p99 while others are dead or slow, as a multiple of their p99 otherwise.
pub(super) const DEAD_RATIO: f64 = 1.2;
/// A client's p99, in seconds, in the first 20 s after another client's endpoints turned silent.
pub(super) const HOSTILE_FIRST_S: f64 = 3.0;
/// The same from then on, as a multiple of its p99 otherwise.
pub(super) const HOSTILE_RATIO: f64 = 1.2;
/// The p99 of the silent endpoints' client at its own healthy endpoint, as a multiple of that without silent ones.
pub(super) const HOSTILE_OWN_RATIO: f64 = 3.0;
/// A client's p99 during another client's flood, as a multiple of its p99 otherwise.
pub(super) const FLOOD_RATIO: f64 = 1.2;
/// A push with 1,000,000 stored notifications, as a multiple of a push with an empty table.
pub(super) const HISTORY_RATIO: f64 = 1.1;
/// The time per event of a push with 1,000 events, as a multiple of that of pushes with one event.
pub(super) const LARGE_RATIO: f64 = 0.25;
/// AWS calls per event of a push with 1,000 events of unknown shipments.
pub(super) const LARGE_CALLS: f64 = 2.2;
/// The time for a push with as many events as its largest body holds, in seconds.
pub(super) const LARGEST_SECONDS: f64 = 8.0;
/// The cost of a unit among up to 10,000, as a multiple of that among ten.
pub(super) const GROWTH_RATIO: f64 = 1.1;
/// The time for a push with 1,000 events at 128 MB, in seconds, if each AWS call takes 5 ms.
pub(super) const SMALL_SECONDS: f64 = 2.5;
/// AWS calls of a return order without an AWB: a read, a transaction and a send.
pub(super) const RETURN_CALLS: f64 = 4.0;
/// AWS calls of a warehouse's results that write: a transaction and a send.
pub(super) const PROCESSING_WRITES: f64 = 2.0;
/// The median of a warehouse's results, as a multiple of that of a push.
pub(super) const PROCESSING_RATIO: f64 = 1.3;
/// The time to fold a return order with 1,000 events.
pub(super) const FOLD_MS: f64 = 5.0;
/// CPU time of a poll for each changed order.
pub(super) const POLL_CPU_MS: f64 = 1.0;
/// AWS calls of a poll for each changed order.
pub(super) const POLL_CALLS: f64 = 2.2;
/// Resident memory of a poll of 10,000 changed orders.
pub(super) const POLL_MEMORY_MB: f64 = 40.0;
/// CPU time of a poll without changes, as a multiple of the same listing by pymagento.
pub(super) const LISTING_RATIO: f64 = 0.5;
/// Calls of a shop to set the stock of 1,000 articles.
pub(super) const STOCK_CALLS: f64 = 60.0;
/// The time for that, in seconds, at a shop that takes 100 ms for each call.
pub(super) const STOCK_SECONDS: f64 = 20.0;
/// Calls to the provider for a price.
pub(super) const PRICE_CALLS: f64 = 1.0;
/// CPU time of the function's process for a price.
pub(super) const CPU_PRICE_MS: f64 = 1.0;
/// The median of recommendations with dates of delivery that are known first, as a multiple of that without: the same, within
/// noise.
pub(super) const DATES_RATIO: f64 = 1.1;
/// AWS calls for a list of 100 outbound orders.
pub(super) const LIST_CALLS: f64 = 14.0;
/// The time of a list of 100 outbound orders, as a multiple of that of a list of one.
pub(super) const LIST_RATIO: f64 = 1.5;
/// Millions of instructions of an accepted push.
pub(super) const INSTRUCTIONS_PUSH: f64 = 1.7;
/// Millions of instructions of a batch of ten deliveries.
pub(super) const INSTRUCTIONS_BATCH: f64 = 4.3;
/// Table reads of a page beyond those of its routes of the API and those that are written at the page.
pub(super) const PAGE_READS: f64 = 0.0;
/// CPU time of the console's process for a page.
pub(super) const CPU_PAGE_MS: f64 = 2.0;
/// The same, as a multiple of the CPU time of the functions that answer its routes of the API.
pub(super) const CPU_PAGE_RATIO: f64 = 2.0;
/// A page, packed with gzip.
pub(super) const PAGE_KB: f64 = 60.0;
/// The console's script, packed with gzip.
pub(super) const SCRIPT_KB: f64 = 20.0;
/// Requests of a browser that opens the first page: the page, the style sheet and the script.
pub(super) const FIRST_PAGE_REQUESTS: f64 = 3.0;
/// The median time of the page of a shipment with 1,000 events, at the gateway.
pub(super) const LONG_SHIPMENT_MS: f64 = 50.0;
/// Cost of a million notifications, without logs.
pub(super) const COST_USD: f64 = 3.50;
