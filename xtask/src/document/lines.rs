//! The lines of a document without what its extraction did to them: what two extractions of the same page have in common.

use std::collections::{BTreeMap, HashMap, HashSet};

use regex_lite::Regex;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// Stands where a cell lost what it held.
pub(crate) const LOST: char = '\u{fffc}';

/// A line of the file that says something.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// In the file, counted from 1.
    pub number: usize,
    /// Without markup and bullets; cells are still apart.
    pub text: String,
    pub gap: Gap,
    pub bullet: bool,
    /// Whether the word processor had a bookmark here, as it has at titles.
    pub bookmark: bool,
}

/// What stands before a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    None,
    /// A blank line, or a line that says nothing.
    Blank,
    /// The end of a page, which may be in the middle of anything.
    Page,
}

impl Row {
    pub(crate) fn cells(&self) -> Vec<&str> {
        self.text.split('\t').map(str::trim).collect()
    }

    pub(crate) fn is_of_table(&self) -> bool {
        self.text.contains('\t')
    }

    /// Whether it may go on with what the row above began.
    pub(crate) fn may_continue(&self) -> bool {
        self.gap != Gap::Blank
    }
}

/// A line, or a row of a table that takes several.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// In the file, counted from 1.
    pub number: usize,
    /// To be shown.
    pub text: String,
    /// To be compared.
    pub key: String,
    pub heading: String,
}

/// Where the headings are: from which line on which one is the nearest above.
pub(crate) type Headings = BTreeMap<usize, String>;

/// The expressions of this module, which are constants.
pub(crate) fn regex(expression: &str) -> Regex {
    // None of them comes from outside, and each one is used by a test.
    #[allow(clippy::expect_used)]
    Regex::new(expression).expect("a regular expression")
}

/// The first 16 digits of the SHA-256 of a key.
pub(crate) fn hash(key: &str) -> String {
    digest(key.as_bytes())[..16].to_owned()
}

/// The hashes of what a text begins with, and where each ends.
pub(crate) fn hashes(text: &str) -> Vec<(String, usize)> {
    let mut hasher = Sha256::new();
    let ends = text.char_indices().map(|(at, c)| (at, at + c.len_utf8()));
    let hashes = ends.map(|(at, end)| {
        hasher.update(&text[at..end]);
        (hexadecimal(&hasher.clone().finalize()[..8]), end)
    });
    hashes.collect()
}

/// SHA-256, in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Letters that look Latin are, and quotes and dashes are the plain ones: `Туре` is often printed with Cyrillic letters.
pub(crate) fn fold(text: &str) -> String {
    const LOOK: [(&str, &str); 2] = [
        ("АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo"),
        ("‐‑‒–—―−«»„“”‟‹›‘’‚‛´", "-------\"\"\"\"\"\"'''''''"),
    ];
    let plain = |c: char| {
        LOOK.iter().find_map(|(from, to)| from.chars().zip(to.chars()).find(|(look, _)| *look == c).map(|(_, is)| is))
    };
    text.chars().map(|c| if c.is_ascii() { c } else { plain(c).unwrap_or(c) }).collect()
}

/// Folded, without any space, as words are broken anywhere.
pub(crate) fn squash(text: &str) -> String {
    fold(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// What is compared of a text. Hyphens are those of broken words, or dashes that look like bullets where a line begins with
/// them; only in a cell of its own, one says something.
fn key(text: &str) -> String {
    let is_cell = |cell: &str| text.contains('\t') && cell == "-";
    let cells = text.split('\t').map(squash).map(|cell| if is_cell(&cell) { "¬".to_owned() } else { cell });
    let key: String = cells.collect::<String>().chars().filter(|c| !matches!(*c, LOST | '-' | '`')).collect();
    if key.chars().all(|c| "{}[](),;'\"_=*.".contains(c)) { String::new() } else { key }
}

/// The rows of a document: no page furniture, no blank lines, no head of a table that is repeated inside it.
pub(crate) fn rows(text: &str) -> Vec<Row> {
    let tidy = Tidy::new();
    let mut rows: Vec<Row> = text.lines().enumerate().map(|(at, raw)| tidy.row(at + 1, raw)).collect();
    let furniture = furniture(&rows);
    let (mut gap, mut kept) = (Gap::Blank, Vec::new());
    for (at, mut row) in rows.drain(..).enumerate() {
        row.gap = row.gap.max(gap);
        let says_nothing = key(&row.text).is_empty() && !row.text.contains(LOST);
        if furniture.contains(&at) || says_nothing {
            gap = if furniture.contains(&at) { Gap::Page } else { row.gap.max(Gap::Blank) };
        } else {
            gap = Gap::None;
            kept.push(row);
        }
    }
    without_repeated_heads(kept)
}

/// What every line is freed of.
struct Tidy {
    markup: Regex,
    emptied: Regex,
    formula: Regex,
    bookmark: Regex,
    bullet: Regex,
}

impl Tidy {
    fn new() -> Self {
        Self {
            emptied: regex(r"<pre>\s*</pre>"),
            markup: regex(r"(?i)</?(pre|p|ul|ol|li|br|strong|b|em|i|span|code)(\s[^<>]*)?/?>"),
            formula: regex(r"\$\s*\{?\s*\\[a-z]+\s*\{?([^${}\\]*)\}*\s*\$"),
            bookmark: regex(r"\[bookmark: [^\]]*\]"),
            bullet: regex(r"^\s*([•·▪●◦‣∙➢➤✓\u{f0b7}\u{f0a7}]\s*|[-–—*o]\s+)"),
        }
    }

    fn row(&self, number: usize, raw: &str) -> Row {
        let is_invisible = |c: char| {
            matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
                || c.is_control() && c != '\t'
        };
        let text: String = raw.nfkc().filter(|c| !is_invisible(*c)).collect();
        let mut plain = text;
        if plain.contains('<') {
            plain = self.emptied.replace_all(&plain, LOST.to_string().as_str()).into_owned();
            plain = self.markup.replace_all(&plain, " ").into_owned();
        }
        if plain.contains('$') {
            plain = self.formula.replace_all(&plain, "$1").into_owned();
        }
        if plain.contains('[') {
            plain = self.bookmark.replace_all(&plain, "").into_owned();
        }
        let text = if plain.contains('\t') { plain.clone() } else { self.bullet.replace(&plain, "").into_owned() };
        let bullet = text != plain;
        Row {
            number,
            bullet,
            bookmark: plain.trim_start().starts_with(char::is_uppercase) && raw.trim_start().starts_with("[bookmark:"),
            text: text.trim_start_matches(' ').trim_end().to_owned(),
            gap: if raw.contains('\u{c}') { Gap::Page } else { Gap::None },
        }
    }
}

/// Page numbers, and what stands next to them or to page breaks on nearly all pages. `Page 3 of 14` says what it is; a number
/// alone on its line is that of a page only in a run of them, and any other one is a cell.
fn furniture(rows: &[Row]) -> HashSet<usize> {
    let numbered = regex(r"^(?i:page|стр\.?|страница|p\.)?-?(\d{1,4})-?(?i:(?:of|из|/)\d{1,4})?$");
    let complete = regex(r"^(?i:page|стр\.?|страница)\d{1,4}(?i:of|из|/)\d{1,4}$");
    let (mut furniture, mut runs): (HashSet<usize>, Vec<Vec<(u32, usize)>>) = Default::default();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_of_table() && !row.bullet) {
        let squashed: String = row.text.chars().filter(|c| !c.is_whitespace()).collect();
        if complete.is_match(&squashed) {
            furniture.insert(at);
        }
        let Some(number) = numbered.captures(&squashed).and_then(|found| found[1].parse::<u32>().ok()) else {
            continue;
        };
        let follows =
            |run: &Vec<(u32, usize)>| run.last().is_some_and(|(n, before)| n + 1 == number && at - before > 4);
        match runs.iter_mut().find(|run| follows(run)) {
            Some(run) => run.push((number, at)),
            None => runs.push(vec![(number, at)]),
        }
    }
    let runs = runs.into_iter().filter(|run| run.len() > 2).flatten();
    furniture.extend(runs.map(|(_, at)| at));

    // The line below a break, and the one above it.
    let is_blank = |at: &usize| rows[*at].text.is_empty() || furniture.contains(at);
    let breaks: Vec<usize> =
        (0..rows.len()).filter(|at| rows[*at].gap == Gap::Page || furniture.contains(at)).collect();
    let below = breaks.iter().filter_map(|at| (*at..rows.len()).find(|at| !is_blank(at)));
    let above = breaks.iter().filter_map(|at| (0..*at).rev().find(|at| !is_blank(at)));
    let mut running = Vec::new();
    for side in [below.collect::<HashSet<usize>>(), above.collect()] {
        let (pages, mut alike) = (side.len(), HashMap::<String, Vec<usize>>::new());
        for at in side.into_iter().filter(|at| !rows[*at].is_of_table()) {
            let key = key(&rows[at].text).chars().map(|c| if c.is_numeric() { '#' } else { c }).collect();
            alike.entry(key).or_default().push(at);
        }
        let is_on_most = |at: &Vec<usize>| at.len() > 2 && at.len() * 5 >= pages * 4;
        running.extend(alike.into_values().filter(is_on_most).flatten());
    }
    furniture.extend(running);
    furniture
}

/// A table that runs over several pages has its head on each.
fn without_repeated_heads(rows: Vec<Row>) -> Vec<Row> {
    let mut heads = HashSet::new();
    let (mut kept, mut gap) = (Vec::new(), Gap::None);
    for mut row in rows {
        row.gap = row.gap.max(std::mem::replace(&mut gap, Gap::None));
        if !row.is_of_table() {
            // Not the rest of a cell that was wrapped: the table ends.
            if !row.may_continue() || row.bullet {
                heads.clear();
            }
        } else if heads.contains(&key(&row.text)) {
            gap = Gap::Page;
            continue;
        } else if row.gap != Gap::None || heads.is_empty() {
            let cells = row.cells().into_iter().filter(|cell| !cell.is_empty()).count();
            if cells > 1 && !row.text.contains(|c: char| c.is_numeric()) {
                heads.insert(key(&row.text));
            }
        }
        kept.push(row);
    }
    kept
}

/// The lines that are compared, each under the nearest heading above. Those that are known to be of one row are joined; whether
/// others only were wrapped in another way is seen when they are compared.
pub(crate) fn lines(rows: &[Row], headings: &Headings, continued: &HashSet<usize>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let shown = row.cells().join(" | ").trim_matches([' ', '|']).replace(LOST, "<pre></pre>");
        match lines.last_mut().filter(|_| continued.contains(&row.number)) {
            Some(line) => {
                line.text = format!("{} {shown}", line.text);
                line.key.push_str(&key(&row.text));
            }
            None => {
                let heading = headings.range(..=row.number).next_back().map(|(_, heading)| heading.clone());
                let heading = heading.unwrap_or_default();
                lines.push(Line { number: row.number, text: shown, key: key(&row.text), heading });
            }
        }
    }
    // Bare markup of a cell that was lost.
    lines.retain(|line| !line.key.is_empty());
    lines
}

/// An operation at a row, `POST /call`, and how many rows it takes: a long path is wrapped, and so may the method be.
pub(crate) fn operation(rows: &[Row], at: usize) -> Option<(String, usize)> {
    let methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    let row = rows.get(at).filter(|row| !row.is_of_table() && !row.bullet)?;
    let squashed = squash(&row.text);
    let method = methods.into_iter().find(|method| squashed.starts_with(method))?;
    let mut path = squashed[method.len()..].to_owned();
    let is_of_path = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/{}_.-".contains(c));
    let mut taken = 1;
    while let Some(next) =
        rows.get(at + taken).filter(|next| next.gap == Gap::None && !next.is_of_table() && !next.bullet)
    {
        let rest = squash(&next.text);
        let is_rest = rest.starts_with('/') || path.matches('{').count() > path.matches('}').count();
        if !is_rest || !is_of_path(&rest) {
            break;
        }
        path.push_str(&rest);
        taken += 1;
    }
    let is_path = path.starts_with('/') && is_of_path(&path) && path.matches('{').count() == path.matches('}').count();
    is_path.then(|| (format!("{method} {path}"), taken))
}

/// The headings of a document of which nothing is known: operations, numbered titles, titles with a bookmark and addresses
/// in JSON; below those, short lines that stand alone.
pub(crate) fn headings(rows: &[Row]) -> Headings {
    let numbered = regex(r"^\d+(\.\d+)*\.?\s+\S");
    let address = regex(r#"^"content" : "\s*URL:\s*([^"]+)"$"#);
    let (mut headings, mut above) = (Headings::new(), String::new());
    for (at, row) in rows.iter().enumerate() {
        let ends_open = row.text.ends_with(['.', ':', ';', ',', '!', '?', '{', '}']);
        let is_short = row.text.chars().count() < 90 && !row.is_of_table() && !ends_open;
        let title = if let Some((operation, _)) = operation(rows, at) {
            Some(operation)
        } else if let Some(found) = address.captures(&row.text) {
            Some(found[1].trim().to_owned())
        } else if is_short && (row.bookmark || row.gap != Gap::None && !row.bullet && numbered.is_match(&row.text)) {
            Some(short(&row.text))
        } else {
            None
        };
        let begins = row.gap != Gap::None && !row.bullet && row.text.starts_with(|c: char| c.is_uppercase());
        // A longer one may be a sentence, unless it says what it is the title of.
        let is_title = match row.text.split_once(':') {
            Some((_, rest)) => rest.trim().contains(' ') && !rest.contains('='),
            None => row.text.chars().count() < 50 && !ends_open,
        };
        let is_title = begins && is_title && !row.is_of_table();
        match title {
            Some(title) => {
                above.clone_from(&title);
                headings.insert(row.number, title);
            }
            // The title of the operation that comes.
            None if is_title && (at..at + 5).any(|at| operation(rows, at).is_some()) => {
                above = short(&row.text);
                headings.insert(row.number, above.clone());
            }
            None if is_title && is_short => {
                let title = short(&row.text);
                let whole = if above.is_empty() { title } else { format!("{above} › {title}") };
                headings.insert(row.number, whole);
            }
            None => {}
        }
    }
    headings
}

/// A title, cut: it is kept where sentences aren't.
fn short(title: &str) -> String {
    let mut short = String::new();
    for word in title.split_whitespace() {
        if short.chars().count() + word.chars().count() > 50 {
            return short + "…";
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}
