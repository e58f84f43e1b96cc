//! What is sent: method, target, headers and body of all operations, and how values get
//! into targets.

use std::collections::BTreeSet;

use casewire::crpt::{Auth, Client, Config, types};
use reqwest::Url;
use support::{
    interfaces::Crpt,
    interfaces::crpt::rows::ROWS,
    outcome::{Call, call},
    recorder::{Request, Response},
    row::{Row, check_complete, check_sent},
    spec::Spec,
};

use super::{connect, connect_with, cookies, documented, portal};

/// Sends the operation of `row` to a base URL with this path, and compares what arrived.
async fn check(row: &Row<Crpt>, base: &str, spec: &Spec) {
    let portal = portal().await;
    // Some response; what becomes of it is looked at elsewhere.
    portal.responses([Response::empty(404)]);
    let config = Config::new(&format!("{}{base}", portal.origin())).unwrap();
    let client = Client::connect(config, Auth::user("ivan.petrov", "Petr0v-1")).unwrap();
    row.outcome(&client).await;
    let base = base.trim_end_matches('/');
    let origin = portal.origin();
    let login = portal.signed_in().pop().unwrap();
    if row.id == "login" {
        assert_eq!(portal.counts(), [0, 1]);
        check_sent(row, &login, (&origin, base), &[("forceusesession", "true")], spec);
        return;
    }
    assert_eq!(portal.counts(), [1, 1], "{}", row.id);
    // The session signs in as the operation `login` does.
    check_sent(&ROWS[0], &login, (&origin, base), &[("forceusesession", "true")], spec);
    let arrived = portal.requests().pop().unwrap();
    let sent = arrived.header("cookie").unwrap();
    let own = [("cookie", sent), ("bpmcsrf", "csrf-1")];
    check_sent(row, &arrived, (&origin, base), &own, spec);
    let mut sent: Vec<_> = sent.split("; ").collect();
    sent.sort_unstable();
    // BPMLOADER is for `/0` only.
    let expect = cookies(1).into_iter().filter(|cookie| base.is_empty() || !cookie.starts_with("BPMLOADER"));
    assert_eq!(sent, expect.collect::<Vec<_>>(), "{}", row.id);
}

#[tokio::test]
async fn every_operation_sends_what_the_spec_says() {
    let spec = documented();
    for row in ROWS {
        check(row, "", spec).await;
        check(row, "/bpm/", spec).await;
    }
}

#[test]
fn no_operation_and_no_example_is_forgotten() {
    check_complete::<Crpt>();
    assert_eq!(super::OPERATIONS.len(), 8);
}

/// Values that have to be escaped.
const AWKWARD: [&str; 8] = [
    "SR/00683913?x=1#top",
    "a%2Fb%",
    "Обращение № 1",
    "a b+c&d=e;f",
    "\"<>^`{|}[]",
    "line\r\nbreak\0",
    "../../ServiceModel/AuthService.svc/Login",
    "back\\slash",
];

/// The target of the only request that came for `calls`.
async fn target(call: Call<Client>) -> Result<Url, String> {
    let portal = portal().await;
    let outcome = call(&connect(&portal)).await.outcome().await;
    let requests = portal.requests();
    let Some(Request { target, .. }) = requests.first() else { return Err(outcome.text) };
    assert_eq!(requests.len(), 1);
    assert!(target.is_ascii() && !target.contains([' ', '#', '"', '<', '>']), "{target} is not escaped");
    Ok(Url::parse(&portal.origin()).unwrap().join(target).unwrap())
}

/// The last segments of a path, read as data.
fn segments(url: &Url, behind: &str) -> Vec<String> {
    let path = url.path().strip_prefix(behind).unwrap_or_else(|| panic!("{url} leads elsewhere"));
    let read = |segment: &str| {
        let bytes = percent_decoded(segment);
        String::from_utf8(bytes).unwrap()
    };
    path.split('/').map(read).collect()
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

macro_rules! awkward {
    ($client:ident => $($call:tt)+) => {
        [
            call!($client.$($call)+(AWKWARD[0])), call!($client.$($call)+(AWKWARD[1])),
            call!($client.$($call)+(AWKWARD[2])), call!($client.$($call)+(AWKWARD[3])),
            call!($client.$($call)+(AWKWARD[4])), call!($client.$($call)+(AWKWARD[5])),
            call!($client.$($call)+(AWKWARD[6])), call!($client.$($call)+(AWKWARD[7])),
        ]
    };
}

#[tokio::test]
async fn numbers_arrive_as_data() {
    let calls: [Call<Client>; 8] = awkward!(client => get_case().number);
    for (call, number) in calls.into_iter().zip(AWKWARD) {
        let url = target(call).await.unwrap();
        assert_eq!(segments(&url, "/0/ssp/rest/PublicWebServices/case/"), [number], "{url}");
        assert_eq!((url.query(), url.fragment()), (None, None), "{url}");
    }
}

#[tokio::test]
async fn query_parameters_arrive_as_data() {
    let names: [Call<Client>; 8] = awkward!(client => attach_file().number("SR1").totallength(1).body(b"x").filename);
    let numbers: [Call<Client>; 8] = awkward!(client => attach_file().filename("x").totallength(1).body(b"x").number);
    for ((name, number), value) in names.into_iter().zip(numbers).zip(AWKWARD) {
        for (call, expect) in [(name, [value, "SR1", "1"]), (number, ["x", value, "1"])] {
            let url = target(call).await.unwrap();
            assert_eq!(url.path(), "/0/ssp/rest/PublicWebServices/file");
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            let expect = ["filename", "number", "totallength"].into_iter().zip(expect);
            assert_eq!(pairs, expect.map(|(k, v)| (k.to_owned(), v.to_owned())).collect::<Vec<_>>());
        }
    }
}

/// No escaping saves these: a URL with them leads to another operation. So nothing may be sent.
#[tokio::test]
async fn numbers_that_no_path_can_carry_are_not_sent() {
    let calls: [(&str, Call<Client>); 5] = [
        ("..", call!(client.get_case().number(".."))),
        (".", call!(client.get_case().number("."))),
        ("empty", call!(client.get_case().number(""))),
        ("schema", call!(download client.download_file().entity_schema_u_id("..").file_id("case"))),
        ("file", call!(download client.download_file().entity_schema_u_id("a").file_id(".."))),
    ];
    let mut sent = Vec::new();
    for (value, call) in calls {
        match target(call).await {
            Ok(url) => sent.push(format!("{value} led to {}", url.path())),
            Err(outcome) => assert!(outcome.starts_with("InvalidRequest: "), "{value}: {outcome}"),
        }
    }
    assert_eq!(sent, Vec::<String>::new());
}

/// What the spec doesn't allow is not sent, nor is a sign-in for it, and the error says
/// what is wrong.
#[tokio::test]
async fn what_the_spec_forbids_is_not_sent() {
    let cases: [(&str, Call<Client>, &str); 10] = [
        (
            "login",
            call!(
                client.login().force_use_session("false").body_map(|b| b.user_name("ivan.petrov").user_password("p"))
            ),
            "ForceUseSession: `false` is not a documented ForceUseSession; documented are true",
        ),
        ("getCase", call!(client.get_case()), "number was not given"),
        ("createCase", call!(client.create_case()), "body was not given"),
        (
            "createCase",
            call!(client.create_case().body_map(|b| b.subject("s"))),
            "body: CaseInput: symptoms was not given",
        ),
        ("attachFile", call!(client.attach_file().number("SR1").body(b"x")), "filename was not given"),
        ("attachFile", call!(client.attach_file().filename("a.txt").body(b"x")), "number was not given"),
        ("attachFile", call!(client.attach_file().filename("a.txt").number("SR1")), "body was not given"),
        (
            "addMessage",
            call!(client.add_message().body_map(|b| b.message("m"))),
            "body: MessageInput: number was not given",
        ),
        (
            "updateCase",
            call!(client.update_case().body_map(|b| b.number("SR1").status("закрыть"))),
            "body: CaseUpdate: status: `закрыть` is not a documented CaseAction; documented are close, reopen",
        ),
        ("listCases", call!(client.list_cases()), "body was not given"),
    ];
    for (id, call, reason) in cases {
        let portal = portal().await;
        let outcome = call(&connect(&portal)).await.outcome().await;
        assert_eq!(outcome.text, format!("InvalidRequest: {reason}"));
        assert_eq!(outcome.error.unwrap().operation, id);
        assert_eq!(portal.counts(), [0, 0], "{id}: nothing may be sent");
    }
}

/// `minProperties: 1` of the search, and `minimum: 0` of the length.
#[tokio::test]
async fn an_empty_search_and_a_negative_length_are_not_sent() {
    let calls: [Call<Client>; 2] = [
        call!(client.list_cases().body(types::CasesRequest(serde_json::Map::new()))),
        call!(client.attach_file().filename("a.txt").number("SR1").totallength(-1).body(b"x")),
    ];
    let mut sent = Vec::new();
    for call in calls {
        let portal = portal().await;
        let outcome = call(&connect(&portal)).await.outcome().await;
        sent.extend(portal.requests().iter().map(|request| format!("{} {}", request.target, request.text())));
        assert!(!portal.requests().is_empty() || outcome.text.starts_with("InvalidRequest: "), "{}", outcome.text);
    }
    assert_eq!(sent, Vec::<String>::new());
}

#[tokio::test]
async fn what_the_configuration_says_is_sent() {
    let portal = portal().await;
    let client =
        connect_with(&portal, |config| config.user_agent("desk-bridge/2.1").header("X-Gateway", "gate").unwrap());
    (ROWS[1].call)(&client).await;
    let (login, call) = (portal.signed_in().pop().unwrap(), portal.requests().pop().unwrap());
    for request in [&login, &call] {
        assert_eq!(request.header("user-agent"), Some("desk-bridge/2.1"));
        assert_eq!(request.header("x-gateway"), Some("gate"));
    }
}

/// RFC 6265, section 5.4: at most one header `Cookie`. The session's own headers win.
#[tokio::test]
async fn headers_of_the_configuration_are_not_sent_beside_those_of_the_session() {
    for (name, value) in [("Cookie", "own=1"), ("BPMCSRF", "own"), ("ForceUseSession", "false")] {
        let portal = portal().await;
        let client = connect_with(&portal, |config| config.header(name, value).unwrap());
        (ROWS[1].call)(&client).await;
        for request in portal.signed_in().iter().chain(&portal.requests()) {
            let names: BTreeSet<_> = request.headers.iter().map(|(name, _)| name).collect();
            assert_eq!(names.len(), request.headers.len(), "a header twice: {:?}", request.headers);
        }
        assert_eq!(portal.requests()[0].header("bpmcsrf"), Some("csrf-1"));
    }
}
