//! A recorder for interfaces that sign in at a path of their own: sign-ins are kept apart
//! from the other operations, and are accepted unless a script says otherwise.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use crate::recorder::{Answer, Lane, Recorder, Request};

pub struct Desk {
    recorder: Recorder,
    sign_in: &'static str,
    script: Arc<Mutex<Script>>,
}

struct Script {
    /// What sign-ins get; after that, what `accept` makes of the number of sign-ins that
    /// it accepted.
    sign_ins: VecDeque<Answer>,
    accept: fn(u64) -> Answer,
    accepted: u64,
    /// What operations get, and after that.
    answers: VecDeque<Answer>,
    then: Box<dyn Fn(&Request) -> Answer + Send>,
}

impl Desk {
    /// Requests whose path ends with `sign_in` are sign-ins. Other operations get 599
    /// until they are scripted.
    pub async fn start(sign_in: &'static str, accept: fn(u64) -> Answer) -> Self {
        let recorder = Recorder::start().await;
        let script = Arc::new(Mutex::new(Script {
            sign_ins: VecDeque::new(),
            accept,
            accepted: 0,
            answers: VecDeque::new(),
            then: Box::new(|_| Answer::empty(599)),
        }));
        let shared = Arc::clone(&script);
        recorder.then(Lane::Operations, move |request| shared.lock().unwrap().answer(request, sign_in));
        Self { recorder, sign_in, script }
    }

    pub fn origin(&self) -> String {
        self.recorder.origin()
    }

    /// Adds to what sign-ins get.
    pub fn sign_ins(&self, answers: impl IntoIterator<Item = Answer>) {
        self.script.lock().unwrap().sign_ins.extend(answers);
    }

    /// Adds to what operations get.
    pub fn answers(&self, answers: impl IntoIterator<Item = Answer>) {
        self.script.lock().unwrap().answers.extend(answers);
    }

    /// What operations get when the script is at its end.
    pub fn then(&self, respond: impl Fn(&Request) -> Answer + Send + 'static) {
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
    fn answer(&mut self, request: &Request, sign_in: &str) -> Answer {
        if !request.path_ends_with(sign_in) {
            return self.answers.pop_front().unwrap_or_else(|| (self.then)(request));
        }
        self.sign_ins.pop_front().unwrap_or_else(|| {
            self.accepted += 1;
            (self.accept)(self.accepted)
        })
    }
}
