//! Splits a JSON array into its elements while it arrives, however it is cut into chunks, so that a list of any length is
//! read within the memory for one element.
//!
//! Where an element ends is decided by brackets and strings alone; whoever reads it finds out whether it is JSON. So one
//! that can't be read leaves those after it readable, unless what is wrong is a bracket or the end of a string.

use bytes::{Buf, Bytes};

/// How much an element may take that stays allocated for the next one, in bytes.
const KEPT: usize = 64 << 10;

/// Splits one array, or `null`, which stands for the empty one.
pub(super) struct Splitter {
    state: State,
    /// What came of the element at hand, no more than `most` bytes of it, and its whole length.
    element: Vec<u8>,
    length: usize,
    most: usize,
    count: usize,
    taken: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before the array, after this many bytes of a byte order mark, or after a space, which is like all of it.
    Begin(usize),
    /// After this many bytes of `null`.
    Null(usize),
    /// After the bracket that begins the array.
    First,
    /// After a comma.
    Next,
    /// In an element.
    Element(Place),
    /// After an element.
    After,
    /// After the array.
    End,
}

/// A place in an element.
#[derive(Clone, Copy, PartialEq, Default)]
struct Place {
    /// How many brackets are open.
    depth: usize,
    in_string: bool,
    after_backslash: bool,
}

/// What came of a chunk.
#[derive(Debug, PartialEq)]
pub(super) enum Split {
    /// An [element](Splitter::element); there may be more.
    Element,
    /// No more elements; all of the chunk was taken.
    Nothing,
}

/// Why a body can't be split any further.
#[derive(Debug, PartialEq)]
pub(super) enum Unsplit {
    /// It is not an array.
    Other(&'static str),
    /// It is an array, but not one of JSON.
    Malformed(&'static str),
}

const BOM: &[u8] = "\u{feff}".as_bytes();
const NULL: &[u8] = b"null";

impl Splitter {
    /// Keeps no more of an element than `most` bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { state: State::Begin(0), element: Vec::new(), length: 0, most, count: 0, taken: 0 }
    }

    /// For a response that stands for the empty array by its status.
    pub(super) fn of_nothing() -> Self {
        Self { state: State::End, ..Self::new(0) }
    }

    /// The element that was found last; the beginning of it, if it is longer than may be kept.
    pub(super) fn element(&self) -> &[u8] {
        &self.element
    }

    /// How long the element that was found last is, in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// How many elements were found.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// How many bytes were taken.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    /// Whether all of the array was taken.
    pub(super) fn is_over(&self) -> bool {
        self.state == State::End
    }

    /// Whether nothing was taken but spaces.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self.state, State::Begin(_))
    }

    /// Whether an array began.
    pub(super) fn is_array(&self) -> bool {
        !matches!(self.state, State::Begin(_) | State::Null(_))
    }

    /// Takes of `chunk` up to the end of the next element. After an error, `chunk` begins with what is wrong.
    pub(super) fn take(&mut self, chunk: &mut Bytes) -> Result<Split, Unsplit> {
        let mut at = 0;
        let result = loop {
            let Some(byte) = chunk.get(at) else { break Ok(Split::Nothing) };
            if let State::Element(place) = self.state {
                let (length, place) = place.run(&chunk[at..]);
                self.keep(&chunk[at..at + length]);
                at += length;
                if let Some(place) = place {
                    self.state = State::Element(place);
                    continue;
                }
                self.state = State::After;
                self.count += 1;
                break Ok(Split::Element);
            }
            match self.step(*byte) {
                Ok(State::Element(_)) => {
                    self.forget();
                    self.state = State::Element(Place::default());
                }
                Ok(state) => {
                    self.state = state;
                    at += 1;
                }
                Err(unsplit) => break Err(unsplit),
            }
        };
        chunk.advance(at);
        self.taken += at;
        result
    }

    /// Where a byte outside of elements leads; it is taken, unless it begins an element.
    fn step(&self, byte: u8) -> Result<State, Unsplit> {
        const OTHER: Unsplit = Unsplit::Other("it is not a list");
        const SEPARATOR: Unsplit = Unsplit::Malformed("expected a comma or the end of the list");
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        Ok(match (self.state, byte) {
            (State::Begin(mark), _) if BOM.get(mark) == Some(&byte) => State::Begin(mark + 1),
            (State::Begin(1 | 2), _) => return Err(OTHER),
            (State::Begin(_), _) if is_space => State::Begin(BOM.len()),
            (State::Begin(_), b'[') => State::First,
            (State::Begin(_), b'n') => State::Null(1),
            (State::Begin(_), b'<') => return Err(Unsplit::Other("it looks like HTML or XML, not JSON")),
            (State::Null(read), _) if NULL.get(read) == Some(&byte) => match read + 1 {
                4 => State::End,
                read => State::Null(read),
            },
            (State::Begin(_) | State::Null(_), _) => return Err(OTHER),
            (state, _) if is_space => state,
            (State::First | State::After, b']') => State::End,
            (State::After, b',') => State::Next,
            (State::After, _) => return Err(SEPARATOR),
            (State::End, _) => return Err(Unsplit::Malformed("expected nothing more after the list")),
            (State::First | State::Next, b',' | b']' | b'}') => return Err(Unsplit::Malformed("expected an element")),
            (State::First | State::Next | State::Element(_), _) => State::Element(Place::default()),
        })
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = self.most - self.element.len();
        self.element.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.length += bytes.len();
    }

    fn forget(&mut self) {
        self.element.clear();
        self.element.shrink_to(KEPT);
        self.length = 0;
    }
}

impl Place {
    /// How much of `bytes` belongs to the element, and the place after it; `None` at the end of the element.
    fn run(mut self, bytes: &[u8]) -> (usize, Option<Self>) {
        for (at, byte) in bytes.iter().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.after_backslash => self.after_backslash = false,
                    b'\\' => self.after_backslash = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' | b',' | b' ' | b'\t' | b'\n' | b'\r' if self.depth == 0 => return (at, None),
                b']' | b'}' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, None);
                    }
                }
                _ => {}
            }
        }
        (bytes.len(), Some(self))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::{Split, Splitter, Unsplit};

    /// The elements, and how it ended: `true` when all of the array was taken.
    fn split(chunks: &[&[u8]], most: usize) -> (Vec<String>, Result<bool, Unsplit>) {
        let (mut splitter, mut elements) = (Splitter::new(most), Vec::new());
        for chunk in chunks {
            let mut chunk = Bytes::copy_from_slice(chunk);
            loop {
                match splitter.take(&mut chunk) {
                    Ok(Split::Element) => {
                        let text = String::from_utf8_lossy(splitter.element()).into_owned();
                        elements.push(if splitter.length() > text.len() {
                            format!("{text}… {}", splitter.length())
                        } else {
                            text
                        });
                    }
                    Ok(Split::Nothing) => break,
                    Err(unsplit) => return (elements, Err(unsplit)),
                }
            }
        }
        assert_eq!(splitter.count(), elements.len());
        assert_eq!(splitter.taken(), chunks.iter().map(|chunk| chunk.len()).sum::<usize>());
        (elements, Ok(splitter.is_over()))
    }

    /// Whatever the chunks are.
    fn check(body: &str, expect: &[&str], end: Result<bool, Unsplit>) {
        let bytes = body.as_bytes();
        let expect = (expect.iter().map(|&element| element.to_owned()).collect::<Vec<_>>(), end);
        assert_eq!(split(&[bytes], 99), expect, "{body}");
        assert_eq!(split(&bytes.chunks(1).collect::<Vec<_>>(), 99), expect, "{body} byte by byte");
        for at in 0..=bytes.len() {
            assert_eq!(split(&[&bytes[..at], &bytes[at..]], 99), expect, "{body} cut at {at}");
        }
    }

    #[test]
    fn arrays() {
        check("[]", &[], Ok(true));
        check(" \r\n\t[ \n] \n", &[], Ok(true));
        check("null", &[], Ok(true));
        check("\u{feff}[1]", &["1"], Ok(true));
        check("\u{feff} null ", &[], Ok(true));
        check(r#"[{"a":[1,{}]} , {"b":"]},[{"}]"#, &[r#"{"a":[1,{}]}"#, r#"{"b":"]},[{"}"#], Ok(true));
        check(
            r#"[1,"a,]\"b",null ,true,[[],[]],{}]"#,
            &["1", r#""a,]\"b""#, "null", "true", "[[],[]]", "{}"],
            Ok(true),
        );
        check(r#"["\\","\\\"",""]"#, &[r#""\\""#, r#""\\\"""#, r#""""#], Ok(true));
    }

    /// It is the reader's to find out.
    #[test]
    fn elements_that_are_not_json() {
        check(r#"[{"a":x},nul,{]]"#, &[r#"{"a":x}"#, "nul", "{]"], Ok(true));
        check(r#"[{"a" 1},'b',{"c":2}]"#, &[r#"{"a" 1}"#, "'b'", r#"{"c":2}"#], Ok(true));
        check("[{\"a\":\"\u{1}\n\"},-]", &["{\"a\":\"\u{1}\n\"}", "-"], Ok(true));
    }

    #[test]
    fn what_is_no_array() {
        let other = || Err(Unsplit::Other("it is not a list"));
        for body in ["{}", "5", "\"a\"", "nil", "nulL", "true", "\u{feff}\u{feff}[]", " \u{feff}[]", "\u{fefe}"] {
            check(body, &[], other());
        }
        check(" <html>", &[], Err(Unsplit::Other("it looks like HTML or XML, not JSON")));
    }

    #[test]
    fn arrays_that_are_not_json() {
        let malformed = |reason| Err(Unsplit::Malformed(reason));
        let (element, separator) = ("expected an element", "expected a comma or the end of the list");
        check("[,1]", &[], malformed(element));
        check("[1,]", &["1"], malformed(element));
        check("[1,,2]", &["1"], malformed(element));
        check("[}", &[], malformed(element));
        check("[1}", &["1"], malformed(separator));
        check("[{} {}]", &["{}"], malformed(separator));
        check("[{}{}]", &["{}"], malformed(separator));
        check("[1]]", &["1"], malformed("expected nothing more after the list"));
        check("null,", &[], malformed("expected nothing more after the list"));
    }

    #[test]
    fn what_is_cut_off() {
        let whole = r#"[{"a":"b"},[1,2],3]"#;
        for length in 0..whole.len() {
            let (elements, end) = split(&[&whole.as_bytes()[..length]], 99);
            assert_eq!(end, Ok(false), "{length}");
            assert!(elements.len() <= 3, "{length}");
        }
        check("nul", &[], Ok(false));
        check("", &[], Ok(false));
    }

    #[test]
    fn no_more_than_the_limit_is_kept() {
        let body = r#"["aaaaaaaa",[1,2,3,4,5,6],1,"bbbbbb"]"#;
        let expect = [r#""aaaaaaa… 10"#, "[1,2,3,4… 13", "1", r#""bbbbbb""#];
        for size in 1..body.len() {
            let (elements, end) = split(&body.as_bytes().chunks(size).collect::<Vec<_>>(), 8);
            assert_eq!((elements, end), (expect.map(str::to_owned).to_vec(), Ok(true)), "{size}");
        }
    }
}
