//! Everything that is logged on a thread while a test runs: spans and events of `tracing`
//! at every level and of every target, and the records of `log`, which reqwest writes.
//!
//! One subscriber serves the whole process, and asks the thread whether anybody looks.
//! With one per test, `tracing` asks whichever thread comes first to a span or an event
//! whether it is wanted, and remembers a no for all of them; so a test that looked would
//! see nothing, because another had run there that did not.

use std::{
    cell::RefCell,
    sync::{Arc, Mutex, MutexGuard, Once},
};

use serde_json::Value;
use tracing::{
    Event, Metadata, Subscriber,
    callsite::rebuild_interest_cache,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::Interest,
};
use tracing_subscriber::{
    Layer, Registry,
    layer::{Context, SubscriberExt},
    registry::{LookupSpan, SpanRef},
};

/// Fields in the order in which they were recorded. Numbers stay numbers; what is
/// recorded by its `Debug` is text.
pub type Fields = Vec<(&'static str, Value)>;

#[derive(Debug, Clone)]
pub struct Span {
    pub target: &'static str,
    pub name: &'static str,
    /// The place of the span around it.
    pub parent: Option<usize>,
    pub fields: Fields,
    pub closed: bool,
}

#[derive(Debug, Clone)]
pub struct Happened {
    pub target: &'static str,
    pub level: tracing::Level,
    /// The place of the span that it belongs to.
    pub span: Option<usize>,
    pub fields: Fields,
}

#[derive(Debug, Default)]
struct Seen {
    spans: Vec<Span>,
    events: Vec<Happened>,
    records: Vec<String>,
}

/// What was logged so far.
pub struct Logged(Arc<Mutex<Seen>>);

thread_local! {
    /// `None` while nobody looks at what this thread logs.
    static SEEN: RefCell<Option<Arc<Mutex<Seen>>>> = const { RefCell::new(None) };
}

/// `None` at the end of a thread, too.
fn seen() -> Option<Arc<Mutex<Seen>>> {
    SEEN.try_with(|seen| seen.borrow().clone()).ok().flatten()
}

impl Logged {
    /// From now on, until this is dropped.
    pub fn start() -> Self {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| {
            log::set_logger(&Records).expect("no other logger");
            log::set_max_level(log::LevelFilter::Trace);
            let subscriber = Registry::default().with(Recording);
            tracing::subscriber::set_global_default(subscriber).expect("no other subscriber");
        });
        // A thread that asked just before the subscriber came may have cached afterwards that nobody
        // listens.
        rebuild_interest_cache();
        let seen = Arc::default();
        SEEN.set(Some(Arc::clone(&seen)));
        Self(seen)
    }

    pub fn spans(&self) -> Vec<Span> {
        self.lock().spans.clone()
    }

    pub fn events(&self) -> Vec<Happened> {
        self.lock().events.clone()
    }

    /// All of it as text, which is forgotten then. For times when no span is open.
    pub fn take(&self) -> Vec<String> {
        let Seen { spans, events, records } = std::mem::take(&mut *self.lock());
        let spans = spans.into_iter().map(|span| format!("{span:?}"));
        let events = events.into_iter().map(|event| format!("{event:?}"));
        spans.chain(events).chain(records).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap()
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        SEEN.set(None);
    }
}

/// The value of a field, the latest if there are several.
pub fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    fields.iter().rev().find(|(other, _)| *other == name).map(|(_, value)| value)
}

/// Records what is logged on threads that somebody looks at.
struct Recording;

/// Where a span stands, and among which.
struct Place(Arc<Mutex<Seen>>, usize);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recording {
    /// It depends on the thread.
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>, _: Context<'_, S>) -> bool {
        seen().is_some()
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(all) = seen() else { return };
        let span = context.span(id).expect("a span that is known");
        let parent = span.parent().and_then(|parent| place(&parent, &all));
        let metadata: &'static Metadata<'static> = attributes.metadata();
        let fields = fields(|visitor| attributes.record(visitor));
        let mut seen = all.lock().unwrap();
        span.extensions_mut().insert(Place(Arc::clone(&all), seen.spans.len()));
        seen.spans.push(Span { target: metadata.target(), name: metadata.name(), parent, fields, closed: false });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let fields = fields(|visitor| values.record(visitor));
        change(id, &context, |span| span.fields.extend(fields));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(all) = seen() else { return };
        let span = context.event_span(event).and_then(|span| place(&span, &all));
        let metadata: &'static Metadata<'static> = event.metadata();
        let fields = fields(|visitor| event.record(visitor));
        let event = Happened { target: metadata.target(), level: *metadata.level(), span, fields };
        all.lock().unwrap().events.push(event);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        change(&id, &context, |span| span.closed = true);
    }
}

/// The place of a span among `all`, if it is one of them.
fn place<'a, S: LookupSpan<'a>>(span: &SpanRef<'a, S>, all: &Arc<Mutex<Seen>>) -> Option<usize> {
    let extensions = span.extensions();
    extensions.get().and_then(|Place(seen, place)| Arc::ptr_eq(seen, all).then_some(*place))
}

/// Changes a span where it is kept, whichever thread it is changed on.
fn change<S>(id: &Id, context: &Context<'_, S>, change: impl FnOnce(&mut Span))
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let span = context.span(id).expect("a span that is known");
    let extensions = span.extensions();
    let Some(Place(seen, place)) = extensions.get() else { return };
    if let Some(span) = seen.lock().unwrap().spans.get_mut(*place) {
        change(span);
    }
}

fn fields(record: impl FnOnce(&mut Visitor)) -> Fields {
    let mut visitor = Visitor(Vec::new());
    record(&mut visitor);
    visitor.0
}

struct Visitor(Fields);

impl Visit for Visitor {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.push((field.name(), format!("{value:?}").into()));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.into()));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.push((field.name(), value.into()));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.push((field.name(), value.into()));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.push((field.name(), value.into()));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.push((field.name(), value.into()));
    }
}

/// The records of `log`, each kept by the thread that writes it.
struct Records;

impl log::Log for Records {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if let Some(seen) = seen() {
            seen.lock().unwrap().records.push(format!("{} {}: {}", record.level(), record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}
