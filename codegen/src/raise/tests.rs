//! What `raise` makes of each thing that `lower` takes away, and what it says when progenitor's output is not what was
//! planned for. A new rule is a new file in `cases/`.

use std::{fmt::Write, fs, path::Path};

use crate::{generator, lower, print, raise};

fn case(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/raise/cases/{name}.yaml"));
    fs::read_to_string(path).unwrap()
}

/// The generated client of a case, from the line that it asks for to the end of that item.
fn check(yaml: &str) -> String {
    let api = yaml_serde::from_str(yaml).unwrap_or_else(|e| panic!("{e}\n{yaml}"));
    let (lowered, plan) = lower::lower(&api, "test").unwrap();
    let source = print::print(&raise::raise(generator::run(&lowered).unwrap(), &plan).unwrap(), &plan);

    let wish = |key: &str| yaml.lines().find_map(|line| line.strip_prefix(key)).unwrap().trim();
    let (end, indent) = wish("# until:").rsplit_once(" indented by ").unwrap();
    let end = format!("{}{end}", " ".repeat(indent.parse().unwrap()));
    let mut shown = String::new();
    for line in source.lines().skip_while(|line| !line.contains(wish("# show:"))) {
        let _ = writeln!(shown, "{line}");
        if line == end {
            return shown;
        }
    }
    panic!("no `{}` … `{end}` in\n{source}", wish("# show:"));
}

#[test]
fn rules() {
    let names = [
        "failures",
        "nested_message",
        "optional_success",
        "two_successes",
        "empty_success",
        "multipart",
        "raw",
        "raw_send",
        "download",
        "envelope",
        "refusal",
        "refusal_itself",
        "success",
        "parameters",
        "enums",
        "known_values",
        "types",
        "checks",
        "demands",
        "demanding_choice",
        "demanding_request",
        "notations",
        "numbers",
        "number_newtype",
        "number_bodies",
        "status_map",
        "checked_secret",
        "tables",
        "json_schema_fields",
        "json_schema_newtype",
        "json_schema_enum",
    ];
    let mut shown = String::new();
    for name in names {
        let yaml = case(name);
        let _ = writeln!(shown, "{}\n\n{}", yaml.lines().next().unwrap(), check(&yaml));
    }
    insta::assert_snapshot!(shown);
    assert_eq!(
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/raise/cases")).unwrap().count(),
        names.len() + 1
    );
}

/// Progenitor's output for `cases/drift.yaml` with one change that a new version might bring.
const DRIFT: &[(&str, &str, &str)] = &[
    ("the header api-version has another name", "\"api-version\"", "\"x-api-version\""),
    ("a hook is gone", "client.pre(&mut request, &info).await?;", ""),
    ("a statement more", "let result = client.exec", "let extra = 1; let result = client.exec"),
    ("another name for the headers", "let mut header_map", "let mut headers"),
    ("another type of errors", "Error<()>", "Error<types::Thing>"),
    ("another name for a builder", "pub struct GetThing", "pub struct GetTheThing"),
    ("the request is built in another way", ".build()?;", ".build().unwrap();"),
    ("query parameters by another function", ".query(&progenitor_client", ".params(&progenitor_client"),
    ("an enum without FromStr", "impl ::std::str::FromStr for Owner", "impl ::std::str::FromStr for Other"),
    ("an optional list without a default", "#[serde(default, ", "#[serde("),
    ("a number under another name", "pub count:", "pub amount:"),
    ("another conversion from a builder", "TryFrom<Thing> for super::Thing", "TryFrom<Thing> for super::Other"),
    ("another type of a choice", "Thing(Thing)", "Thing(Other)"),
    ("other constructors", "pub fn new_with_client", "pub fn with_client"),
    ("another name for a raw body", "body: Result<reqwest::Body, String>,", "payload: Result<reqwest::Body, String>,"),
    ("another name for a checked string", "pub struct ThingLabel(", "pub struct Label("),
    ("a field with bounds is gone", "pub size: ", "pub amount: "),
    ("a parameter that is not checked", "let q = q.map_err(Error::InvalidRequest)?;", "let q = q.unwrap();"),
];

#[test]
fn drift_is_an_error_that_names_the_operation() {
    let api = yaml_serde::from_str(&case("drift")).unwrap();
    let (lowered, plan) = lower::lower(&api, "test").unwrap();
    let source = prettyplease::unparse(&generator::run(&lowered).unwrap());
    raise::raise(syn::parse_file(&source).unwrap(), &plan).unwrap_or_else(|e| panic!("unchanged: {e}"));

    let mut shown = String::new();
    for (name, find, replace) in DRIFT {
        assert!(source.contains(find), "{name}: `{find}` is not in progenitor's output\n{source}");
        let drifted = syn::parse_file(&source.replacen(find, replace, 1)).unwrap_or_else(|e| panic!("{name}: {e}"));
        match raise::raise(drifted, &plan) {
            Ok(_) => panic!("{name}: not noticed"),
            Err(e) => {
                let _ = writeln!(shown, "{name}\n    {e}\n");
            }
        }
    }
    insta::assert_snapshot!(shown);
}
