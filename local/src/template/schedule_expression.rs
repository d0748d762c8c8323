//! `rate(5 minutes)`. A `cron(…)` is refused: the stack has no calendar, and a wrong guess would be silent.

use std::time::Duration;

use anyhow::{Context as _, bail};

const SECONDS_PER_MINUTE: u64 = 60;
const SECONDS_PER_HOUR: u64 = 60 * SECONDS_PER_MINUTE;
const SECONDS_PER_DAY: u64 = 24 * SECONDS_PER_HOUR;

/// How long from one invocation to the next.
pub(super) fn parse(expression: &str) -> anyhow::Result<Duration> {
    if expression.starts_with("cron(") || expression.starts_with("at(") {
        bail!("{expression}: the local stack runs only rate(…) schedules");
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
        .with_context(|| format!("{expression}: {value} is no number above 0"))?;
    let seconds = match unit.trim() {
        "minute" | "minutes" => SECONDS_PER_MINUTE,
        "hour" | "hours" => SECONDS_PER_HOUR,
        "day" | "days" => SECONDS_PER_DAY,
        other => bail!("{expression}: {other} is none of minutes, hours, days"),
    };
    let seconds = value.checked_mul(seconds);
    Ok(Duration::from_secs(seconds.with_context(|| {
        format!("{expression}: longer than time itself")
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
    fn what_is_no_rate_is_refused_by_name() {
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
