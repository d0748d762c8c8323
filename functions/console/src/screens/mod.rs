//! One screen a file: what it asks of the API, and the values of its template.

pub(crate) mod accounts;
pub(crate) mod audit;
pub(crate) mod deliveries;
pub(crate) mod download;
pub(crate) mod endpoints;
pub(crate) mod find;
pub(crate) mod keys;
pub(crate) mod last_day;
pub(crate) mod messages;
pub(crate) mod notifications;
pub(crate) mod overview;
pub(crate) mod problems;
pub(crate) mod recovery;
pub(crate) mod returns;
pub(crate) mod shipments;
pub(crate) mod types;
pub(crate) mod unmapped;
