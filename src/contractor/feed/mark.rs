//! How far a feed was read: what a program stores.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// How far the changes were worked through: [`Changes::mark`](super::Changes::mark), and where
/// [`Follow::since`](super::Follow::since) goes on. The default is the beginning.
///
/// It is stored as text, by `Display` and `FromStr` or by serde. What is in it is not promised, but that later versions read
/// it. It has a place for each of calls, messages and jeopardies, so that the mark of one feed can be passed to another, and
/// what a feed doesn't follow stays as it was.
///
/// ```
/// use casewire::contractor::feed::Mark;
///
/// let stored = Mark::default().to_string();
/// assert_eq!(stored.parse::<Mark>()?, Mark::default());
/// // A file that was not written to its end is not the beginning.
/// assert!("".parse::<Mark>().is_err());
/// # Ok::<(), casewire::contractor::feed::InvalidMark>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Mark([i64; 3]);

/// What a mark has a place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Calls,
    Messages,
    Jeopardies,
}

const NAMES: [&str; 3] = ["calls", "messages", "jeopardies"];

impl Mark {
    /// The greatest timestamp of this kind; 0 at the beginning.
    pub(super) fn of(&self, kind: Kind) -> i64 {
        self.0[kind as usize]
    }

    /// Advances to a timestamp, unless it is further already; whether it did.
    pub(super) fn advance(&mut self, kind: Kind, timestamp: i64) -> bool {
        let place = &mut self.0[kind as usize];
        let advances = timestamp > *place;
        *place = timestamp.max(*place);
        advances
    }
}

/// Writes `calls:1002,messages:1004,jeopardies:0`.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, timestamp)) in NAMES.iter().zip(self.0).enumerate() {
            let comma = if at > 0 { "," } else { "" };
            write!(f, "{comma}{name}:{timestamp}")?;
        }
        Ok(())
    }
}

/// A text that is not a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not the mark of a feed, such as `calls:1002,messages:1004,jeopardies:0`")]
pub struct InvalidMark;

/// Spaces around it, such as a line break at its end, mean nothing.
impl FromStr for Mark {
    type Err = InvalidMark;

    fn from_str(text: &str) -> Result<Self, InvalidMark> {
        let mut parts = text.trim().split(',');
        let mut mark = Self::default();
        for (name, place) in NAMES.iter().zip(&mut mark.0) {
            let digits = parts.next().and_then(|part| part.strip_prefix(name)?.strip_prefix(':')).ok_or(InvalidMark)?;
            if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(InvalidMark);
            }
            *place = digits.parse().map_err(|_| InvalidMark)?;
        }
        if parts.next().is_some() { Err(InvalidMark) } else { Ok(mark) }
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidMark, Kind, Mark};

    #[test]
    fn what_is_written_is_read() {
        let mut mark = Mark::default();
        assert!(mark.advance(Kind::Messages, 1004) && mark.advance(Kind::Calls, i64::MAX));
        assert!(!mark.advance(Kind::Messages, 1004) && !mark.advance(Kind::Messages, -1));
        let text = "calls:9223372036854775807,messages:1004,jeopardies:0";
        assert_eq!((mark.to_string().as_str(), text.parse()), (text, Ok(mark)));
        assert_eq!(format!(" {text}\r\n").parse(), Ok(mark));
        let json = serde_json::to_string(&mark).unwrap();
        assert_eq!(
            (json.as_str(), serde_json::from_str::<Mark>(&json).unwrap()),
            (format!("\"{text}\"").as_str(), mark)
        );
    }

    #[test]
    fn what_is_damaged_is_refused() {
        for text in [
            "",
            "0",
            "1002",
            "calls:1002",
            "calls:1002,messages:1004,",
            "calls:1002,messages:1004,jeopardies:",
            "calls:1002,messages:1004,jeopardies:-1",
            "calls:1002,messages:1004,jeopardies:+1",
            "calls:1002,messages:1004,jeopardies:0,",
            "calls:1002,messages:1004,jeopardies:0,others:1",
            "messages:1004,calls:1002,jeopardies:0",
            "calls:1002, messages:1004, jeopardies:0",
            "calls:9223372036854775808,messages:1004,jeopardies:0",
            "Calls:1002,messages:1004,jeopardies:0",
        ] {
            assert_eq!(text.parse::<Mark>(), Err(InvalidMark), "{text}");
        }
        assert!(serde_json::from_str::<Mark>("1002").is_err());
    }
}
