//! AWS prices in USD: on-demand list prices, us-east-1, 2026, without free tiers and volume discounts.

/// One price.
#[derive(Debug, Clone, Copy)]
pub(super) struct Price {
    /// What is billed.
    pub(super) what: &'static str,
    /// The price of one unit in millionths of a USD, which is the price of a million units in USD.
    pub(super) micro_usd: f64,
    /// The source of the price.
    pub(super) source: &'static str,
}

/// A request of up to 512 KB.
pub(super) const GATEWAY_REQUEST: Price = Price {
    what: "HTTP API request",
    micro_usd: 1.00,
    source: "API Gateway pricing, HTTP APIs: first 300 million a month, 1.00 USD per million",
};

/// An invocation.
pub(super) const FUNCTION_REQUEST: Price = Price {
    what: "function request",
    micro_usd: 0.20,
    source: "Lambda pricing: 0.20 USD per 1M requests",
};

/// One second of a function with 1 GB of memory.
pub(super) const FUNCTION_GB_SECOND: Price = Price {
    what: "function GB-second",
    micro_usd: 13.3334,
    source: "Lambda pricing, Arm: first 7.5 billion GB-seconds a month, 0.0000133334 USD each",
};

/// A request, or a message of up to 64 KB.
pub(super) const QUEUE_REQUEST: Price = Price {
    what: "FIFO queue request",
    micro_usd: 0.50,
    source: "SQS pricing, FIFO queues: 0.50 USD per million requests",
};

/// A write of up to 1 KB.
pub(super) const TABLE_WRITE_UNIT: Price = Price {
    what: "table write unit",
    micro_usd: 0.625,
    source: "DynamoDB pricing, on-demand, Standard: 0.625 USD per million write request units",
};

/// A strongly consistent read of up to 4 KB; an eventually consistent read costs half.
pub(super) const TABLE_READ_UNIT: Price = Price {
    what: "table read unit",
    micro_usd: 0.125,
    source: "DynamoDB pricing, on-demand, Standard: 0.125 USD per million read request units",
};
