//! A sandbox of whichever interface, as the control endpoint has it.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

use axum::http::HeaderValue;
use jiff::Timestamp;

use crate::{Fault, Modes, Order, Request, clock::Clock, interface::Interface, running::Sandbox};

/// A sandbox, whatever its interface.
pub(super) trait AnySandbox: Send + Sync {
    fn name(&self) -> &'static str;
    fn url(&self) -> &str;
    fn credentials(&self) -> &'static [(&'static str, &'static str)];
    /// Id, method and path of each operation.
    fn operations(&self) -> Vec<Value>;
    fn reset(&self);
    fn modes(&self) -> Modes;
    fn set_modes(&self, modes: Modes);
    fn order(&self, fault: FaultOrder) -> Result<(), String>;
    fn faults(&self) -> Vec<FaultOrder>;
    fn clear_faults(&self);
    /// The last so many requests.
    fn requests(&self, last: usize) -> Vec<Value>;
    fn clear_requests(&self);
    fn state(&self) -> Result<Value, String>;
    fn set_state(&self, state: Value) -> Result<(), String>;
    fn clock(&self) -> Timestamp;
    fn change_clock(&self, change: &dyn Fn(&mut Clock));
}

impl<S: Interface + Serialize + DeserializeOwned> AnySandbox for Sandbox<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn url(&self) -> &str {
        self.url()
    }

    fn credentials(&self) -> &'static [(&'static str, &'static str)] {
        S::CREDENTIALS
    }

    fn operations(&self) -> Vec<Value> {
        let shown = S::OPERATIONS.iter();
        shown.map(|one| json!({ "id": one.id, "method": one.method, "path": one.path })).collect()
    }

    fn reset(&self) {
        self.reset();
    }

    fn modes(&self) -> Modes {
        self.modes(|modes| *modes)
    }

    fn set_modes(&self, wanted: Modes) {
        self.modes(|modes| *modes = wanted);
    }

    fn order(&self, fault: FaultOrder) -> Result<(), String> {
        let operation = fault.operation.clone();
        let order = fault.order()?;
        match operation {
            None => self.fault_of_any(order),
            Some(operation) if S::OPERATIONS.iter().any(|one| one.id == operation) => self.fault(&operation, order),
            Some(operation) => return Err(format!("the interface has no operation `{operation}`")),
        }
        Ok(())
    }

    fn faults(&self) -> Vec<FaultOrder> {
        self.waiting_faults().into_iter().map(|(operation, order)| FaultOrder::of(operation, &order)).collect()
    }

    fn clear_faults(&self) {
        self.clear_faults();
    }

    fn requests(&self, last: usize) -> Vec<Value> {
        let requests = self.requests();
        requests[requests.len().saturating_sub(last)..].iter().map(written).collect()
    }

    fn clear_requests(&self) {
        self.clear_requests();
    }

    fn state(&self) -> Result<Value, String> {
        self.state(|state| serde_json::to_value(&*state)).map_err(|e| e.to_string())
    }

    fn set_state(&self, wanted: Value) -> Result<(), String> {
        let wanted = serde_json::from_value(wanted).map_err(|e| e.to_string())?;
        self.state(|state| *state = wanted);
        Ok(())
    }

    fn clock(&self) -> Timestamp {
        self.clock(|clock| clock.now())
    }

    fn change_clock(&self, change: &dyn Fn(&mut Clock)) {
        self.clock(change);
    }
}

/// A fault as the control endpoint takes and shows it: exactly one of what can go wrong.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct FaultOrder {
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(skip_serializing_if = "is_off")]
    drop: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    drop_after_bytes: Option<usize>,
    #[serde(skip_serializing_if = "is_off")]
    truncate: bool,
    #[serde(skip_serializing_if = "is_off")]
    nulls: bool,
    #[serde(skip_serializing_if = "is_off")]
    unknown_enum_values: bool,
}

fn is_off(flag: &bool) -> bool {
    !*flag
}

impl FaultOrder {
    fn of(operation: String, order: &Order) -> Self {
        let headers = order
            .headers()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let mut shown = Self {
            operation: Some(operation).filter(|operation| !operation.is_empty()),
            times: Some(order.left()),
            headers: headers.collect(),
            ..Self::default()
        };
        match order.fault() {
            Fault::Status(status) => shown.status = Some(*status),
            Fault::Unauthorized => shown.status = Some(401),
            Fault::Delay(time) => shown.delay_ms = Some(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            Fault::Drop => shown.drop = true,
            Fault::Truncate => shown.truncate = true,
            Fault::DropAfter(bytes) => shown.drop_after_bytes = Some(*bytes),
            Fault::Nulls => shown.nulls = true,
            Fault::UnknownEnum => shown.unknown_enum_values = true,
            Fault::Body { status, content_type, bytes } => {
                shown.status = Some(*status);
                shown.media_type = Some(content_type.clone());
                shown.body = Some(String::from_utf8_lossy(bytes).into_owned());
            }
        }
        shown
    }

    fn order(self) -> Result<Order, String> {
        let mut wanted = Vec::new();
        if let Some(status) = self.status {
            if !(200..600).contains(&status) {
                return Err(format!("{status} can't be the status of a response"));
            }
            wanted.push(match self.body {
                None if self.media_type.is_some() => return Err("a media type needs a body".to_owned()),
                None => Fault::Status(status),
                Some(body) => {
                    let content_type = self.media_type.unwrap_or_else(|| "application/json".to_owned());
                    if HeaderValue::from_str(&content_type).is_err() {
                        return Err(format!("{content_type:?} can't be a media type"));
                    }
                    Fault::Body { status, content_type, bytes: body.into_bytes() }
                }
            });
        } else if self.body.is_some() || self.media_type.is_some() {
            return Err("a body needs a status".to_owned());
        }
        wanted.extend(self.delay_ms.map(|ms| Fault::Delay(Duration::from_millis(ms))));
        wanted.extend(self.drop.then_some(Fault::Drop));
        wanted.extend(self.drop_after_bytes.map(Fault::DropAfter));
        wanted.extend(self.truncate.then_some(Fault::Truncate));
        wanted.extend(self.nulls.then_some(Fault::Nulls));
        wanted.extend(self.unknown_enum_values.then_some(Fault::UnknownEnum));
        let [fault] = <[Fault; 1]>::try_from(wanted).map_err(|wanted| {
            format!(
                "{} faults in one, instead of one of status, delayMs, drop, dropAfterBytes, truncate, nulls, unknownEnumValues",
                wanted.len()
            )
        })?;
        let order = fault.times(self.times.unwrap_or(1));
        self.headers.iter().try_fold(order, |order, (name, value)| {
            order.with(name, value).ok_or_else(|| format!("`{name}: {value}` is not a header"))
        })
    }
}

/// Headers whose values are credentials.
const SECRET: [&str; 4] = ["authorization", "bpmcsrf", "cookie", "x-auth-jwt-token"];

/// A request as the control endpoint shows it, without credentials.
fn written(request: &Request) -> Value {
    let (path, query) =
        request.path.split_once('?').map_or((request.path.as_str(), None), |(path, query)| (path, Some(query)));
    let headers: BTreeMap<_, _> = request
        .headers()
        .map(|(name, value)| match SECRET.contains(&name) {
            true => (
                name,
                request
                    .scheme
                    .as_ref()
                    .filter(|_| name == "authorization")
                    .map_or("…".to_owned(), |word| format!("{word} …")),
            ),
            false => (name, value.to_owned()),
        })
        .collect();
    json!({
        // Of one length, so that they sort as strings.
        "at": format!("{:.6}", request.at),
        "method": request.method,
        "path": path,
        "query": query,
        "headers": headers,
        "body": String::from_utf8_lossy(request.body()),
        "operation": request.operation,
        "status": request.status,
        "refusal": request.refusal,
    })
}

/// A request on one line, for the log.
pub(super) fn shown(request: &Request) -> String {
    let Request { method, operation, status, refusal, .. } = request;
    let path = request.path.split('?').next().unwrap_or_default();
    let operation = operation.unwrap_or("no operation");
    let status = status.map_or("no response".to_owned(), |status| status.to_string());
    let refusal = refusal
        .as_deref()
        .map(|text| format!(" {}", text.chars().take(200).collect::<String>().replace(['\r', '\n'], " ")));
    format!("{method} {path} ({operation}): {status}{}", refusal.unwrap_or_default())
}
