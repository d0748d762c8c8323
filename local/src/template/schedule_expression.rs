//! Parses `rate(5 minutes)`. A `cron(…)` is refused, because the stack does not implement calendar schedules.

use std::time::Duration;

use anyhow::{Context as _, bail};

const SECONDS_PER_MINUTE: u64 = 60;
const SECONDS_PER_HOUR: u64 = 60 * SECONDS_PER_MINUTE;
const SECONDS_PER_DAY: u64 = 24 * SECONDS_PER_HOUR;

/// The time between two invocations.
pub(super) fn parse(expression: &str) -> anyhow::Result<Duration> {
    if expression.starts_with("cron(") || expression.starts_with("at(") {
        bail!("{expression}: the local stack supports only rate(…) schedules");
    }
    let (value, unit) = expression
        .strip_prefix("rate(")
        .and_then(|rest| rest.strip_suffix(')'))
        .and_then(|rest| rest.split_once(' '))
        .with_context(|| format!("{expression}: expected rate(<number> <unit>)"))?;
    let value: u64 = value
        .parse()
        .ok()
        .filter(|value| *value > 0)
        .with_context(|| format!("{expression}: {value} is not a number above 0"))?;
    let seconds = match unit.trim() {
        "minute" | "minutes" => SECONDS_PER_MINUTE,
        "hour" | "hours" => SECONDS_PER_HOUR,
        "day" | "days" => SECONDS_PER_DAY,
        other => bail!("{expression}: {other} is not minutes, hours or days"),
    };
    let seconds = value.checked_mul(seconds);
    Ok(Duration::from_secs(seconds.with_context(|| {
        format!("{expression}: the duration is too long")
    })?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_number_and_a_unit() {
        assert_eq!(parse("rate(1 minute)").unwrap(), Duration::from_mins(1));
        assert_eq!(parse("rate(12 hours)").unwrap(), Duration::from_hours(12));
    }

    #[test]
    fn an_invalid_rate_is_refused_and_named() {
        for expression in [
            "cron(0 8 * * ? *)",
            "rate(0 minutes)",
            "rate(5 fortnights)",
            "daily",
        ] {
            let error = parse(expression).unwrap_err().to_string();
            assert!(error.starts_with(expression), "{error}");
        }
    }
}
