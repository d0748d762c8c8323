//! Notifications from the push to the client's URL: the real functions in the local stack, everything over HTTP.

mod answer;
mod arrival;
mod batches;
mod before;
mod chaos;
mod dead_letters;
mod dead_letters_in_aws;
mod duplicates;
mod filters;
mod hand_backs;
pub(crate) mod invoices;
mod journeys;
mod killed_invoices;
mod killed_recoveries;
mod kills;
mod outages;
mod poison;
mod proofs;
mod recovery;
mod refusals;
mod retries;
mod stacks;
mod statuses;
mod suspension;
mod tenants;
mod verifiers;
mod world;
