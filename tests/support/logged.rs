//! Everything that is logged on a thread while a test runs: spans and events of `tracing`
//! at every level and of every target, and the records of `log`, which reqwest writes.

use std::{
    cell::RefCell,
    sync::{Arc, Mutex, MutexGuard, Once},
};

use serde_json::Value;
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::DefaultGuard,
};
use tracing_subscriber::{
    Layer, Registry,
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
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
}

/// What was logged so far.
pub struct Logged {
    seen: Arc<Mutex<Seen>>,
    _until: DefaultGuard,
}

thread_local! {
    /// `None` while nobody looks at what this thread logs.
    static RECORDS: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

impl Logged {
    /// From now on, until this is dropped.
    pub fn start() -> Self {
        static LOG: Once = Once::new();
        LOG.call_once(|| {
            log::set_logger(&Records).expect("no other logger");
            log::set_max_level(log::LevelFilter::Trace);
        });
        RECORDS.set(Some(Vec::new()));
        let seen = Arc::new(Mutex::new(Seen::default()));
        let subscriber = Registry::default().with(Recording(Arc::clone(&seen)));
        Self { seen, _until: tracing::subscriber::set_default(subscriber) }
    }

    pub fn spans(&self) -> Vec<Span> {
        self.lock().spans.clone()
    }

    pub fn events(&self) -> Vec<Happened> {
        self.lock().events.clone()
    }

    /// All of it as text, which is forgotten then. For times when no span is open.
    pub fn take(&self) -> Vec<String> {
        let Seen { spans, events } = std::mem::take(&mut *self.lock());
        let spans = spans.into_iter().map(|span| format!("{span:?}"));
        let events = events.into_iter().map(|event| format!("{event:?}"));
        spans.chain(events).chain(RECORDS.replace(Some(Vec::new())).unwrap_or_default()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        RECORDS.set(None);
    }
}

/// The value of a field, the latest if there are several.
pub fn field<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    fields.iter().rev().find(|(other, _)| *other == name).map(|(_, value)| value)
}

struct Recording(Arc<Mutex<Seen>>);

/// Where a span stands among those seen.
struct Place(usize);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recording {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).expect("a span that is known");
        let parent = span.parent().and_then(|parent| parent.extensions().get::<Place>().map(|place| place.0));
        let mut seen = self.0.lock().unwrap();
        span.extensions_mut().insert(Place(seen.spans.len()));
        let metadata: &'static Metadata<'static> = attributes.metadata();
        let fields = fields(|visitor| attributes.record(visitor));
        seen.spans.push(Span { target: metadata.target(), name: metadata.name(), parent, fields, closed: false });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        self.change(id, &context, |span| span.fields.extend(fields(|visitor| values.record(visitor))));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let span = context.event_span(event).and_then(|span| span.extensions().get::<Place>().map(|place| place.0));
        let metadata: &'static Metadata<'static> = event.metadata();
        let fields = fields(|visitor| event.record(visitor));
        let event = Happened { target: metadata.target(), level: *metadata.level(), span, fields };
        self.0.lock().unwrap().events.push(event);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.change(&id, &context, |span| span.closed = true);
    }
}

impl Recording {
    fn change<S>(&self, id: &Id, context: &Context<'_, S>, change: impl FnOnce(&mut Span))
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let span = context.span(id).expect("a span that is known");
        let place = span.extensions().get::<Place>().map(|place| place.0);
        let mut seen = self.0.lock().unwrap();
        if let Some(span) = place.and_then(|place| seen.spans.get_mut(place)) {
            change(span);
        }
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
        RECORDS.with_borrow_mut(|records| {
            if let Some(records) = records {
                records.push(format!("{} {}: {}", record.level(), record.target(), record.args()));
            }
        });
    }

    fn flush(&self) {}
}
