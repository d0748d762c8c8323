//! No accepted notification is lost, no matter where a function is killed.
//!
//! Between acceptance and delivery the functions wait only for calls to DynamoDB and SQS and for the POST to the client. So
//! the process is killed at each such call: once before the effect, once after the effect but before the function gets the
//! answer; and while the client has not answered yet.

use std::process::Command;
use std::sync::{Arc, Mutex, Weak};

use futures::future::ready;
use futures::stream::{self, StreamExt as _};
use local::backends::{BackendCall, Instead, Interceptor, Moment};
use local::sink::Behaviour;
use local::stack::{Options, Stack};
use reqwest::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

use crate::notifications::silent::Silent;
use crate::notifications::world::{PATIENCE, World, event, webhook_id};

pub(crate) const PUSH: &str = "notification-push";
const FORWARD: &str = "notification-forward";
pub(crate) const RESUME: &str = "notification-resume";

/// Kills a function's processes at chosen calls.
#[derive(Clone, Default)]
pub(crate) struct Killer {
    plan: Arc<Mutex<Plan>>,
}

#[derive(Default)]
struct Plan {
    stack: Weak<Stack>,
    function: &'static str,
    rule: Option<Rule>,
    kills: usize,
}

/// Whether to kill at this call.
type Rule = Box<dyn FnMut(&BackendCall) -> bool + Send>;

impl Killer {
    pub(crate) fn interceptor(&self) -> Interceptor {
        let killer = self.clone();
        Interceptor::new(move |call| killer.look_at(call))
    }

    pub(crate) fn watch(&self, world: &World, function: &'static str) {
        self.watch_stack(&world.stack, function);
    }

    pub(crate) fn watch_stack(&self, stack: &Arc<Stack>, function: &'static str) {
        let mut plan = self.plan.lock().unwrap();
        plan.stack = Arc::downgrade(stack);
        plan.function = function;
    }

    /// Kills at every matching call, after its effect.
    pub(crate) fn kill_always(&self, is_deadly: impl Fn(&BackendCall) -> bool + Send + 'static) {
        self.follow(move |call| call.moment == Moment::AfterEffect && is_deadly(call));
    }

    /// Kills at these moments of the function, counted from now, starting with 1.
    pub(crate) fn kill_at(&self, moments: Vec<usize>) {
        let function = self.plan.lock().unwrap().function;
        let mut moment = 0;
        self.follow(move |call| {
            if call.caller != function || is_of_statistics(call) {
                return false;
            }
            moment += 1;
            moments.contains(&moment)
        });
    }

    fn follow(&self, rule: impl FnMut(&BackendCall) -> bool + Send + 'static) {
        let mut plan = self.plan.lock().unwrap();
        plan.kills = 0;
        plan.rule = Some(Box::new(rule));
    }

    /// Number of kills since the rule was set.
    pub(crate) fn kills(&self) -> usize {
        self.plan.lock().unwrap().kills
    }

    /// Kills the process if the rule matches. If it is killed before the effect, the effect does not happen.
    fn look_at(&self, call: &BackendCall) -> Option<Instead> {
        let mut plan = self.plan.lock().unwrap();
        let deadly = plan.rule.as_mut().is_some_and(|rule| rule(call));
        if !deadly {
            return None;
        }
        plan.kills += 1;
        let stack = plan.stack.upgrade().unwrap();
        kill_all(&stack, plan.function);
        Some(Instead {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            body: "{}".to_owned(),
        })
    }
}

/// Whether a call writes statistics: it is the last one, when everything else is durable, and nothing depends on it.
pub(crate) fn is_of_statistics(call: &BackendCall) -> bool {
    String::from_utf8_lossy(&call.request).contains("\"series\"")
}

/// Kills all processes of the function and waits until they have exited.
pub(crate) fn kill_all(stack: &Stack, function: &str) {
    for process in stack.process_ids(function) {
        let mut kill = Command::new("kill");
        // It may have exited by itself.
        kill.args(["-9", &process.to_string()]).output().unwrap();
        while is_running(process) {
            std::thread::yield_now();
        }
    }
}

/// Whether the process is running; a zombie is not.
pub(crate) fn is_running(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = status
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    state.is_some_and(|state| state != 'Z')
}

/// The product's template with this visibility timeout in seconds.
pub(crate) fn impatient_template(seconds: u32) -> TempDir {
    template_with(
        "VisibilityTimeout: 180",
        &format!("VisibilityTimeout: {seconds}"),
    )
}

/// The product's template with something else in one place.
pub(crate) fn template_with(usual: &str, other: &str) -> TempDir {
    let template = std::fs::read_to_string(Options::default().template).unwrap();
    assert_eq!(template.matches(usual).count(), 1);
    let template = template.replace(usual, other);
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("template.yaml"), template).unwrap();
    directory
}

/// A stack in which functions are killed.
pub(crate) struct DeadlyWorld {
    pub(crate) world: World,
    pub(crate) killer: Killer,
    function: &'static str,
    silent: Silent,
    _template: TempDir,
}

impl DeadlyWorld {
    pub(crate) async fn start(function: &'static str) -> Self {
        let killer = Killer::default();
        let template = impatient_template(2);
        let silent = Silent::listen().await;
        let world = World::with(Options {
            template: template.path().join("template.yaml"),
            interceptor: Some(killer.interceptor()),
            environment: silent.targets(),
            ..Options::default()
        })
        .await;
        killer.watch(&world, function);
        Self {
            world,
            killer,
            function,
            silent,
            _template: template,
        }
    }

    /// Pushes until it is answered 200, as an aggregator does.
    async fn push_until_accepted(&self, event: &Value) -> String {
        loop {
            let answer = self.world.push(event).await;
            if answer.status == 200 {
                return answer.notification_id();
            }
            assert!([500, 503].contains(&answer.status), "{answer:?}");
        }
    }

    /// Pushes while the function is killed at these moments. Waits until the client has accepted the delivery, and returns the
    /// number of kills.
    async fn survives(&self, order: &str, moments: Vec<usize>) -> usize {
        // A new process makes every possible call.
        kill_all(&self.world.stack, self.function);
        self.killer.kill_at(moments);
        let id = self.push_until_accepted(&event(order, "DELIVERED")).await;
        self.taken(&id).await;
        self.world.settled().await;
        self.killer.kills()
    }

    /// The same beside an endpoint that never answers: its message stays in the queue for a while.
    async fn survives_beside_silent(&self, moments: Vec<usize>) -> usize {
        self.silent.connect(&self.world).await;
        self.killer.kill_at(moments);
        let id = self.push_until_accepted(&event("order", "DELIVERED")).await;
        self.taken(&id).await;
        self.killer.kills()
    }

    /// Waits until the client has received this notification.
    async fn taken(&self, notification_id: &str) {
        let wanted = webhook_id(notification_id, "demo-sink");
        let arrives = async {
            let mut count = 1;
            loop {
                let received = self.world.arrived(count).await;
                if received
                    .iter()
                    .any(|request| request.headers["webhook-id"] == wanted)
                {
                    return;
                }
                count = received.len() + 1;
            }
        };
        tokio::time::timeout(PATIENCE, arrives)
            .await
            .unwrap_or_else(|_| panic!("{wanted} is lost"));
    }
}

#[tokio::test]
async fn nothing_is_lost_if_the_push_is_killed() {
    let deadly = DeadlyWorld::start(PUSH).await;
    let survives = async |order: &str, moments| deadly.survives(order, moments).await;
    let [moments, further] = at_every_moment(survives).await;
    // Credential, account, shipment, first event, endpoints, notification, message: before and after each.
    assert!(moments >= 14, "there were only {moments} moments");
    assert!(further > 8, "there were only {further} further moments");
}

/// Kills a function at each moment of a request, and then of the repeat of one that was stored but not sent, which makes
/// other calls. `survives` returns the number of kills. Returns the number of moments of both.
pub(crate) async fn at_every_moment(
    survives: impl AsyncFn(&str, Vec<usize>) -> usize,
) -> [usize; 2] {
    at_every_moment_of_sending(1, survives).await
}

/// The same if the sends begin this many moments before the last one.
pub(crate) async fn at_every_moment_of_sending(
    sending: usize,
    survives: impl AsyncFn(&str, Vec<usize>) -> usize,
) -> [usize; 2] {
    let mut moments = 0;
    while survives(&format!("once-{moments}"), vec![moments + 1]).await > 0 {
        moments += 1;
    }
    let stored = moments.saturating_sub(sending);
    let mut further = 0;
    while survives(
        &format!("twice-{further}"),
        vec![stored, stored + further + 1],
    )
    .await
        > 1
    {
        further += 1;
    }
    [moments, further]
}

/// Number of stacks that deliver side by side, because each waits until a message becomes visible again.
const SIDE_BY_SIDE: usize = 7;

/// For each moment, a stack delivers something and is killed at that moment, until there is no such moment. Returns the
/// number of moments.
async fn deliveries_survive(behaviour: &Behaviour) -> usize {
    stream::iter(1..)
        .map(async |moment| {
            let deadly = DeadlyWorld::start(FORWARD).await;
            deadly.world.behave(behaviour.clone());
            let kills = deadly.survives("order", vec![moment]).await;
            deadly.world.stop().await;
            kills
        })
        .buffered(SIDE_BY_SIDE)
        .take_while(|&kills| ready(kills == 1))
        .count()
        .await
}

#[tokio::test]
async fn nothing_is_lost_if_the_delivery_is_killed() {
    let moments = deliveries_survive(&Behaviour::default()).await;
    // The endpoint's health, the endpoint and the record: before and after each.
    assert!(moments >= 6, "there were only {moments} moments");
}

#[tokio::test]
async fn nothing_is_lost_if_the_delivery_is_killed_beside_an_endpoint_that_never_answers() {
    let moments = stream::iter(1..)
        .map(async |moment| {
            let deadly = DeadlyWorld::start(FORWARD).await;
            let kills = deadly.survives_beside_silent(vec![moment]).await;
            deadly.world.stop().await;
            kills
        })
        .buffered(SIDE_BY_SIDE)
        .take_while(|&kills| ready(kills == 1))
        .count()
        .await;
    // The two endpoints and their health, in one batch or in two: before and after.
    assert!(moments >= 4, "there were only {moments} moments");
}

#[tokio::test]
async fn nothing_is_lost_if_a_failed_delivery_is_killed() {
    let failure = Behaviour {
        status: 500,
        fail_next: Some(1),
        ..Behaviour::default()
    };
    let moments = deliveries_survive(&failure).await;
    // The health, the endpoint, the record, the health after the failure, the delay; at the second attempt the record twice,
    // the health, and the health after the success.
    assert!(moments >= 18, "there were only {moments} moments");
}

#[tokio::test]
async fn nothing_is_lost_when_the_delivery_is_killed_while_the_client_answers() {
    let deadly = DeadlyWorld::start(FORWARD).await;
    deadly.world.behave(Behaviour {
        delay_ms: 1000,
        fail_next: Some(1),
        ..Behaviour::default()
    });
    let id = deadly.push_until_accepted(&event("held", "SHIPPED")).await;
    let first = deadly.world.arrived(1).await;
    kill_all(&deadly.world.stack, FORWARD);
    let both = deadly.world.arrived(2).await;
    assert_eq!(
        first[0].headers["webhook-id"],
        both[1].headers["webhook-id"]
    );
    assert_eq!(first[0].body, both[1].body);
    let record = deadly.world.record(&id, "demo-sink", 1).await;
    assert!(record.has_ended());
    assert!(record.first[0].duration_ms < 1000, "{record:?}");
    deadly.world.settled().await;
}
