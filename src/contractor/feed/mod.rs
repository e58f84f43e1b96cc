//! Feeds: the changes of calls, messages and jeopardies as one stream, from where a program stopped, for as long as it runs.
//!
//! [`follow_calls`](Client::follow_calls), [`follow_messages`](Client::follow_messages),
//! [`follow_jeopardies`](Client::follow_jeopardies) and [`follow_changes`](Client::follow_changes), which is all three, ask
//! the server again and again, and give out what it sends in chunks:
//!
//! ```no_run
//! use std::{error::Error, fs, time::Duration};
//!
//! use casewire::contractor::{Auth, Client, Config, feed::{Change, Mark}};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn Error>> {
//!     let client = Client::connect(Config::new("https://desk.example")?, Auth::external_system("desk-key"))?;
//!     let stored: Option<Mark> = match fs::read_to_string("mark.txt") {
//!         Ok(text) => Some(text.parse()?),
//!         Err(_) => None, // the first run: from the beginning
//!     };
//!     let follow = client.follow_changes().since(stored).every(Duration::from_secs(30));
//!     let mut feed = follow.interrupted(|error, wait| eprintln!("{error}; again in {wait:?}")).stream();
//!     while let Some(changes) = feed.next().await {
//!         let changes = changes?;
//!         for item in changes.items {
//!             match item {
//!                 Ok(Change::Call(call)) => println!("call {:?} is {:?}", call.number, call.status),
//!                 Ok(Change::Message(message)) => println!("message to {:?}: {:?}", message.call_id, message.message),
//!                 Ok(Change::Jeopardy(jeopardy)) => println!("jeopardy of {:?}: {:?}", jeopardy.call_id, jeopardy.comment),
//!                 Ok(other) => println!("{other:?}"), // what a later version follows too
//!                 Err(unreadable) => eprintln!("{unreadable}"), // its bytes are in `unreadable.raw`
//!             }
//!         }
//!         // After the items: whatever happens before, they come again.
//!         fs::write("mark.new", changes.mark.to_string())?;
//!         fs::rename("mark.new", "mark.txt")?; // all of it or nothing
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # What is promised
//!
//! The interface doesn't say whether a response is sorted, whether a mark includes what has it, or whether what is written
//! later gets a greater one. So:
//!
//! - **Nothing is lost.** [`Changes::mark`] advances with the last chunk of a complete response, to the greatest `timestamp`
//!   in it, whatever its order; earlier chunks carry the mark that the response began with. A program that stores the mark
//!   after it has worked through the items may be killed at any time.
//! - **An item may come twice**, after a restart. Within one run, an item that is sent again as it was is given out once: at
//!   the edge, where responses overlap, and after a response that broke off. At most 100,000 items are remembered for that:
//!   where each response breaks off after more than those, the same items come again and again.
//! - **The edge is read again.** Each request asks from [`overlap`](Follow::overlap) before the mark, 1 unless set, so that
//!   it doesn't matter whether the server includes the mark, and an item that gets the same `timestamp` as the last one is
//!   not missed. What is written later with a lower `timestamp` needs a larger overlap.
//! - **What can't be read stops nothing.** An item that isn't as documented comes as [`Unreadable`], in its place, with its
//!   bytes. Its `timestamp` counts, if there is one. An item without a `timestamp` doesn't move the mark.
//! - **Size doesn't matter.** Items are decoded while they arrive, up to 256 in a chunk; one may be as large as
//!   [`Config::max_body`](crate::Config::max_body) and [`Config::max_decoded`](crate::Config::max_decoded) allow, and all
//!   together as large as they are. A response is subject to [`Config::idle_timeout`](crate::Config::idle_timeout), and the
//!   time that the program takes for a chunk is no idle time. A program that reads a million calls, 572 MiB, more slowly than
//!   the server sends them takes 17 MiB in all at its peak, whatever their order (`cargo bench --package casewire-tests --bench
//!   peak_memory -- feed`, which fails above 32 MiB).
//!
//! # Outages
//!
//! A feed goes on after what may pass: it asks again, from the same mark, after a wait that doubles from at most one second
//! to one minute, or the interval if that is longer, lengthened at random by up to as much; `Retry-After` is heeded up to an
//! hour. [`Follow::interrupted`] tells of each. The calls of a feed are retried as [`RetryPolicy`](crate::RetryPolicy) says
//! before that.
//!
//! | what happens | the feed |
//! |---|---|
//! | a server that can't be connected to, a connection that breaks, a timeout; a response that ends before its list does | goes on |
//! | 408, 429, any 5xx | goes on |
//! | a credential that can't be obtained for a reason that may pass | goes on |
//! | a session that ended | goes on: the client signs in again, or asks for another key |
//! | 200 with something else than a list, such as a page, after a response was read to its end | goes on |
//! | the same before that: it is probably the wrong server | ends |
//! | a list that is not one of JSON, so that its items can't be told apart | ends |
//! | a certificate that isn't trusted; a server without TLS | ends |
//! | a missing or refused credential, also after it was renewed (401, 403, the sign-in page); any other status | ends |
//!
//! A feed that ends gives the error as its last item, an [`AnyError`](crate::AnyError). It ends without an error by
//! [`Client::shutdown`], at once: what it was reading then comes again after a restart. Dropping it ends its request.
//!
//! Of [`follow_changes`](Client::follow_changes), each of the three has its own place and its own waits; an error that ends
//! one ends all.

mod follow;
mod mark;
mod seen;
mod source;
mod stream;

pub use self::{
    follow::Follow,
    mark::{InvalidMark, Mark},
    source::Change,
    stream::{Changes, Feed},
};
pub use crate::runtime::Unreadable;

use self::source::Source;
use super::{
    Client,
    types::{CallDto, CallJeopardyDto, CallMessageDto},
};

impl Client {
    /// Follows the calls that are created or changed: `listCallChanges` again and again, with the credential of
    /// `ExternalSystemAuth`. See [`feed`](self).
    ///
    /// ```no_run
    /// # async fn example(client: casewire::contractor::Client) -> Result<(), casewire::AnyError> {
    /// // All that there is by now, in chunks: the request alone, without following.
    /// let mut calls = client.follow_calls().once().stream();
    /// while let Some(changes) = calls.next().await {
    ///     println!("{} calls", changes?.items.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn follow_calls(&self) -> Follow<CallDto> {
        Follow::new(self, vec![Source::of::<CallDto>()])
    }

    /// Follows the messages that are written: `listMessageChanges` again and again, with the credential of
    /// `ExternalSystemAuth`. See [`feed`](self).
    pub fn follow_messages(&self) -> Follow<CallMessageDto> {
        Follow::new(self, vec![Source::of::<CallMessageDto>()])
    }

    /// Follows the jeopardies that are raised or cleared: `listJeopardyChanges` again and again, with the credential of
    /// `ExternalSystemAuth`. See [`feed`](self).
    pub fn follow_jeopardies(&self) -> Follow<CallJeopardyDto> {
        Follow::new(self, vec![Source::of::<CallJeopardyDto>()])
    }

    /// Follows calls, messages and jeopardies as one stream with one mark. See [`feed`](self).
    ///
    /// One is read at a time, at first in this order. A message may come before its call.
    pub fn follow_changes(&self) -> Follow<Change> {
        let sources = vec![Source::of::<CallDto>(), Source::of::<CallMessageDto>(), Source::of::<CallJeopardyDto>()];
        Follow::new(self, sources)
    }
}
