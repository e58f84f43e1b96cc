//! What comes of each thing that a spec can say and progenitor can't, and the error when progenitor's output is not what
//! the interface has. A new case is a new file in `cases/`: its title, which item to show and how that ends, and a spec.

use std::{fmt::Write, fs, path::Path};

use crate::{generator, interface::Interface, load, print, raise, read};

fn case(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/raise/cases/{name}.yaml"));
    fs::read_to_string(path).unwrap()
}

fn interface(yaml: &str) -> Interface {
    let spec = load("case.yaml", yaml).unwrap_or_else(|e| panic!("{e}\n{yaml}"));
    read::read(&spec.document(), "test").unwrap()
}

/// The generated client of a case, from the line that it asks for to the end of that item.
fn check(yaml: &str) -> String {
    let interface = interface(yaml);
    let source = print::print(&raise::raise(generator::run(&interface).unwrap(), &interface).unwrap(), "test");

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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/raise/cases");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let names = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    // It is for the other test.
    let mut names: Vec<_> = names.filter(|name| name != "drift").collect();
    names.sort();
    let mut shown = String::new();
    for name in names {
        let yaml = case(&name);
        let _ = writeln!(shown, "{}\n\n{}", yaml.lines().next().unwrap(), check(&yaml));
    }
    insta::assert_snapshot!(shown);
}

/// Progenitor's output for `cases/drift.yaml` with one change that a new version might bring.
const DRIFT: &[(&str, &str, &str)] = &[
    ("another name for a type", "pub struct Other {", "pub struct Another {"),
    ("a type more", "pub struct Other {", "pub struct More; pub struct Other {"),
    ("a field under another name", "pub x_count:", "pub x_amount:"),
    ("a field is gone", "pub x_size: ::std::option::Option<i32>,", ""),
    ("another name for a builder", "pub struct GetThing", "pub struct GetTheThing"),
    (
        "a parameter more",
        "x_q: Result<::std::string::String, String>,",
        "x_q: Result<::std::string::String, String>, r: i32,",
    ),
    ("a parameter under another name", "x_id: Result<i64, String>,", "x_ident: Result<i64, String>,"),
    ("another name for a raw body", "body: Result<reqwest::Body, String>,", "payload: Result<reqwest::Body, String>,"),
    ("another name for a method", "pub async fn send(", "pub async fn call("),
    ("another type of results", "Result<ResponseValue<types::Thing>", "Result<Reply<types::Thing>"),
];

#[test]
fn drift_is_an_error_that_names_its_place() {
    let interface = interface(&case("drift"));
    let source = prettyplease::unparse(&syn::parse2(generator::run(&interface).unwrap()).unwrap());
    raise::raise(source.parse().unwrap(), &interface).unwrap_or_else(|e| panic!("unchanged: {e}"));

    let mut shown = String::new();
    for (name, find, replace) in DRIFT {
        assert!(source.contains(find), "{name}: `{find}` is not in progenitor's output\n{source}");
        let drifted = source.replacen(find, replace, 1).parse().unwrap_or_else(|e| panic!("{name}: {e}"));
        match raise::raise(drifted, &interface) {
            Ok(_) => panic!("{name}: not noticed"),
            Err(e) => {
                let _ = writeln!(shown, "{name}\n    {e}\n");
            }
        }
    }
    insta::assert_snapshot!(shown);
}
