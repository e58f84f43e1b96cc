//! Security: stated by every operation, one scheme at most, of a kind that the session can fill in.
//! Who forgets it gets a build error, not a client that sends calls without a credential.

use super::Report;
use crate::{
    document::{Document, ObjectKind, is_token},
    nearest::nearest,
};

// An operation that inherits its security looks the same as one whose author forgot it.
pub(crate) fn operations_state_their_security(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in document.operations.iter().filter(|operation| !operation.at.has("security")) {
        let instead = "add `security` with the scheme, or `security: []` when the call needs no credential";
        report.add(&operation.at.pointer, "the operation doesn't state its security", instead);
    }
}

// The session picks one credential for an operation; a choice or a combination has no meaning to it.
pub(crate) fn requirements_are_one_scheme(document: &Document<'_>, report: &mut Report<'_>) {
    let declared = document.components("securitySchemes");
    let places = document.operations.iter().map(|operation| &operation.at).cloned().chain([document.root()]);
    for at in places {
        let requirements = at.items_of("security");
        if requirements.len() > 1 {
            let wrong = format!("{} alternatives of security", requirements.len());
            report.add(&format!("{}/security", at.pointer), wrong, "keep one");
        }
        for requirement in requirements {
            let schemes = requirement.entries();
            if schemes.len() != 1 {
                let wrong = format!("a security requirement of {} schemes", schemes.len());
                let instead = "name one scheme, or write `security: []` for none";
                report.add(&requirement.pointer, wrong, instead);
            }
            for (name, scopes) in schemes {
                if !declared.iter().any(|(known, _)| *known == name) {
                    let instead = match nearest(name, declared.iter().map(|(known, _)| *known)) {
                        Some(meant) => format!("write `{meant}`, or declare it under components/securitySchemes"),
                        None => "declare it under components/securitySchemes".to_owned(),
                    };
                    let wrong = format!("the security scheme `{name}` is not declared");
                    report.add(&scopes.pointer, wrong, instead);
                }
                if scopes.value.as_array().is_some_and(|scopes| !scopes.is_empty()) {
                    report.add(&scopes.pointer, "scopes are not supported", format!("write `{name}: []`"));
                }
            }
        }
    }
}

// What the session can send: a header with a value, with a word before it where the header has schemes, or a bearer.
pub(crate) fn schemes_are_supported(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::SecurityScheme) {
        let at = &node.at;
        match (at.text("type").unwrap_or_default(), at.text("in"), at.text("scheme")) {
            ("apiKey", Some("header"), _) => {
                let name = at.text("name").unwrap_or_default();
                if !name.trim().is_empty() && !is_token(name) {
                    let wrong = format!("`{name}` can't be the name of a header");
                    report.add(&at.pointer, wrong, "write letters, digits and hyphens");
                } else if name.trim().is_empty() {
                    report.add(&at.pointer, "the security scheme names no header", "add `name`");
                } else if name.eq_ignore_ascii_case("authorization") && !at.has("x-auth-scheme-word") {
                    let wrong = "an apiKey in Authorization without its scheme word";
                    report.add(&at.pointer, wrong, "add `x-auth-scheme-word`, the word before the key");
                }
                continue;
            }
            ("apiKey", location, _) => {
                let wrong = format!("an apiKey in `{}` is not supported", location.unwrap_or("nothing"));
                report.add(&at.pointer, wrong, "write `in: header`");
            }
            ("http", _, Some(scheme)) if scheme.eq_ignore_ascii_case("bearer") => {}
            ("http", _, scheme) => {
                let wrong = format!("the http scheme `{}` is not supported", scheme.unwrap_or("nothing"));
                report.add(&at.pointer, wrong, "write `scheme: bearer`, or an apiKey in a header");
            }
            (other, ..) => {
                let wrong = format!("security of the type `{other}` is not supported");
                report.add(&at.pointer, wrong, "write an apiKey in a header, or http bearer");
            }
        }
        if let Some(word) = at.get("x-auth-scheme-word") {
            report.add(&word.pointer, "`x-auth-scheme-word` belongs to an apiKey in a header", "leave it out");
        }
    }
}
