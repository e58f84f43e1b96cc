//! The four interfaces as one: their operations, how each is called, and a server that lets clients sign in and answers
//! everything else as a test says. The rows are those of the tests of the wire, so that no operation is forgotten.

pub mod callback;
pub mod contractor;
pub mod crpt;
pub mod legalcase;
pub mod outcome;
mod row;

use std::{fmt::Debug, sync::Arc};

use casewire::{Config, Operation};

use crate::{
    spec::Spec,
    support::recorder::{Answer, Lane, Recorder, Request},
};

pub use callback::Callback;
pub use contractor::Contractor;
pub use crpt::Crpt;
pub use legalcase::Legalcase;
use outcome::Call;

pub trait Interface {
    type Client: Debug + Clone + Send + Sync + 'static;
    const OPERATIONS: &'static [Operation];
    /// The text of its spec.
    const SPEC: &'static str;
    /// The ends of the paths where clients sign in, and renew what they got there.
    const SIGN_INS: &'static [&'static str];
    /// An operation that signs in before; none if there is no signing in.
    const NEEDS_SIGN_IN: Option<&'static str>;

    /// A client with every credential that there is.
    fn connect(config: Config) -> Self::Client;
    /// What a sign-in gets.
    fn signed_in() -> Answer;
    /// How every operation is called; some in several ways.
    fn calls() -> Vec<Called<Self::Client>>;
    /// Every secret that goes over the wire in a request, by a name for it.
    fn sent() -> Vec<(&'static str, Vec<u8>)>;
    /// What there is to print before anything is sent, such as credentials, by a name for it.
    fn values() -> Vec<(&'static str, String)>;
}

pub struct Called<C: 'static> {
    /// The `operationId`.
    pub id: &'static str,
    /// Method and target, below the base path.
    pub request: &'static str,
    pub call: Call<C>,
}

impl<C> From<&row::Row<C>> for Called<C> {
    fn from(row: &row::Row<C>) -> Self {
        Self { id: row.id, request: row.request, call: row.call }
    }
}

impl<C> Called<C> {
    pub fn operation<I: Interface<Client = C>>(&self) -> &'static Operation {
        I::OPERATIONS.iter().find(|operation| operation.id == self.id).unwrap()
    }

    /// Whether this is the request that the call is about, and not a sign-in on the way to it.
    pub fn is_it(&self, request: &Request) -> bool {
        format!("{} {}", request.method, request.target) == self.request
    }
}

/// The calls, once it is certain that they are of all operations.
pub fn calls<I: Interface>() -> Vec<Called<I::Client>> {
    let calls = I::calls();
    let ids = |ids: Vec<&'static str>| std::collections::BTreeSet::from_iter(ids);
    let called = ids(calls.iter().map(|call| call.id).collect());
    assert_eq!(called, ids(I::OPERATIONS.iter().map(|operation| operation.id).collect()));
    assert_eq!(called.len(), I::OPERATIONS.len(), "an id twice");
    assert_eq!(called.len(), spec::<I>().statuses().len());
    calls
}

pub fn spec<I: Interface>() -> Spec {
    Spec::read(I::SPEC)
}

pub fn is_sign_in<I: Interface>(request: &Request) -> bool {
    request.target.split('?').next().is_some_and(|path| I::SIGN_INS.iter().any(|end| path.ends_with(end)))
}

/// A server of an interface.
pub struct Server(Recorder);

const LANES: [Lane; 3] = [Lane::Operations, Lane::SignIns, Lane::Renewals];

impl Server {
    pub async fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let (recorder, answer) = (Recorder::start().await, Arc::new(answer));
        for lane in LANES {
            let answer = Arc::clone(&answer);
            recorder.then(lane, move |request| answer(request));
        }
        Self(recorder)
    }

    pub fn origin(&self) -> String {
        self.0.origin()
    }

    /// What came so far, sign-ins last.
    pub fn requests(&self) -> Vec<Request> {
        LANES.iter().flat_map(|lane| self.0.requests(*lane)).collect()
    }
}

/// A server where sign-ins succeed and the request of `call` is answered so.
pub async fn answering<I: Interface>(
    call: &Called<I::Client>,
    answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
) -> Server {
    let expected = call.request;
    Server::start(move |request| {
        let is_it = format!("{} {}", request.method, request.target) == expected;
        if !is_it && is_sign_in::<I>(request) { I::signed_in() } else { answer(request) }
    })
    .await
}
