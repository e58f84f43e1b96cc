//! What makes a sandbox of an interface, as its state says it. The rest of a sandbox is
//! the same for all.

use axum::{
    Router,
    extract::MatchedPath,
    http::request::Parts,
    response::{IntoResponse, Response},
};

use super::{app::App, clock::Clock, read::Unfit};

/// An operation: its name, where it is found, and what its requests may bring. `T` is
/// what only one interface says.
#[derive(Debug)]
pub struct Operation<T: 'static> {
    pub id: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    /// The query parameters that it knows.
    pub query: &'static [&'static str],
    /// Whether it takes a body.
    pub body: bool,
    pub terms: T,
}

impl<T: Copy> Operation<T> {
    /// An operation without query parameters.
    pub const fn new(id: &'static str, method: &'static str, path: &'static str, body: bool, terms: T) -> Self {
        Self { id, method, path, query: &[], body, terms }
    }

    /// The same operation with query parameters.
    pub const fn query(self, query: &'static [&'static str]) -> Self {
        Self { query, ..self }
    }
}

/// The operation that a request was found to be for, as it stands in the request's extensions.
pub type Found<S> = &'static Operation<<S as Interface>::Terms>;

/// The state of an interface's sandbox, and how the interface responds from it.
pub trait Interface: Sized + Send + 'static {
    /// What this interface says of an operation in addition to what all say.
    type Terms: Sync;
    /// What a handler returns instead of a response.
    type Refusal: From<Unfit> + IntoResponse + Clone + Send + Sync + 'static;

    /// All operations, in the order of the spec.
    const OPERATIONS: &'static [Operation<Self::Terms>];
    /// Properties of responses that hold an enum value.
    const ENUMS: &'static [&'static str];

    /// The name of the interface.
    const NAME: &'static str;
    /// Who may call at the start, and what they show.
    const CREDENTIALS: &'static [(&'static str, &'static str)];

    /// The state at the start.
    fn initial() -> Self;

    /// The clock in the state.
    fn clock(&mut self) -> &mut Clock;

    /// The handlers.
    fn router() -> Router<App<Self>>;

    /// Properties of the responses of an operation that are never left out.
    fn required(operation: &str) -> &'static [&'static str];

    /// Whether a request's path is that of an operation; its method is looked at afterwards.
    fn is_at(_: &App<Self>, operation: Found<Self>, parts: &Parts) -> bool {
        by_template(operation.path, parts)
    }

    /// Looks for the credential that a request needs, and for what else its header has to
    /// have. What is found out, it leaves in the request's extensions.
    fn admit(&mut self, operation: Found<Self>, parts: &mut Parts) -> Result<(), Self::Refusal>;

    /// Writes a refusal. Unless overridden, the refusal is its own response in every state.
    fn write(&self, _: Option<Found<Self>>, refusal: &Self::Refusal) -> Response {
        refusal.clone().into_response()
    }
}

/// Whether the router has found the request's path to be that of the template.
pub fn by_template(template: &str, parts: &Parts) -> bool {
    parts.extensions.get::<MatchedPath>().is_some_and(|path| path.as_str() == template)
}
