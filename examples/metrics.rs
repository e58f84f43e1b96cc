//! `cargo run --example metrics --features metrics`: how calls end, as metrics.
//!
//! [`Config::observe`] tells each end once, whether or not anybody traces; what a program makes of it is its own. Here it is the
//! crate `metrics`, whose recorder may be Prometheus, OpenTelemetry or, as here, one that is printed in the end.

use std::error::Error;

use casewire::{
    CallEnd,
    contractor::{Auth, Client, Config},
};
use casewire_sandbox::{Contractor, Fault, contractor::EXTERNAL_SYSTEM_KEY};
use metrics::{counter, histogram};
use metrics_util::debugging::{DebugValue, DebuggingRecorder};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    recorder.install()?;

    let sandbox = Contractor::start().await?;
    let config = Config::new(sandbox.url())?.observe(record);
    let desk = Client::connect(config, Auth::external_system(EXTERNAL_SYSTEM_KEY))?;
    desk.get_call().id(683_913).send().await?;
    sandbox.fault("getCall", Fault::Status(503));
    desk.get_call().id(683_913).send().await?;
    desk.get_call().id(1).send().await.err().ok_or("there is no such call")?;
    desk.list_call_changes().timestamp(0).send().await?;

    let mut lines = Vec::new();
    for (key, _, _, value) in snapshotter.snapshot().into_vec() {
        let key = key.key();
        let labels: Vec<_> = key.labels().map(|label| format!("{}={:?}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Counter(count) => count.to_string(),
            DebugValue::Gauge(value) => value.to_string(),
            DebugValue::Histogram(values) => format!("{} values", values.len()),
        };
        lines.push(format!("{}{{{}}} {value}", key.name(), labels.join(",")));
    }
    lines.sort();
    lines.iter().for_each(|line| println!("{line}"));
    let retried = r#"casewire_attempts_total{operation="getCall"} 4"#;
    if lines.iter().any(|line| line == retried) { Ok(()) } else { Err(format!("{retried} is missing").into()) }
}

/// Few label values: the operation has some forty, the result a dozen. Ids and messages are no labels.
fn record(end: &CallEnd) {
    let (operation, result) = (end.operation.id, end.result.name());
    counter!("casewire_calls_total", "operation" => operation, "result" => result, "outcome" => end.outcome.name())
        .increment(1);
    counter!("casewire_attempts_total", "operation" => operation).increment(end.attempts.into());
    counter!("casewire_received_bytes_total", "operation" => operation).increment(end.received);
    histogram!("casewire_call_seconds", "operation" => operation).record(end.elapsed);
}
