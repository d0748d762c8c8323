//! The printed report: one JSON object.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::cost::Cost;
use crate::figure::Figure;
use crate::labels::Label;
use crate::machine::Machine;
use crate::memory::Memory;
use crate::speed::Speed;
use crate::start::Start;
use crate::traffic::{CallsReport, Cpu, PushLatency};

/// All figures of one run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The machine and the parameters of the run.
    pub machine: Machine,
    /// Start times, from exec to the first poll of the runtime API.
    pub start: Start,
    /// Resident memory, by function.
    pub memory: Memory,
    /// Stripped binaries in MB (10^6 bytes), by function.
    pub size: BTreeMap<String, Figure>,
    /// AWS calls.
    pub calls: CallsReport,
    /// CPU time of the functions' processes.
    pub cpu: Cpu,
    /// Push latency at the gateway, one push after the other.
    pub push: PushLatency,
    /// Throughput from the push to the client.
    pub speed: Speed,
    /// The cost of a label, by account.
    pub labels: BTreeMap<String, Label>,
    /// The cost of a million notifications.
    pub cost: Cost,
    /// Paths of the figures over their budget.
    pub missed: Vec<String>,
}

impl Report {
    /// Adds the paths of the figures over their budget.
    pub(super) fn judged(mut self) -> anyhow::Result<Self> {
        let report = serde_json::to_value(&self)?;
        over_budget(&report, "", &mut self.missed);
        Ok(self)
    }
}

fn over_budget(value: &Value, path: &str, missed: &mut Vec<String>) {
    let Value::Object(fields) = value else {
        return;
    };
    if fields.get("ok") == Some(&Value::Bool(false)) {
        missed.push(path.to_owned());
    }
    for (name, field) in fields {
        over_budget(field, &format!("{path}/{name}"), missed);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_over_its_budget_is_named_by_its_path() {
        let mut missed = Vec::new();
        let report = json!({
            "size": { "push": { "ok": false }, "forward": { "ok": true } },
            "cpu": { "accepted": { "ok": false } },
        });
        over_budget(&report, "", &mut missed);
        assert_eq!(missed, ["/cpu/accepted", "/size/push"]);
    }
}
