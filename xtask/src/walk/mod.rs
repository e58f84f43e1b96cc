//! The path of a change, as CONTRIBUTING.md has it: a document changes in six ways, and with it its spec, the client, the
//! changelog and the versions. What each step says is in one snapshot.

use std::fmt::Write;

use crate::{
    diff::{self, Diff},
    document, new_interface, regen, release,
    scratch::Scratch,
    specs::{Revision, Specs},
};

const DOCUMENT: &str = include_str!("parcels.txt");
const SPEC: &str = include_str!("parcels.yaml");

/// What stands in a text, and what takes its place.
type Edit = (&'static str, &'static str);

/// What changes in the document, as extraction leaves it, and what therefore changes in the spec.
const CHANGES: [(&str, Edit, Edit); 6] = [
    (
        "a property, on a new page",
        (
            "status optional\tHow far it has come",
            "\nPage 3 of 4\n\u{c}Name\tDescription\tSchema\nweight optional\tIn kilograms\tnumber (double)\n\
             status optional\tHow far it has come",
        ),
        (
            "        status: {$ref: '#/components/schemas/ParcelStatus'}\n",
            "        status: {$ref: '#/components/schemas/ParcelStatus'}\n        \
             weight: {type: number, format: double, description: Its weight in kilograms}\n",
        ),
    ),
    ("an enum without a value", ("(New, OnItsWay, Delivered)", "(New, Deliv ered)"), ("        - OnItsWay\n", "")),
    (
        "an operation that takes a file",
        (
            "\nDefinitions\n",
            "\nAttaches a photo of the damage\n\nPOST /parcel/{id}/photo\n\nParameters\n\nType\tName\tDescription\tSchema\n\
             Path\tid required\tThe number of the parcel\tinteger (int64)\n\
             FormDat a\tPhoto required\tThe photo, as a file\tfile\n\nResponses\n\nHTTP Code\tDescription\tSchema\n\
             200\tSuccess\tNo Content\n404\tThere is no such parcel\tErrorDTO\n\nTags\n\n- Photo\n\nDefinitions\n",
        ),
        (
            "components:\n  responses:\n",
            "  /parcel/{id}/photo:\n    post:\n      tags: [Parcel]\n      operationId: attachPhoto\n      \
             summary: Attach a photo\n      description: Attaches a photo of the damage.\n      security: []\n      \
             parameters:\n        - name: id\n          in: path\n          required: true\n          \
             description: The number of the parcel\n          schema: {type: integer, format: int64}\n          \
             example: 7\n      requestBody:\n        required: true\n        content:\n          multipart/form-data:\n            \
             schema:\n              type: object\n              required: [Photo]\n              properties:\n                \
             Photo: {type: string, format: binary, description: The photo}\n      responses:\n        '200':\n          \
             description: The photo is there\n        '404':\n          $ref: '#/components/responses/Failed'\n      \
             x-source: {document: Parcels, heading: Attaches a photo of the damage}\ncomponents:\n  responses:\n",
        ),
    ),
    (
        "a status",
        (
            "400\tThe input is invalid\tErrorDTO\n",
            "400\tThe input is invalid\tErrorDTO\n409\tThere is one al\u{ad}ready\tErrorDTO\n",
        ),
        (
            "        '400':\n          $ref: '#/components/responses/Failed'\n",
            "        '400':\n          $ref: '#/components/responses/Failed'\n        '409':\n          \
             $ref: '#/components/responses/Failed'\n",
        ),
    ),
    (
        "a property that may be left out",
        ("street required", "street opti onal"),
        ("      required: [city, street]\n", "      required: [city]\n"),
    ),
    (
        "a date",
        ("fragile optional\t", "deliverBy optional\tThe last day\tstring (date)\nfragile optional\t"),
        (
            "        fragile: {type: boolean",
            "        deliverBy: {type: string, format: date, description: The last day on which it may come}\n        \
             fragile: {type: boolean",
        ),
    ),
];

fn edited(text: &str, (from, to): Edit) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} has to stand once");
    text.replacen(from, to, 1)
}

/// Of the packages, and of the packages that they depend on.
fn set_version(scratch: &Scratch, version: &str) {
    let now = Specs::at(&scratch.root, &Revision::WorkTree).unwrap().version;
    let manifest = scratch.read("Cargo.toml");
    let quoted = [("\"", "\""), ("\"=", "\"")].into_iter();
    let replaced = quoted.fold(manifest, |text, (before, after)| {
        text.replace(&format!("{before}{now}{after}"), &format!("{before}{version}{after}"))
    });
    scratch.write("Cargo.toml", &replaced);
}

#[test]
fn from_a_document_to_a_release() {
    let Some(scratch) = Scratch::of_workspace("walk") else { return };
    let root = &scratch.root;
    let path = |name: &str| root.join("target").join(name).display().to_string();
    let mut walk = String::new();

    // What there was: an interface, recorded and released with the first version.
    set_version(&scratch, "0.1.0");
    new_interface::lay_out(root, "parcels").unwrap();
    scratch.write("specs/parcels.yaml", SPEC);
    std::fs::create_dir_all(root.join("target")).unwrap();
    scratch.write("target/old.txt", DOCUMENT);
    document::record(root, &path("old.txt"), "parcels").unwrap();
    let (report, is_explained) = document::audit(root, &path("old.txt"), Some("parcels")).unwrap();
    assert!(is_explained, "{report}");
    regen::regen(root, false).unwrap();
    scratch.commit("A fifth interface");
    scratch.git(&["tag", "v0.1.0"]);

    // 1. What changed in the document.
    let new = CHANGES.iter().fold(DOCUMENT.to_owned(), |text, (_, edit, _)| edited(&text, *edit));
    scratch.write("target/new.txt", &new);
    let found = document::docdiff(root, "parcels", &path("new.txt"), Some("parcels")).unwrap();
    let _ = write!(walk, "# docdiff\n\n{}", found.split("\nLines").next().unwrap_or_default());

    // 2. and 3. The spec, what follows from it, and what that means.
    let spec = CHANGES.iter().fold(SPEC.to_owned(), |text, (.., edit)| edited(&text, *edit));
    scratch.write("specs/parcels.yaml", &spec);
    let report = regen::regen(root, false).unwrap();
    let _ = write!(walk, "\n# regen\n\n{report}");

    // 4. The spec says what the document says.
    let (audit, is_explained) = document::audit(root, &path("new.txt"), Some("parcels")).unwrap();
    assert!(is_explained, "{audit}");
    let _ = write!(walk, "\n# audit\n\n{audit}");

    // 7. The changelog.
    let entries = report.split_once("to paste under [Unreleased]\n").unwrap().1;
    assert!(entries.contains("### specs/parcels.yaml"), "{entries}");
    let changelog =
        scratch.read("CHANGELOG.md").replacen("## [Unreleased]\n", "## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n", 1);
    let changelog = changelog.replacen("2026-12-01\n", &format!("2026-12-01\n{entries}"), 1);

    // 8. The new document is the old one of the next.
    document::record(root, &path("new.txt"), "parcels").unwrap();
    let again = document::docdiff(root, "parcels", &path("new.txt"), Some("parcels")).unwrap();
    assert_eq!(again, "No difference.\n");

    // 9. The versions that the changes ask for, and no others.
    let diff = || {
        let tag = Specs::at(root, &Revision::Git("v0.1.0".to_owned())).unwrap();
        Diff::between(&tag, &Specs::at(root, &Revision::WorkTree).unwrap())
    };
    let asked = diff();
    let of_spec = asked.interfaces.iter().find_map(|interface| interface.spec_version()).unwrap();
    let of_packages = asked.crate_version().unwrap();
    let now = || Specs::at(root, &Revision::WorkTree).unwrap();
    assert!(release::verdict(root, &now()).is_err() && release::changelog(root, &of_packages).is_err());
    scratch.write("CHANGELOG.md", &changelog);
    scratch.write("specs/parcels.yaml", &edited(&spec, ("version: 2.0.0", "version: 3.0.0")));
    set_version(&scratch, &of_packages);
    assert_eq!((of_spec.as_str(), of_packages.as_str()), ("3.0.0", "0.2.0"));
    regen::regen(root, false).unwrap();
    scratch.commit("The new document");
    for check in [
        release::committed(root),
        release::bound(root, &of_packages),
        release::verdict(root, &now()),
        release::changelog(root, &of_packages),
    ] {
        check.unwrap_or_else(|e| panic!("{e}"));
    }
    let _ = write!(walk, "\n# versions\n\n{}", diff::versions(&diff()));
    insta::assert_snapshot!("walk", walk.replace(&format!("{}/", root.display()), ""));
}
