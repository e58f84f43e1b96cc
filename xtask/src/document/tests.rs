//! Two documents of our own, as extraction leaves them: a reference, and a handbook in prose. Noise alone is no difference; an
//! edit is exactly its fact and its lines, whatever the noise.

use std::collections::BTreeSet;

use super::{Described, Document, audit, compare, docdiff, lines, record};

const PARCELS: &str = include_str!("samples/parcels.txt");
const HANDBOOK: &str = include_str!("samples/handbook.txt");
const SPEC: &str = include_str!("samples/parcels.yaml");

const SEEDS: std::ops::Range<u64> = 1..31;

fn between(old: &Document, new: &Document) -> String {
    docdiff::docdiff(old, new, None)
}

fn document(text: &str) -> Document {
    Document::of_text("it", text)
}

/// What extraction does to a text.
struct Noise(u64);

impl Noise {
    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn over(seed: u64, text: &str) -> String {
        let mut noise = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let lines: Vec<String> = text.lines().flat_map(|line| noise.line(line)).collect();
        noise.pages(seed, &lines)
    }

    fn line(&mut self, line: &str) -> Vec<String> {
        let is_operation = line.starts_with("GET ") || line.starts_with("POST ");
        if line.trim().is_empty() || line.starts_with("```") || is_operation {
            return vec![line.to_owned()];
        }
        let mut line = line.to_owned();
        for bullet in ["- ", "• "] {
            if line.starts_with(bullet) && self.one_in(3) {
                line = line.replacen(bullet, ["• ", "– ", "* ", "· ", "- "][self.below(5)], 1);
            }
        }
        let words = line.split_inclusive(|c: char| !c.is_ascii_alphabetic()).map(|word| self.word(word));
        line = words.collect();
        if line.contains("optional") && self.one_in(5) {
            line = line.replace("optional", "opti onal");
        }
        for (plain, other) in [(" - ", " – "), ("«", "\""), ("»", "\""), ("'", "’"), (" ", "\u{a0}")] {
            if self.one_in(8) {
                line = line.replacen(plain, other, 1);
            }
        }
        if line.contains('\t') && self.one_in(10) {
            line.push('\t');
        }
        self.wrapped(&line)
    }

    /// Broken, or with letters that only look right.
    fn word(&mut self, word: &str) -> String {
        if word.len() > 9 && self.one_in(10) {
            let at = 2 + self.below(word.len() - 4);
            return format!("{}{}{}", &word[..at], [" ", "\u{ad}", "\u{200b}"][self.below(3)], &word[at..]);
        }
        if word.len() > 4 && self.one_in(12) {
            return word.replace('e', "е").replace('T', "Т").replace('o', "о").replace('p', "р");
        }
        word.to_owned()
    }

    fn wrapped(&mut self, line: &str) -> Vec<String> {
        let spaces: Vec<usize> = line.match_indices(' ').map(|(at, _)| at).filter(|at| *at > 25).collect();
        if line.len() < 60 || spaces.is_empty() || !self.one_in(3) {
            return vec![line.to_owned()];
        }
        let at = spaces[self.below(spaces.len())];
        vec![line[..at].to_owned(), line[at + 1..].to_owned()]
    }

    /// Pages, with a number or a break between them, and the head of a table again.
    fn pages(&mut self, seed: u64, lines: &[String]) -> String {
        let (mut out, mut head, mut page, mut left) = (Vec::new(), None, 1, 15);
        for (at, line) in lines.iter().enumerate() {
            let begins = at == 0 || lines[at - 1].is_empty();
            if begins && line.matches('\t').count() > 1 && !line.starts_with('\t') {
                head = Some(line.clone());
            } else if line.is_empty() {
                head = head.filter(|_| lines.get(at + 1).is_some_and(|next| next.contains('\t')));
            }
            out.push(line.clone());
            left -= 1;
            if left == 0 {
                left = 12 + self.below(12);
                match seed % 3 {
                    0 => out.extend(["", &page.to_string(), ""].map(str::to_owned)),
                    1 => out.extend(["", "\u{c}"].map(str::to_owned)),
                    _ => out.extend(["", &format!("Page {page} of 14"), "\u{c}Parcels, Ltd."].map(str::to_owned)),
                }
                page += 1;
                let is_in_table = line.contains('\t') && lines.get(at + 1).is_some_and(|next| next.contains('\t'));
                out.extend(head.clone().filter(|_| is_in_table));
            }
        }
        out.join("\n")
    }
}

#[test]
fn a_reference_is_read() {
    let document = document(PARCELS);
    let mut shown = String::new();
    for entry in document.entries.as_ref().unwrap() {
        let of = entry.of.to_string();
        let owner = entry.of.owner().to_string();
        let indent = if of == owner { "" } else { "  " };
        shown += &format!("{:4} {indent}{of}{}\n", entry.line, entry.details());
    }
    for line in &document.restored {
        shown += &format!("line {}: {}: {}\n", line.line, line.why, line.text);
    }
    insta::assert_snapshot!("reference", shown);
    assert_eq!(document.unread, []);
}

#[test]
fn the_headings_of_prose() {
    let headings: BTreeSet<String> = document(HANDBOOK).lines.into_iter().map(|line| line.heading).collect();
    insta::assert_debug_snapshot!("headings", headings);
}

#[test]
fn noise_is_no_difference() {
    for text in [PARCELS, HANDBOOK] {
        let old = document(text);
        for seed in SEEDS {
            let noisy = Noise::over(seed, text);
            assert_ne!(noisy, text);
            let found = between(&old, &document(&noisy));
            assert_eq!(found, "No difference.\n", "seed {seed}\n{noisy}");
        }
    }
}

/// Edits of the reference, each with the fact that it changes.
const EDITS: [(&str, &str, &str); 22] = [
    ("Version: v2", "Version: v3", "~ version v2 -> v3"),
    (
        "Tells whether the service is alive\n\nGET /ping",
        "Tells whether it is alive\n\nGET /health",
        "+ new: security none",
    ),
    ("since optional\tOnly", "since required\tOnly", "~ query parameter `since`: required no -> yes"),
    ("this mark\tinteger (int64)", "this mark\tstring", "~ query parameter `since`: type int64 -> string"),
    (
        "Query\tstatus",
        "Query\tlimit optional\tHow many\tinteger (int32)\nQuery\tstatus",
        "+ query parameter `limit`: int32",
    ),
    (
        "optional\tThe parcel and where it goes to\tParcelInputDT O",
        "optional\tThe address\tAddressDTO",
        "~ request body: type `ParcelInputDTO` -> `AddressDTO`",
    ),
    ("2 - there is no such courier 3-", "2 - there is no such courier 5 - it is closed 3-", "+ error code 5 of 404"),
    ("400\tThe input is invalid\tErrorDTO\n", "", "- response 400: `ErrorDTO`"),
    (
        "404\tThe parcel with this number was not found\tErrorDTO",
        "404\tThe parcel with this number was not found\tNo Content",
        "~ response 404: type `ErrorDTO` -> none",
    ),
    ("Unknown\tDepotAuth", "apiKey\tUserAuth", "~ security DepotAuth -> UserAuth"),
    (" 7 - the courier is busy elsewhere.", "", "- error code 7 of 409"),
    ("422\tThe photo", "429\tToo many of them\tErrorDTO\n422\tThe photo", "+ response 429: `ErrorDTO`"),
    ("FormDat a\tPhoto required", "FormDat a\tPhoto optional", "~ form parameter `Photo`: required yes -> no"),
    (
        "city required\tThe town\tstring\n",
        "city required\tThe town\tstring\ncountry optional\tThe country\tstring\n",
        "+ property `country`: string",
    ),
    ("errorCode required read-only", "errorCode required", "~ property `errorCode`: read-only yes -> none"),
    ("Maximal length: 200", "Maximal length: 500", "~ property `note`: maximum length 200 -> 500"),
    ("Cold, ThisSideU p", "Cold, Live, ThisSideU p", "+ value `Live` of `labels`"),
    ("OnItsWay, Delivered)\t(New,", "OnItsWay)\t(New,", "- value `Delivered` of `status`"),
    ("weight optional\tIn kilograms, with its wrapping\tnumber (double)\n", "", "- property `weight`: double"),
    ("fragile optional", "fragile required", "~ property `fragile`: required no -> yes"),
    ("Minimum value : 0.1", "Minimum value : 0.2", "~ property `weight`: minimum 0.1 -> 0.2"),
    ("\nUnused\n\nNothing refers to this one", "\nSpare\n\nNothing refers to this one", "+ new"),
];

fn edited(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} has to stand once");
    text.replace(from, to)
}

/// The facts that changed, one per line.
fn facts(old: &Document, new: &Document) -> Vec<String> {
    let changes = compare(old.entries.as_ref().unwrap(), new.entries.as_ref().unwrap());
    changes.iter().map(ToString::to_string).collect()
}

#[test]
fn an_edit_is_its_fact() {
    for (from, to, fact) in EDITS {
        let new = edited(PARCELS, from, to);
        let mut found = facts(&document(PARCELS), &document(&new));
        // What has another name is gone under the old one.
        found.retain(|fact| !fact.starts_with("- gone"));
        assert_eq!(found, [fact], "{to}");
    }
}

#[test]
fn edits_show_through_noise() {
    let all = EDITS.iter().fold(PARCELS.to_owned(), |text, (from, to, _)| edited(&text, from, to));
    let expected: BTreeSet<String> = EDITS.iter().map(|(.., fact)| (*fact).to_owned()).collect();
    let (old, quiet) = (document(PARCELS), between(&document(PARCELS), &document(&all)));
    insta::assert_snapshot!("edits", quiet);
    for seed in SEEDS {
        let noisy = document(&Noise::over(seed, &all));
        let found: BTreeSet<String> =
            facts(&old, &noisy).into_iter().filter(|fact| !fact.starts_with("- gone")).collect();
        assert_eq!(found, expected, "seed {seed}");
        assert_eq!(noisy.unread, [], "seed {seed}");
        assert_eq!(headline(&between(&old, &noisy)), headline(&quiet), "seed {seed}");
    }
}

fn headline(text: &str) -> Option<&str> {
    text.lines().find(|line| line.starts_with("Lines"))
}

/// Edits of the prose, with the lines that are new.
const PROSE: [(&str, &str, &[&str]); 6] = [
    (
        "at least five characters",
        "at least eight characters",
        &["password | string | + | Its password, at least eight characters long"],
    ),
    (
        "remember\tboolean\t-",
        "remember\tboolean\t+",
        &["remember | boolean | + | Whether the token should live longer than a day"],
    ),
    ("Method: GET", "Method: PUT", &["Method: PUT"]),
    ("\t404\n", "\t410\n", &["410"]),
    ("\"login\": \"anna\"", "\"name\": \"anna\"", &["\"name\": \"anna\","]),
    (
        "- take one back.",
        "- take one back;\n- change where it goes to.",
        &["take one back;", "change where it goes to."],
    ),
];

#[test]
fn an_edit_of_prose_is_its_lines() {
    let old = document(HANDBOOK);
    for (from, to, lines) in PROSE {
        let new = edited(HANDBOOK, from, to);
        for text in SEEDS.map(|seed| Noise::over(seed, &new)).chain([new.clone()]) {
            let found = between(&old, &document(&text));
            let shown = found.lines().filter_map(|line| Some(lines::squash(line.strip_prefix("  +")?.get(7..)?)));
            // A wrapped line is shown in two.
            let shown: String = shown.collect();
            let expected: String = lines.iter().map(|line| lines::squash(line)).collect();
            let tidy = |text: String| text.replace(['-', '|', '\u{200b}', '\u{ad}'], "");
            assert_eq!(tidy(shown), tidy(expected), "{found}");
        }
    }
}

#[test]
fn a_number_alone_may_be_a_cell() {
    let text = "Errors\n\n401\n\nNot signed in\n\n404\n\nNot found\n";
    let found = between(&document(text), &document(&text.replace("404", "410")));
    assert!(found.contains("+    7  410"), "{found}");
}

/// However few pages there are.
#[test]
fn the_number_of_a_page_may_say_so() {
    for number in ["Page 3 of 4", "стр. 3 из 4", "Page 3/4"] {
        let noisy =
            edited(PARCELS, "street optional", &format!("\n{number}\n\u{c}Name\tDescription\tSchema\nstreet optional"));
        assert_eq!(between(&document(PARCELS), &document(&noisy)), "No difference.\n", "{number}");
    }
    let found = between(&document(HANDBOOK), &document(&format!("{HANDBOOK}\nPage 3\n")));
    assert!(found.contains("Page 3"), "{found}");
}

#[test]
fn what_is_repeated_does_not_drown_the_rest() {
    let list = |text: &str| format!("{text}\n\n- application/json\n- application/xml\n- text/json\n\n");
    let old = ["One", "Two", "Three", "Four"].map(list).concat();
    let new = ["Four", "One", "Two", "Three!"].map(list).concat();
    insta::assert_snapshot!("moved", between(&document(&old), &document(&new)));
}

#[test]
fn a_record_stands_for_the_old_side() {
    let printed = record::print(&document(PARCELS)).unwrap();
    // Names and titles, and no sentences.
    for sentence in ["as it is printed", "handed over", "what the server takes", "before they touch", "no such depot"] {
        assert!(PARCELS.contains(sentence) && !printed.contains(sentence), "{sentence}");
    }
    let old = record::parse("parcels", &printed).unwrap();
    assert_eq!(old.entries, without_lines(&document(PARCELS)));
    for seed in SEEDS {
        let found = between(&old, &document(&Noise::over(seed, PARCELS)));
        assert_eq!(found, "No difference.\n", "seed {seed}");
    }
    let new = EDITS[5..9].iter().fold(PARCELS.to_owned(), |text, (from, to, _)| edited(&text, from, to));
    insta::assert_snapshot!("recorded", between(&old, &document(&new)));
    insta::assert_snapshot!("record", printed);
    let other = printed.replace("\"version\": 1", "\"version\": 0");
    assert!(record::parse("parcels", &other).unwrap_err().contains("another version"));
}

fn without_lines(document: &Document) -> Option<Vec<super::Entry>> {
    let mut entries = document.entries.clone()?;
    entries.iter_mut().for_each(|entry| entry.line = 0);
    Some(entries)
}

/// The same rows, torn in other places.
const TORN: [(&str, &str); 8] = [
    ("enum (Left, Taken)", "enum\n(Left, Taken)"),
    ("enum (Left, Taken)", "enum (Left,\n\u{c}Taken)"),
    ("descriptionFo rDepotWork ers optional", "descriptionFo\nrDepotWork ers optional"),
    ("ParcelInputDT O", "ParcelInputDT\nO"),
    ("200\tThe parcel was taken\t", "\tThe parcel was\t\n200\ttaken\t"),
    ("200\tThe parcel was handed over\t", "200\tThe parcel was\t\n\thanded over\t"),
    ("POST /parcel/{id}/handover", "POST /parcel/{id}\n/handover"),
    ("What was done there\t", "What was\n\ndone there\t"),
];

#[test]
fn rows_may_be_torn_elsewhere() {
    for (from, to) in TORN {
        let new = document(&edited(PARCELS, from, to));
        assert_eq!(facts(&document(PARCELS), &new), Vec::<String>::new(), "{to}");
        assert_eq!(new.unread, [], "{to}");
    }
}

#[test]
fn prose_may_be_wrapped_elsewhere() {
    let wrapped = |width: usize| {
        let mut out = String::new();
        for line in HANDBOOK.lines() {
            let mut column = 0;
            for word in line.split_inclusive(' ') {
                if column + word.len() > width && !line.contains('\t') && column > 0 {
                    (out, column) = (out.trim_end().to_owned() + "\n", 0);
                }
                out.push_str(word);
                column += word.len();
            }
            out.push('\n');
        }
        out
    };
    for width in [15, 30, 45, 70] {
        assert_eq!(between(&document(HANDBOOK), &document(&wrapped(width))), "No difference.\n", "{width}");
        let recorded = record::parse("it", &record::print(&document(&wrapped(width))).unwrap()).unwrap();
        assert_eq!(between(&recorded, &document(HANDBOOK)), "No difference.\n", "{width}");
    }
}

/// What can't be read, and what is said of it.
const UNREADABLE: [(&str, &str, &str); 13] = [
    (
        "Query\tsince optional\tOnly what changed after this mark\tinteger",
        "Query since optional Only what integer",
        "neither a row",
    ),
    ("Query\tsince optional", "\tsince optional", "a row without what it begins with"),
    ("Query\tsince optional", "Query\tsince", "neither required nor optional"),
    ("422\tThe photo can't", "4Z2\tThe photo can't", "a row without what it begins with"),
    ("server takes\tNo Content", "server takes\t", "a row without a type"),
    ("when it falls\tboolean", "when it falls\tboolea n(", "a row without a type"),
    ("fragile optional", "fragile opitonal", "a row without what it begins with"),
    ("200\tIt is\tstring", "200\tIt is\tStrnig", "response 200: `Strnig` isn't defined"),
    ("rierAuth\n1", "xyz\n1", "the security scheme"),
    ("apiKey\tCourierAuth", "apiKey\t§§", "not the name of a security scheme"),
    ("Unused\n\nNothing", "Un§used\n\nNothing", "not the name of a definition"),
    ("GET /ping", "GET ping", "neither a row, a tag nor a media type"),
    ("street optional", "city optional", "stands there a second time"),
];

#[test]
fn an_unreadable_line_is_reported() {
    for (from, to, why) in UNREADABLE {
        let new = document(&edited(PARCELS, from, to));
        let found = between(&document(PARCELS), &new);
        let reported = new.unread.iter().any(|unread| unread.why.contains(why));
        assert!(reported && found.contains("can't be read") && found.contains(why), "{to}: {found}");
        // Of a record, what can't be read is known as well.
        let recorded = record::parse("it", &record::print(&new).unwrap()).unwrap();
        assert_eq!(recorded.unread.len(), new.unread.len());
    }
}

#[test]
fn headings_and_heads_may_be_lost() {
    let old = document(PARCELS);
    for lost in
        ["Responses\n", "Produces\n", "Consumes\n", "Parameters\n", "\nName\tDescription\tSchema", "Туре\tName\n"]
    {
        let new = document(&PARCELS.replace(lost, ""));
        assert_eq!(facts(&old, &new), Vec::<String>::new(), "{lost}");
        assert_eq!(new.unread, [], "{lost}");
    }
}

#[test]
fn an_audit() {
    let spec = casewire_codegen::load("specs/parcels.yaml", SPEC).unwrap();
    let spec = Described::of("parcels", &spec).unwrap();
    let document = document(PARCELS);
    let (report, is_explained) = audit::audit(&document, document.entries.as_ref().unwrap(), &spec);
    insta::assert_snapshot!("audit", report);
    assert!(!is_explained);
    let all = EDITS.iter().fold(PARCELS.to_owned(), |text, (from, to, _)| edited(&text, from, to));
    let found = docdiff::docdiff(&document, &Document::of_text("new", &all), Some(&spec));
    insta::assert_snapshot!("placed", found.split("\nLines").next().unwrap());
}

/// What the contractor's document says, its spec says, or a mark of the spec explains.
#[test]
fn the_spec_of_the_recorded_reference() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (report, is_explained) = super::audit(root, "contractor", None).unwrap();
    assert!(is_explained, "{report}");
    for name in ["callback", "crpt-pdf", "crpt-web", "legalcase"] {
        assert!(!Document::read(root, name).unwrap().lines.is_empty());
        assert!(super::audit(root, name, None).unwrap_err().contains("no tables of operations"));
    }
}
