//! What `load` and `check` say about specs that can't be used: at least one case per rule, in one snapshot that can be read
//! from top to bottom. And that they say it with a place, and never panic, whatever they are given.

use std::fmt::Write;

use casewire_codegen::{Violations, check, load};

const BASE: &str = include_str!("cases/base.yaml");

/// What is done to the base, one case under each `##`: lines taken out (`-`) and put in (`+`) behind lines that stay.
/// Between two `@@`s, the old lines stand exactly once in the base.
const CASES: &[(&str, &str)] = &[
    ("yaml", include_str!("cases/yaml.diff")),
    ("keywords", include_str!("cases/keywords.diff")),
    ("texts", include_str!("cases/texts.diff")),
    ("names", include_str!("cases/names.diff")),
    ("references", include_str!("cases/references.diff")),
    ("bodies", include_str!("cases/bodies.diff")),
    ("responses", include_str!("cases/responses.diff")),
    ("parameters", include_str!("cases/parameters.diff")),
    ("security", include_str!("cases/security.diff")),
    ("schemas", include_str!("cases/schemas.diff")),
    ("extensions", include_str!("cases/extensions.diff")),
    ("envelopes", include_str!("cases/envelopes.diff")),
    ("examples", include_str!("cases/examples.diff")),
];

fn violations(yaml: &str) -> Result<(), Violations> {
    check(&load("base.yaml", yaml)?)
}

#[test]
fn the_base_has_no_violations() {
    if let Err(violations) = violations(BASE) {
        panic!("{violations}");
    }
}

#[test]
fn messages() {
    let mut shown = String::new();
    for (group, cases) in CASES {
        for case in cases.split("## ").skip(1) {
            let Some((name, hunks)) = case.split_once('\n') else { panic!("{group}: {case}: no hunk below the name") };
            let yaml = hunks.split("@@\n").fold(BASE.to_owned(), |yaml, hunk| patched(&yaml, hunk, name));
            let Err(violations) = violations(&yaml) else { panic!("{group}: {name}: nothing is found") };
            let _ = writeln!(shown, "## {group}: {name}\n{violations}\n");
        }
    }
    insta::assert_snapshot!("messages", shown);
}

fn patched(yaml: &str, hunk: &str, name: &str) -> String {
    let side = |mark: char| {
        let lines = hunk.lines().filter(|line| line.starts_with([' ', mark]));
        lines.map(|line| format!("\n{}", &line[1..])).collect::<String>() + "\n"
    };
    // A line break in front, so that only whole lines match.
    let (yaml, old, new) = (format!("\n{yaml}"), side('-'), side('+'));
    assert_eq!(yaml.matches(&old).count(), 1, "{name}: these lines have to stand once in the base:{old}");
    yaml.replacen(&old, &new, 1)[1..].to_owned()
}

/// Files that are not specs at all.
const OTHERS: &[(&str, &str)] = &[
    ("nothing", ""),
    ("blank lines", "\n\n"),
    ("a comment", "# nothing\n"),
    ("a document marker", "---\n"),
    ("an end of a document", "...\n"),
    ("a word", "parcel\n"),
    ("a number", "17\n"),
    ("null", "null\n"),
    ("a list", "- openapi: 3.0.3\n"),
    ("an empty mapping", "{}\n"),
    ("another mapping", "parcel: 1\n"),
    ("only the version", "openapi: 3.0.3\n"),
    ("a version that is a mapping", "openapi: {major: 3}\n"),
    ("wrong types throughout", "openapi: 3.0.3\ninfo: []\npaths: 1\ncomponents: a\nservers: {}\ntags: [1]\n"),
    ("JSON", "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"a\"}, \"paths\": {}}"),
    ("broken JSON", "{\"openapi\": \"3.0.3\",, \"info\": }"),
    ("binary", "\u{0}\u{1}\u{2}"),
    ("XML", "<openapi version=\"3.0.3\"/>\n"),
    ("a byte order mark", "\u{feff}openapi: 3.0.3\n"),
    ("an alias of itself", "openapi: &a [*a]\n"),
    ("not a number", "openapi: 3.0.3\ninfo: {title: .nan, version: .inf}\npaths: {}\n"),
    ("a number beyond 64 bits", "openapi: 123456789012345678901234567890\n"),
];

#[test]
fn other_files() {
    let mut shown = String::new();
    for (name, text) in OTHERS {
        let Err(violations) = violations(text) else { panic!("{name}: nothing is found") };
        let _ = writeln!(shown, "## {name}\n{violations}\n");
    }
    insta::assert_snapshot!("others", shown);
}

#[test]
fn a_small_spec_is_enough() {
    let small = "openapi: 3.0.3\ninfo: {title: a, version: b}\npaths: {}\n";
    if let Err(violations) = violations(small) {
        panic!("{violations}");
    }
}

/// Whatever is loaded, the result is `Ok`, or violations with a place in it.
fn copes_with(yaml: &str) {
    let Err(violations) = violations(yaml) else { return };
    assert!(violations.iter().count() > 0, "no violation in an error about:\n{yaml}");
    let lines = yaml.lines().count().max(1);
    for violation in &violations {
        assert!((1..=lines + 1).contains(&violation.line), "not a line: {violation}");
        assert!(violation.column >= 1, "not a column: {violation}");
        assert!(!violation.message.is_empty() && !violation.to_string().contains('\n'), "not a line: {violation}");
    }
}

fn lines() -> Vec<&'static str> {
    BASE.lines().collect()
}

#[test]
fn cut_off_anywhere() {
    let lines = lines();
    for end in 0..=lines.len() {
        copes_with(&lines[..end].join("\n"));
    }
    for (end, _) in BASE.char_indices().step_by(19) {
        copes_with(&BASE[..end]);
    }
}

#[test]
fn without_any_one_line() {
    for without in 0..lines().len() {
        let mut lines = lines();
        lines.remove(without);
        copes_with(&lines.join("\n"));
    }
}

/// The mutants in `fuzz/` go further.
#[test]
fn with_any_value_replaced() {
    let values = ["", "-1", "true", "[]", "a", "{$ref: '#/components/schemas/Parcel'}"];
    for (number, line) in lines().iter().enumerate() {
        let Some((key, _)) = line.split_once(": ") else { continue };
        for value in [values[number % 6], values[(number + 1) % 6]] {
            let replaced = format!("{key}: {value}");
            let mut lines = lines();
            lines[number] = &replaced;
            copes_with(&lines.join("\n"));
        }
    }
}

#[test]
fn with_any_line_indented_otherwise() {
    for number in 0..lines().len() {
        let (more, less) = (format!("  {}", lines()[number]), lines()[number].replacen("  ", "", 1));
        for line in [&more, &less] {
            let mut lines = lines();
            lines[number] = line;
            copes_with(&lines.join("\n"));
        }
    }
}

#[test]
fn nested_without_end() {
    for depth in [10, 36, 100, 5_000] {
        copes_with(&format!("openapi: 3.0.3\nx-a: {}{}\n", "[".repeat(depth), "]".repeat(depth)));
        copes_with(&"- ".repeat(depth));
        let chain = format!("{}{{type: string}}{}", "{type: array, items: ".repeat(depth), "}".repeat(depth));
        copes_with(&BASE.replacen("{type: string}", &chain, 1).replacen(
            "x-any: true",
            &format!("{{items: {chain}}}"),
            1,
        ));
        copes_with(&BASE.replacen("        text:\n", &format!("        chain: {chain}\n        text:\n"), 1));
    }
    let laughs = (1..12).fold("a0: &a0 [ha]\n".to_owned(), |text, level| {
        format!("{text}a{level}: &a{level} [{}]\n", format!("*a{},", level - 1).repeat(9))
    });
    copes_with(&laughs);
}

/// However many schemas a path leads through, the stack does not grow with it.
#[test]
fn thousands_of_schemas() {
    let many = (0..3_000).map(|number| {
        let next = number + 1;
        format!("    S{number}x: {{type: object, properties: {{next: {{$ref: '#/components/schemas/S{next}x'}}}}}}\n")
    });
    let last = "    S3000x: {type: object, properties: {text: {type: string, x-error-message: true}}}\n";
    let yaml =
        BASE.replacen("    Failure:\n", &format!("{}{last}    Failure:\n", many.collect::<String>()), 1).replacen(
            "          x-error-code: true\n",
            "          x-error-code: true\n        first: {$ref: '#/components/schemas/S0x'}\n",
            1,
        );
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let found = small.spawn(move || violations(&yaml).unwrap_err()).unwrap().join().unwrap();
    assert!(found.iter().all(|violation| violation.message.contains("doesn't say where it is documented")), "{found}");
}

/// Editors of Windows write one.
#[test]
fn a_byte_order_mark_is_read_over() {
    if let Err(violations) = violations(&format!("\u{feff}{BASE}")) {
        panic!("{violations}");
    }
}

/// Examples of a number that comes in both forms may be in either.
#[test]
fn a_number_as_a_string() {
    let marked = BASE
        .replacen("          maximum: 28\n", "          maximum: 28\n          x-numeric-string: true\n", 1)
        .replacen("            weight: 3\n", "            weight: '3'\n", 1);
    assert_ne!(marked, BASE);
    if let Err(violations) = violations(&marked) {
        panic!("{violations}");
    }
}

#[test]
fn all_violations_at_once_in_the_order_of_the_file() {
    let yaml = BASE
        .replacen("      summary: Get a parcel\n", "", 1)
        .replacen("required: [id]", "requried: [id]", 1)
        .replacen("operationId: createParcel", "operationId: create_parcel", 1);
    let Err(violations) = violations(&yaml) else { panic!("three rules are violated") };
    let places: Vec<_> = violations.iter().map(|v| (v.line, v.operation.as_deref())).collect();
    let operations = [Some("POST /parcel (create_parcel)"), Some("GET /parcel/{id} (getParcel)"), None];
    assert_eq!(places.iter().map(|(_, operation)| *operation).collect::<Vec<_>>(), operations);
    assert!(places.is_sorted(), "{places:?}");
}
