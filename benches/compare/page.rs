//! `docs/performance.md`: a section for each part, with the machine and the versions that it was measured with. What the command
//! didn't measure stays as it is, and so do sections that it doesn't know.

use std::{fmt, fs, path::Path, process::Command};

use crate::PARTS;

/// Something that can be measured.
pub struct Part {
    pub name: &'static str,
    /// The heading of its section.
    pub title: &'static str,
    pub measure: fn() -> Section,
}

/// What was measured, as text and tables.
#[derive(Default)]
pub struct Section {
    parts: Vec<String>,
    /// What is over its budget, one line each.
    over: Vec<String>,
}

/// Something that was measured, and what it may be.
#[derive(Clone, Copy)]
pub struct Limits {
    pub goal: f64,
    /// The measured ratio and 3 %: more is a regression.
    pub budget: f64,
}

impl Section {
    pub fn text(&mut self, text: &str) {
        self.parts.push(text.to_owned());
    }

    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>]) {
        let line = |cells: &mut dyn Iterator<Item = String>| format!("| {} |", cells.collect::<Vec<_>>().join(" | "));
        let mut lines = vec![
            line(&mut head.iter().map(|cell| (*cell).to_owned())),
            line(&mut head.iter().enumerate().map(|(at, _)| if at == 0 { "---" } else { "---:" }.to_owned())),
        ];
        lines.extend(rows.iter().map(|row| line(&mut row.iter().cloned())));
        self.parts.push(lines.join("\n"));
    }

    /// Notes a ratio that is over its budget.
    pub fn hold(&mut self, what: &str, ratio: f64, limits: Limits) {
        if ratio > limits.budget {
            self.over.push(format!("{what}: {ratio:.3} ×, and its budget is {:.3} ×", limits.budget));
        }
    }

    /// Whether something is over its budget, which is said.
    pub fn is_over(&self) -> bool {
        self.over.iter().for_each(|line| eprintln!("{line}"));
        !self.over.is_empty()
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.parts.join("\n\n"))
    }
}

const HEAD: &str = "# What it costs

How much more casewire costs than code for the same calls that is written by hand with reqwest and serde, with the same
timeouts and the same features of reqwest. Both are in `benches/`, the server is a process of its own and sends fixed bytes.
`cargo bench --package casewire-bench` measures both in one run and writes this page; `-- calls decode` measures these parts alone
(`calls`, `decode`, `in-flight`, `transfers`, `sandbox`). A ratio above 1 is what casewire costs more.";

/// Writes the page, with what it said before of parts that were not measured.
pub fn write(measured: &[(&Part, Section)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/performance.md");
    let before = fs::read_to_string(&path).unwrap_or_default();
    let mut before: Vec<(&str, &str)> = before
        .split("\n## ")
        .skip(1)
        .map(|section| section.split_once('\n').unwrap_or((section, "")))
        .map(|(title, text)| (title, text.trim()))
        .collect();
    let mut page = HEAD.to_owned();
    for part in &PARTS {
        let old = before.iter().position(|(title, _)| *title == part.title).map(|at| before.remove(at).1.to_owned());
        let new = measured.iter().find(|(of, _)| of.name == part.name);
        let new = new.map(|(_, section)| format!("{section}\n\n{}", measured_with()));
        if let Some(text) = new.or(old) {
            page.push_str(&format!("\n\n## {}\n\n{text}", part.title));
        }
    }
    for (title, text) in before {
        page.push_str(&format!("\n\n## {title}\n\n{text}"));
    }
    fs::write(&path, page + "\n").unwrap();
    eprintln!("wrote {}", path.display());
}

/// The machine, the versions and the commit.
fn measured_with() -> String {
    let first_line = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success());
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        text.and_then(|text| text.lines().next().map(str::to_owned))
    };
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let names = cpus.lines().filter_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let names: Vec<_> = names.map(|(_, name)| name.trim()).collect();
    let (count, name) = (names.len(), names.first().unwrap_or(&"an unknown processor"));
    let system = first_line("uname", &["-sr"]).unwrap_or_default();
    let rustc = first_line("rustc", &["--version"]).unwrap_or_default();
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).unwrap_or_default();
    let version = |name: &str| {
        let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        rest.split('"').next().map(|version| format!("{name} {version}"))
    };
    let crates: Vec<_> = ["reqwest", "hyper", "tokio", "serde_json", "jiff"].into_iter().filter_map(version).collect();
    let commit = first_line("git", &["describe", "--always", "--dirty", "--exclude=*"]);
    let commit = commit.map(|commit| format!("; at {commit}")).unwrap_or_default();
    format!("Measured on {count} × {name}, {system}, with {rustc}, {}{commit}.", crates.join(", "))
}
