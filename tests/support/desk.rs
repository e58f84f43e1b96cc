//! A recorder for interfaces that sign in at a path of their own: sign-ins are kept apart
//! from the other operations, and are accepted unless a script says otherwise.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use crate::recorder::{Lane, Recorder, Request, Response};

pub struct Desk {
    recorder: Recorder,
    sign_in: &'static str,
    script: Arc<Mutex<Script>>,
}

struct Script {
    /// What sign-ins get; after that, what `accept` makes of the number of sign-ins that
    /// it accepted.
    sign_ins: VecDeque<Response>,
    accept: fn(u64) -> Response,
    accepted: u64,
    /// What operations get, and after that.
    responses: VecDeque<Response>,
    then: Box<dyn Fn(&Request) -> Response + Send>,
}

impl Desk {
    /// Requests whose path ends with `sign_in` are sign-ins. Other operations get 599
    /// until they are scripted.
    pub async fn start(sign_in: &'static str, accept: fn(u64) -> Response) -> Self {
        let recorder = Recorder::start().await;
        let script = Arc::new(Mutex::new(Script {
            sign_ins: VecDeque::new(),
            accept,
            accepted: 0,
            responses: VecDeque::new(),
            then: Box::new(|_| Response::empty(599)),
        }));
        let shared = Arc::clone(&script);
        recorder.then(Lane::Operations, move |request| shared.lock().unwrap().response(request, sign_in));
        Self { recorder, sign_in, script }
    }

    pub fn origin(&self) -> String {
        self.recorder.origin()
    }

    /// Adds to what sign-ins get.
    pub fn sign_ins(&self, responses: impl IntoIterator<Item = Response>) {
        self.script.lock().unwrap().sign_ins.extend(responses);
    }

    /// Adds to what operations get.
    pub fn responses(&self, responses: impl IntoIterator<Item = Response>) {
        self.script.lock().unwrap().responses.extend(responses);
    }

    /// What operations get when the script is at its end.
    pub fn then(&self, respond: impl Fn(&Request) -> Response + Send + 'static) {
        self.script.lock().unwrap().then = Box::new(respond);
    }

    /// The sign-ins so far.
    pub fn signed_in(&self) -> Vec<Request> {
        self.all().into_iter().filter(|request| request.path_ends_with(self.sign_in)).collect()
    }

    /// The other operations so far.
    pub fn requests(&self) -> Vec<Request> {
        self.all().into_iter().filter(|request| !request.path_ends_with(self.sign_in)).collect()
    }

    /// How many operations and sign-ins came so far.
    pub fn counts(&self) -> [usize; 2] {
        [self.requests().len(), self.signed_in().len()]
    }

    fn all(&self) -> Vec<Request> {
        self.recorder.requests(Lane::Operations)
    }
}

impl Script {
    fn response(&mut self, request: &Request, sign_in: &str) -> Response {
        if !request.path_ends_with(sign_in) {
            return self.responses.pop_front().unwrap_or_else(|| (self.then)(request));
        }
        self.sign_ins.pop_front().unwrap_or_else(|| {
            self.accepted += 1;
            (self.accept)(self.accepted)
        })
    }
}
