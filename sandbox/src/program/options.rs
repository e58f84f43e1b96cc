//! What the program is told to do.

use std::{
    ffi::OsString,
    net::{IpAddr, Ipv4Addr},
};

use lexopt::{Arg, Parser, ValueExt};

use super::deliver::Receiver;

/// The first of five ports.
const PORT: u16 = 8100;
const NAMES: [&str; 4] = ["contractor", "crpt", "legalcase", "callback"];

pub(super) const HELP: &str = "\
Servers that behave as four interfaces for cases do, to try clients on.

Usage: casewire-sandbox [OPTIONS]

  --port N       The first of five ports next to each other: the page and the control endpoint, contractor, crpt,
                 legalcase, callback. 8100 unless set; 0 takes any that are free.
  --only NAME    Only this interface. May be repeated.
  --listen ADDR  The address to listen at, 127.0.0.1 unless set. Whoever reaches it can do anything with the sandboxes.
  --host NAME    A host that requests may be for, in addition to localhost and the address. May be repeated.
  --deliver URL  Where to send the events of legalcase: http only.
  --help         This text.
";

#[derive(Debug, PartialEq)]
pub(super) struct Options {
    pub(super) port: u16,
    only: Vec<String>,
    pub(super) listen: IpAddr,
    /// The same, as it stands in a URL.
    own: String,
    pub(super) hosts: Vec<String>,
    pub(super) deliver: Option<Receiver>,
}

impl Options {
    /// Reads the arguments, of which the first is the program; `None` when help is asked for.
    pub(super) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Self>, lexopt::Error> {
        let mut parser = Parser::from_iter(arguments);
        let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let mut options =
            Self { port: PORT, only: Vec::new(), listen, own: String::new(), hosts: Vec::new(), deliver: None };
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("port") => options.port = parser.value()?.parse()?,
                Arg::Long("only") => {
                    let name = parser.value()?.string()?;
                    if !NAMES.contains(&name.as_str()) {
                        return Err(format!("no interface is called `{name}`, but {}", NAMES.join(", ")).into());
                    }
                    options.only.push(name);
                }
                Arg::Long("listen") => options.listen = parser.value()?.parse()?,
                Arg::Long("host") => options.hosts.push(parser.value()?.string()?),
                Arg::Long("deliver") => options.deliver = Some(parser.value()?.parse()?),
                Arg::Short('h') | Arg::Long("help") => return Ok(None),
                other => return Err(other.unexpected()),
            }
        }
        if options.deliver.is_some() && !options.wants("legalcase") {
            return Err("--deliver is for legalcase, which --only leaves out".into());
        }
        options.own = match options.listen {
            IpAddr::V6(address) => format!("[{address}]"),
            IpAddr::V4(address) => address.to_string(),
        };
        options.hosts.extend(["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned(), options.own.clone()]);
        Ok(Some(options))
    }

    /// Where a port is found: at the address, or, where that stands for all of this machine's, at the first host that was named.
    pub(super) fn url(&self, port: u16) -> String {
        let host = self.hosts.first().filter(|_| self.listen.is_unspecified()).unwrap_or(&self.own);
        format!("http://{host}:{port}")
    }

    /// Whether an interface is wanted.
    pub(super) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &str) -> Result<Option<Options>, String> {
        let arguments = std::iter::once("casewire-sandbox").chain(arguments.split_whitespace());
        Options::parse(arguments.map(OsString::from)).map_err(|e| e.to_string())
    }

    #[test]
    fn what_is_asked_for() {
        let options = parse("").unwrap().unwrap();
        assert_eq!((options.port, options.listen.to_string().as_str()), (8100, "127.0.0.1"));
        assert!(NAMES.iter().all(|name| options.wants(name)));
        let options = parse("--port 0 --only crpt --only legalcase --listen ::1 --host desk --deliver http://a:1/b");
        let options = options.unwrap().unwrap();
        assert_eq!((options.port, options.hosts.contains(&"desk".to_owned())), (0, true));
        assert_eq!(NAMES.map(|name| options.wants(name)), [false, true, true, false]);
        assert!(options.hosts.contains(&"[::1]".to_owned()) && options.deliver.is_some());
        assert_eq!(parse("--port 1 --help"), Ok(None));
        for (arguments, url) in [
            ("", "http://127.0.0.1:1"),
            ("--listen ::1 --host desk", "http://[::1]:1"),
            ("--listen 0.0.0.0", "http://localhost:1"),
            ("--listen :: --host desk --host other", "http://desk:1"),
        ] {
            assert_eq!(parse(arguments).unwrap().unwrap().url(1), url, "{arguments}");
        }
    }

    #[test]
    fn what_is_wrong() {
        for (arguments, expect) in [
            ("--only csv", "no interface is called `csv`, but contractor, crpt, legalcase, callback"),
            ("--port 70000", "cannot parse argument \"70000\""),
            ("--listen localhost", "cannot parse argument \"localhost\""),
            ("--deliver https://a/", "only http is delivered to"),
            ("--deliver ftp", "not a URL with http"),
            ("--only crpt --deliver http://a/", "--deliver is for legalcase"),
            ("--verbose", "invalid option '--verbose'"),
            ("now", "unexpected argument \"now\""),
            ("--port", "missing argument for option '--port'"),
        ] {
            let error = parse(arguments).unwrap_err();
            assert!(error.contains(expect), "{arguments}: {error}");
        }
    }
}
