//! The four interfaces as one: their operations, how each is called, and a server that
//! lets clients sign in and answers everything else as a test says. The rows are those of
//! the tests of the wire, so that no operation is forgotten.

pub mod callback;
pub mod contractor;
pub mod crpt;
pub mod legalcase;

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, LazyLock},
};

use casewire::{Config, Operation};

pub use self::{callback::Callback, contractor::Contractor, crpt::Crpt, legalcase::Legalcase};
use crate::{
    recorder::{Lane, Recorder, Request, Response},
    row::{self, Row},
    spec::Spec,
};

pub trait Interface: Sized + 'static {
    type Client: Debug + Clone + Send + Sync + 'static;
    /// What its spec is called.
    const NAME: &'static str;
    const OPERATIONS: &'static [Operation];
    /// How every operation is called; some in several ways.
    const ROWS: &'static [Row<Self>];
    /// Further calls, of which the tests of the wire have tests of their own.
    const MORE_ROWS: &'static [Row<Self>] = &[];
    /// What tests of the wire give to a client or let a server send, and no error or
    /// decoded value may show.
    const SECRETS: &'static [&'static str];
    /// The ends of the paths where clients sign in, and renew what they got there.
    const SIGN_INS: &'static [&'static str];
    /// An operation that signs in before; none if there is no signing in.
    const NEEDS_SIGN_IN: Option<&'static str>;

    /// A client with every credential that there is.
    fn connect(config: Config) -> Self::Client;
    /// What a sign-in gets.
    fn signed_in() -> Response;
    /// Every secret that goes over the wire in a request, by a name for it.
    fn sent() -> Vec<(&'static str, Vec<u8>)>;
    /// What there is to print before anything is sent, such as credentials, by a name for it.
    fn values() -> Vec<(&'static str, String)>;
}

/// The spec of each interface, by its name. The specs belong to the repository, not to
/// the package of the tests, which has to compile without them; so they are read when a
/// test runs.
pub static SPECS: LazyLock<BTreeMap<&'static str, Spec>> = LazyLock::new(|| {
    let read = |name: &'static str| {
        let path = format!("{}/../specs/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        (name, Spec::read(&text))
    };
    [Callback::NAME, Contractor::NAME, Crpt::NAME, Legalcase::NAME].map(read).into()
});

/// [`Interface::SECRETS`] of the interface that the operation belongs to.
pub fn secrets_of(operation: &Operation) -> &'static [&'static str] {
    fn of<I: Interface>(operation: &Operation) -> Option<&'static [&'static str]> {
        I::OPERATIONS.contains(operation).then_some(I::SECRETS)
    }
    of::<Callback>(operation)
        .or_else(|| of::<Contractor>(operation))
        .or_else(|| of::<Crpt>(operation))
        .or_else(|| of::<Legalcase>(operation))
        .unwrap_or_else(|| panic!("{operation} is not in OPERATIONS"))
}

/// The calls, once it is certain that they are of all operations.
pub fn calls<I: Interface>() -> Vec<&'static Row<I>> {
    row::check_complete::<I>();
    I::ROWS.iter().chain(I::MORE_ROWS).collect()
}

pub fn spec<I: Interface>() -> &'static Spec {
    &SPECS[I::NAME]
}

pub fn is_sign_in<I: Interface>(request: &Request) -> bool {
    I::SIGN_INS.iter().any(|end| request.path_ends_with(end))
}

/// A server of an interface.
pub struct Server(Recorder);

const LANES: [Lane; 3] = [Lane::Operations, Lane::SignIns, Lane::Renewals];

impl Server {
    pub async fn start(response: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let (recorder, response) = (Recorder::start().await, Arc::new(response));
        for lane in LANES {
            let response = Arc::clone(&response);
            recorder.then(lane, move |request| response(request));
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
    call: &'static Row<I>,
    response: impl Fn(&Request) -> Response + Send + Sync + 'static,
) -> Server {
    Server::start(move |request| match !call.is_it(request) && is_sign_in::<I>(request) {
        true => I::signed_in(),
        false => response(request),
    })
    .await
}
