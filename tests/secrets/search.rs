//! Finds secrets in text: in part as well as whole, since a part gives much of it away,
//! and in the encodings in which text gets into other text: percent-encoded, base64,
//! escaped as in JSON or by `Debug`, as hexadecimal digits, and as the list of bytes that
//! `Debug` makes of a `Vec<u8>`.

use std::collections::HashMap;

/// How many bytes of a secret in a row are too many.
const PART: usize = 7;

#[derive(Clone)]
pub struct Secrets {
    /// Every part of every secret, and the name of the secret.
    parts: HashMap<[u8; PART], String>,
    /// Whether a part begins with these two bytes, since few texts have one.
    begins: Vec<bool>,
}

impl Secrets {
    pub fn new() -> Self {
        Self { parts: HashMap::new(), begins: vec![false; 1 << 16] }
    }

    /// # Panics
    /// When the secret is so short that it would be found everywhere.
    pub fn add(&mut self, name: &str, secret: &[u8]) {
        assert!(secret.len() >= PART, "{name} is too short");
        for part in secret.windows(PART) {
            self.begins[begin(part)] = true;
            self.parts.entry(part.try_into().unwrap()).or_insert_with(|| name.to_owned());
        }
    }

    /// The name of a secret that the text gives away.
    pub fn find(&self, text: &[u8]) -> Option<&str> {
        readings(text).iter().find_map(|reading| self.find_plain(reading))
    }

    /// The same, of what is in no encoding.
    pub fn find_plain(&self, text: &[u8]) -> Option<&str> {
        // A plain loop, since without optimization iterators take longer, and this goes
        // over all that is seen.
        let mut at = 0;
        while at + PART <= text.len() {
            if self.begins[begin(&text[at..])]
                && let Some(name) = self.parts.get(&text[at..at + PART])
            {
                return Some(name);
            }
            at += 1;
        }
        None
    }
}

fn begin(part: &[u8]) -> usize {
    usize::from(part[0]) << 8 | usize::from(part[1])
}

/// The text, and what it may stand for.
fn readings(text: &[u8]) -> Vec<Vec<u8>> {
    let mut plain = vec![text.to_vec()];
    if text.contains(&b'%') {
        plain.push(percent_decoded(text));
    }
    if text.contains(&b'\\') {
        plain.push(unescaped(text));
    }
    let decoded: Vec<_> =
        plain.iter().flat_map(|text| [from_base64(text), from_hexadecimal(text), from_lists(text)]).collect();
    plain.into_iter().chain(decoded).collect()
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = match (first, after.get(..2).and_then(hexadecimal)) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                &after[2..]
            }
            _ => {
                decoded.push(*first);
                after
            }
        };
    }
    decoded
}

/// The byte that two digits stand for.
fn hexadecimal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
}

/// What `\"`, `\n`, `\xff`, `\u0416` and `\u{416}` stand for.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut units = Vec::new();
    let mut rest: &[u8] = text;
    while let [first, after @ ..] = rest {
        (units, rest) = match (first, after) {
            (b'\\', [b'u', b'{', after @ ..]) => {
                let length = after.iter().position(|b| *b == b'}').unwrap_or(0);
                let code = str::from_utf8(&after[..length]).ok().and_then(|code| u32::from_str_radix(code, 16).ok());
                (pushed(units, code.and_then(char::from_u32).unwrap_or(' ').to_string().as_bytes()), &after[length..])
            }
            (b'\\', [b'u', a, b, c, d, after @ ..]) => {
                let code = hexadecimal(&[*a, *b]).zip(hexadecimal(&[*c, *d]));
                let code = code.map_or(32, |(high, low)| u32::from(high) << 8 | u32::from(low));
                (pushed(units, char::from_u32(code).unwrap_or(' ').to_string().as_bytes()), after)
            }
            (b'\\', [b'x', a, b, after @ ..]) => (pushed(units, &[hexadecimal(&[*a, *b]).unwrap_or(b' ')]), after),
            (b'\\', [b'n', after @ ..]) => (pushed(units, b"\n"), after),
            (b'\\', [other, after @ ..]) => (pushed(units, &[*other]), after),
            _ => (pushed(units, &[*first]), after),
        };
    }
    units
}

fn pushed(mut to: Vec<u8>, bytes: &[u8]) -> Vec<u8> {
    to.extend_from_slice(bytes);
    to
}

/// Every run of characters of base64, of either alphabet, as if it began at any of them.
fn from_base64(text: &[u8]) -> Vec<u8> {
    let sextet = |byte: &u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    };
    let mut decoded = Vec::new();
    for run in text.split(|byte| sextet(byte).is_none()).filter(|run| run.len() * 6 >= PART * 8) {
        for start in 0..4 {
            for four in run[start..].chunks(4) {
                let bits = four.iter().filter_map(sextet).fold(0_u32, |bits, sextet| bits << 6 | u32::from(sextet));
                let bits = bits << (6 * (4 - four.len()));
                decoded.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
            }
            decoded.push(0);
        }
    }
    decoded
}

/// Every run of hexadecimal digits, as if it began at any of them.
fn from_hexadecimal(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    for run in text.split(|byte| !byte.is_ascii_hexdigit()).filter(|run| run.len() >= PART * 2) {
        for start in 0..2 {
            decoded.extend(run[start..].chunks(2).filter_map(hexadecimal));
            decoded.push(0);
        }
    }
    decoded
}

/// Every list of numbers that are bytes, on one line or on many.
fn from_lists(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    for list in text.split(|byte| !byte.is_ascii_digit() && !byte.is_ascii_whitespace() && *byte != b',') {
        let numbers = list.split(|byte| !byte.is_ascii_digit()).filter_map(|number| str::from_utf8(number).ok());
        decoded.extend(numbers.filter_map(|number| number.parse::<u8>().ok()));
        decoded.push(0);
    }
    decoded
}

#[cfg(test)]
mod tests {
    use casewire::Base64;

    use super::Secrets;

    const SECRET: &str = "Жq\"7/+ %41\\ xй";

    fn finds(text: &str) -> bool {
        let mut secrets = Secrets::new();
        secrets.add("it", SECRET.as_bytes());
        secrets.find(text.as_bytes()) == Some("it")
    }

    #[test]
    fn a_secret_is_found_in_every_encoding() {
        assert!(finds(SECRET));
        assert!(finds(&format!("before {SECRET} after")));
        let mut url = reqwest::Url::parse("http://host/").unwrap();
        url.query_pairs_mut().append_pair("token", SECRET);
        assert!(finds(url.as_str()), "{url}");
        let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02x}")).collect();
        assert!(finds(&percent) && finds(&percent.to_uppercase()), "{percent}");
        assert!(finds(&serde_json::to_string(SECRET).unwrap()));
        let ascii: String = SECRET.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        assert!(finds(&ascii), "{ascii}");
        assert!(finds(&format!("{SECRET:?}")));
        assert!(finds(&SECRET.escape_default().to_string()), "{}", SECRET.escape_default());
        assert!(finds(&SECRET.as_bytes().escape_ascii().to_string()));
        assert!(finds(&format!("{:?} {:#?}", bytes::Bytes::from(SECRET), 1)));
        let (short, long) = (format!("{:?}", SECRET.as_bytes()), format!("{:#?}", SECRET.as_bytes()));
        assert!(finds(&short) && finds(&long), "{short} {long}");
        let hexadecimal: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(finds(&hexadecimal) && finds(&format!("f{}", hexadecimal.to_uppercase())));
        // Wherever it begins in what is encoded: `user:password`, say.
        for before in ["", "a", "ab", "abc"] {
            let encoded = Base64::from(format!("{before}{SECRET}")).encoded();
            assert!(finds(&encoded) && finds(&format!("Basic {encoded}")), "{encoded}");
            let of_urls = encoded.replace('+', "-").replace('/', "_").replace('=', "");
            assert!(finds(&of_urls) && finds(&format!("x{of_urls}")), "{of_urls}");
            // And that again, as in the query of a URL or in JSON.
            assert!(finds(&encoded.replace('/', "%2F").replace('+', "%2b").replace('=', "%3D")));
            assert!(finds(&encoded.replace('/', "\\/")));
        }
    }

    #[test]
    fn a_part_of_a_secret_is_found() {
        let characters: Vec<char> = SECRET.chars().collect();
        for part in characters.windows(7) {
            assert!(finds(&String::from_iter(part)), "{part:?}");
        }
    }

    #[test]
    fn nothing_is_found_elsewhere() {
        for text in ["", "%", "\\", "\\u", "\\x4", "\\u{", "%4", "[1, 2, 3]", "POST /call/{id}", "Жq\"7", "[redacted]"]
        {
            assert!(!finds(text), "{text}");
        }
    }

    #[test]
    #[should_panic = "too short"]
    fn what_would_be_found_everywhere_is_refused() {
        Secrets::new().add("it", b"secret");
    }
}
