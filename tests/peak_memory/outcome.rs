//! What a call took and came to.

use std::pin::Pin;

use casewire::{Error, ErrorKind, Failure, ResponseValue};

/// The peak of this process so far, in KiB, while the result is there; and what the result is.
pub type Outcome = (usize, String);

/// Calls an operation of a client.
pub type Call<C> = for<'a> fn(&'a C) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A [`Call`]; a download is not read.
macro_rules! call {
    (download $client:ident.$($call:tt)+) => { call!($client.$($call)+) };
    ($client:ident.$($call:tt)+) => {
        |$client| Box::pin(async move { crate::outcome::outcome($client.$($call)+.send().await) })
    };
}
pub(crate) use call;

pub fn outcome<T, E: Failure>(result: Result<ResponseValue<T>, Error<E>>) -> Outcome {
    let status = std::fs::read_to_string("/proc/self/status").expect("a system with /proc");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB")?.trim().parse().ok());
    let told = match result {
        Ok(_) => "Ok".to_owned(),
        Err(Error::Undecodable(e)) => e.reason().to_owned(),
        Err(e) if e.kind() == ErrorKind::Refused => "a documented failure".to_owned(),
        Err(e) => format!("{:?}", e.kind()),
    };
    (peak.expect("the line VmHWM"), told)
}
