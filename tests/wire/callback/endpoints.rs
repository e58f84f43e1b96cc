//! The three paths that the document has lost can be moved; the fourth stays.

use casewire::callback::{Auth, Client, Config, Endpoints};
use support::{desk::Desk, interfaces::callback::rows::ROWS, recorder::Response, row::row};

use super::{OPERATIONS, token};

fn endpoints([authenticate, fetch_applications, report_status]: [&str; 3]) -> Endpoints {
    Endpoints {
        authenticate: authenticate.to_owned(),
        fetch_applications: fetch_applications.to_owned(),
        report_status: report_status.to_owned(),
    }
}

/// Calls everything, and gives the targets in the order of `OPERATIONS`.
async fn targets(base: &str, endpoints: Endpoints) -> [String; 4] {
    // A sign-in may be anywhere, so all requests are answered with what all of them take.
    let platform = Desk::start("/nowhere", token).await;
    let both = r#"{"statusCode":200,"data":{"token":"tkn-1"},"applications":[]}"#;
    platform.then(move |_| Response::json(200, both));
    let config = Config::new(&format!("{}{base}", platform.origin())).unwrap();
    let client = Client::connect(config, Auth::user("u", "Petr0v-1"), endpoints).unwrap();
    for id in ["fetchApplications", "commitBatch", "reportStatus"] {
        let outcome = row(ROWS, id).outcome(&client).await;
        assert!(outcome.text.starts_with("Ok("), "{id}: {}", outcome.text);
    }
    let requests = platform.requests();
    let methods: Vec<_> = requests.iter().map(|request| request.method.as_str()).collect();
    assert_eq!(methods, ["POST", "GET", "GET", "POST"]);
    let tokens: Vec<_> = requests.iter().map(|request| request.header("x-auth-jwt-token")).collect();
    assert_eq!(tokens, [None, Some("tkn-1"), Some("tkn-1"), Some("tkn-1")]);
    // By hand, it goes to the same place.
    row(ROWS, "authenticate").outcome(&client).await;
    assert_eq!(platform.requests()[4].target, requests[0].target);
    requests.into_iter().map(|request| request.target).collect::<Vec<_>>().try_into().unwrap()
}

async fn check(base: &str, paths: [&str; 3], expect: [&str; 4]) {
    assert_eq!(targets(base, endpoints(paths)).await, expect, "{base} {paths:?}");
}

#[tokio::test]
async fn three_paths_can_be_moved() {
    let commit = "/api/v1/commit/batch-111/";
    let default = ["/api/v1/auth/", "/api/v1/applications/", "/api/v1/applications/status/"];
    check("", default, ["/api/v1/auth/", "/api/v1/applications/?limit=10", commit, "/api/v1/applications/status/"])
        .await;
    // As the document prints them, the same path for two requests.
    check("", ["/api/", "/api//", "/api/"], ["/api/", "/api//?limit=10", commit, "/api/"]).await;
    check("", ["/token", "/a", "/s/t"], ["/token", "/a?limit=10", commit, "/s/t"]).await;
    // One at a time.
    for (place, moved) in ["/moved/0/", "/moved/1/", "/moved/2/"].into_iter().enumerate() {
        let mut paths = default;
        paths[place] = moved;
        let fetch = format!("{}?limit=10", paths[1]);
        check("", paths, [paths[0], &fetch, commit, paths[2]]).await;
    }
    check("", ["/вход/", "/a b/", "/s%2Ft/"], ["/%D0%B2%D1%85%D0%BE%D0%B4/", "/a%20b/?limit=10", commit, "/s%2Ft/"])
        .await;
}

#[tokio::test]
async fn they_stand_below_the_base_url() {
    for base in ["/msp", "/msp/"] {
        check(
            base,
            ["/api/", "/feed/", "/api/"],
            ["/msp/api/", "/msp/feed/?limit=10", "/msp/api/v1/commit/batch-111/", "/msp/api/"],
        )
        .await;
    }
    // A base path that looks like one of the paths.
    check(
        "/api/v1/auth",
        ["/a/", "/f/", "/s/"],
        ["/api/v1/auth/a/", "/api/v1/auth/f/?limit=10", "/api/v1/auth/api/v1/commit/batch-111/", "/api/v1/auth/s/"],
    )
    .await;
    check(
        "/каса 2",
        ["/a/", "/f/", "/s/"],
        [
            "/%D0%BA%D0%B0%D1%81%D0%B0%202/a/",
            "/%D0%BA%D0%B0%D1%81%D0%B0%202/f/?limit=10",
            "/%D0%BA%D0%B0%D1%81%D0%B0%202/api/v1/commit/batch-111/",
            "/%D0%BA%D0%B0%D1%81%D0%B0%202/s/",
        ],
    )
    .await;
}

/// The defaults are the paths of the spec; a commit whose code looks like another path
/// stays a commit.
#[tokio::test]
async fn defaults_and_commits() {
    let paths: Vec<_> = OPERATIONS.iter().map(|operation| operation.path).collect();
    let default = Endpoints::default();
    assert_eq!(
        paths,
        [&default.authenticate, &default.fetch_applications, "/api/v1/commit/{code}/", &default.report_status]
    );
    let platform = super::platform().await;
    let config = Config::new(&platform.origin()).unwrap();
    let moved = Endpoints { fetch_applications: "/moved/".to_owned(), ..Endpoints::default() };
    let client = Client::connect(config, super::organisation(), moved).unwrap();
    client.commit_batch().code("api/v1/applications").send().await.unwrap_err();
    assert_eq!(platform.requests()[0].target, "/api/v1/commit/api%2Fv1%2Fapplications/");
}

/// What can't be a path is refused before anything is sent.
#[test]
fn paths_that_are_none() {
    for path in [
        "",
        "token",
        "/api/?x=1",
        "/api#top",
        "/../",
        "/api/./x",
        "/a\\b",
        "/%2e%2E/x",
        "/api/.%2e",
        "http://elsewhere.example/",
    ] {
        for place in 0..3 {
            let mut paths = ["/a/", "/f/", "/s/"];
            paths[place] = path;
            let config = Config::new("https://lkmsp.example").unwrap();
            let refused = Client::connect(config, super::organisation(), endpoints(paths)).map(|_| ()).unwrap_err();
            // A query may have a token in it.
            let shown = path.split(['?', '#']).next().unwrap();
            assert!(refused.to_string().starts_with(&format!("`{shown}` is not a path: ")), "{refused}");
        }
    }
}
