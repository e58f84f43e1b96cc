//! The cells of a reference: names, types, constraints and error codes, in squashed text.

use regex_lite::Regex;

use super::{
    super::{
        lines::{LOST, fold, regex, squash},
        structure::Aspect,
    },
    is_name,
};

/// A type as a cell has it.
pub(super) struct Ty {
    pub(super) name: String,
    pub(super) values: Vec<String>,
    /// Whether its parts were in another order.
    pub(super) is_restored: bool,
}

impl Ty {
    /// The name of the definition in it.
    pub(super) fn leaf(&self) -> &str {
        self.name.split('`').nth(1).unwrap_or_default()
    }

    pub(super) fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), values: Vec::new(), is_restored: false }
    }
}

/// What cells are known by. All of it is applied to squashed texts.
pub(super) struct Patterns {
    pub(super) head: Regex,
    pub(super) media: Regex,
    pub(super) media_rest: Regex,
    pub(super) scalar: Regex,
    pub(super) list: Regex,
    pub(super) map: Regex,
    pub(super) values: Regex,
    /// `enum InProgress, Processed)` and `(Draft,` in the next cell.
    pub(super) scrambled: Regex,
    /// What stands before a list of error codes.
    pub(super) markers: [String; 2],
    pub(super) code: Regex,
    pub(super) constraints: Vec<(Regex, &'static [Aspect])>,
}

impl Patterns {
    pub(super) fn new() -> Self {
        // Folded, as the text is.
        let limits = format!(r"(?:{}|(?i:numberfrom|valuefrom))(\d+)(?:{}|(?i:to))(\d+)", fold("числоот"), fold("до"));
        Self {
            head: regex(r"^(?i)(httpcode|type|name|description|schema|default|scopes|links|headers){2,}$"),
            media: regex(r"^(?i)[a-z*]+/[a-z0-9;.=+*/_-]+$"),
            media_rest: regex(r"^(?i)[a-z0-9;.=+_-]+$"),
            scalar: regex(r"^(string|integer|number|boolean|object|file)(?:\((.*)\))?$"),
            list: regex(r"^<(.+)>array(?:\(.*\))?$"),
            map: regex(r"^<string,(.+)>map$"),
            values: regex(r"^enum\(([^()]+)\)$"),
            scrambled: regex(r"^enum([^()]+)\)\(([^()]+,)$"),
            markers: [fold("кодыошибок"), "errorcodes".to_owned()],
            code: regex(r"(\d{1,6})-"),
            constraints: vec![
                (regex(r"Minimumlength:(\d+)"), &[Aspect::MinLength]),
                (regex(r"Maxim(?:al|um)length:(\d+)"), &[Aspect::MaxLength]),
                (regex(r"Length:(\d+)-(\d+)"), &[Aspect::MinLength, Aspect::MaxLength]),
                (regex(r"Minimumvalue:(-?[\d.]+\d|-?\d)"), &[Aspect::Minimum]),
                (regex(r"Maxim(?:al|um)value:(-?[\d.]+\d|-?\d)"), &[Aspect::Maximum]),
                (regex(&limits), &[Aspect::Minimum, Aspect::Maximum]),
                (regex(r#"Pattern:"(.*)""#), &[Aspect::Pattern]),
            ],
        }
    }

    /// A name, and what stands behind it.
    pub(super) fn name(&self, cell: &str) -> (String, Vec<&'static str>) {
        let (mut name, mut words) = (squash(cell), Vec::new());
        while let Some((word, rest)) =
            ["required", "optional", "read-only"].into_iter().find_map(|word| Some((word, name.strip_suffix(word)?)))
        {
            words.push(word);
            name = rest.to_owned();
        }
        (name, words)
    }

    pub(super) fn is_name_cell(&self, cell: &str) -> bool {
        let (name, words) = self.name(cell);
        !words.is_empty() && is_name(&name)
    }

    /// A type; nothing of what isn't one.
    pub(super) fn ty(&self, squashed: &str) -> Option<Ty> {
        if !squashed.is_empty() && squashed.chars().all(|c| c == LOST) {
            return Some(Ty::named("unknown"));
        }
        if squashed.eq_ignore_ascii_case("nocontent") {
            return Some(Ty::named("none"));
        }
        for (pattern, of) in [(&self.list, "list of"), (&self.map, "map of")] {
            if let Some(found) = pattern.captures(squashed) {
                let inner = self.ty(&found[1])?;
                return Some(Ty { name: format!("{of} {}", inner.name), ..inner });
            }
        }
        if let Some(found) = self.values.captures(squashed).or_else(|| self.scrambled.captures(squashed)) {
            let is_restored = found.len() > 2;
            let values = format!("{}{}", found.get(2).map_or("", |begin| begin.as_str()), &found[1]);
            let values = values.split(',').filter(|value| !value.is_empty()).map(str::to_owned).collect();
            return Some(Ty { name: "enum".to_owned(), values, is_restored });
        }
        if let Some(found) = self.scalar.captures(squashed) {
            let name = match (&found[1], found.get(2).map(|format| format.as_str())) {
                ("string", Some("byte")) => "Base64".to_owned(),
                ("string", Some(format @ ("date" | "date-time"))) => format.to_owned(),
                ("integer", Some(format @ ("int32" | "int64"))) => format.to_owned(),
                ("number", Some(format @ ("float" | "double"))) => format.to_owned(),
                ("file", None) => "bytes".to_owned(),
                ("object", None) => "any JSON".to_owned(),
                (ty, None) => ty.to_owned(),
                (ty, Some(format)) => format!("{ty} ({format})"),
            };
            return Some(Ty::named(name));
        }
        is_name(squashed).then(|| Ty::named(format!("`{squashed}`")))
    }

    /// The error codes that a description lists.
    pub(super) fn codes(&self, description: &str) -> Vec<String> {
        let squashed = squash(&description.to_lowercase());
        let list = self.markers.iter().find_map(|marker| Some(squashed.split_once(marker.as_str())?.1));
        list.map(|list| self.code.captures_iter(list).map(|found| found[1].to_owned()).collect()).unwrap_or_default()
    }

    pub(super) fn constraints(&self, description: &str) -> Vec<(Aspect, String)> {
        let squashed = squash(description);
        let found =
            self.constraints.iter().filter_map(|(pattern, aspects)| Some((pattern.captures(&squashed)?, aspects)));
        let values = found.flat_map(|(found, aspects)| {
            aspects
                .iter()
                .enumerate()
                .map(move |(at, aspect)| (*aspect, found[at + 1].replace("\\$", "$").replace("\\\\", "\\")))
        });
        values.collect()
    }
}
