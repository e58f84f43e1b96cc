//! The program, as a process: what it prints, what its control endpoint does, and how it ends.

// Here a panic is the report.
#![allow(clippy::unwrap_used)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
};

use serde_json::{Value, json};

/// The program at free ports. Dropping it ends it.
struct Program {
    child: Child,
    lines: BufReader<ChildStdout>,
    /// The address of the page, and of each interface by its name.
    addresses: Vec<(String, String)>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casewire-sandbox"));
        let mut child = command.args(["--port", "0"]).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut program = Self { child, lines, addresses: Vec::new() };
        loop {
            let line = program.line();
            if line.starts_with("Ctrl-C") {
                return program;
            }
            if let Some((name, url)) = line.split_once("http://") {
                let address = url.split_whitespace().next().unwrap();
                program.addresses.push((name.trim().to_owned(), address.to_owned()));
            }
        }
    }

    fn address(&self, name: &str) -> &str {
        &self.addresses.iter().find(|(one, _)| one == name).unwrap().1
    }

    /// Status, head and body of the response to a request of the control endpoint.
    fn control(&self, method: &str, path: &str, body: Option<Value>) -> (u16, String, String) {
        let body = body.map(|body| body.to_string());
        send(self.address("control"), method, path, "content-type: application/json\r\n", body.as_deref())
    }

    /// The next line of the log.
    fn line(&mut self) -> String {
        let mut line = String::new();
        assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "it has ended");
        line.trim_end().to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(address: &str, method: &str, path: &str, headers: &str, body: Option<&str>) -> (u16, String, String) {
    let host = if headers.contains("host: ") { String::new() } else { format!("host: {address}\r\n") };
    let mut stream = TcpStream::connect(address).unwrap();
    let body = body.unwrap_or_default();
    let length = body.len();
    let head =
        format!("{method} {path} HTTP/1.1\r\n{host}{headers}connection: close\r\ncontent-length: {length}\r\n\r\n");
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut response = Vec::new();
    // One that was ordered to break off may end with an error.
    let _ = stream.read_to_end(&mut response);
    let response = String::from_utf8(response).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    let status = head.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    (status, head.to_owned(), body.to_owned())
}

const KEY: &str = "authorization: x-external-system desk-key\r\n";
const CALL: &str = "/call/683913";

#[test]
fn it_serves_what_it_says() {
    let mut program = Program::start(&[]);
    let names: Vec<_> = program.addresses.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["control", "contractor", "crpt", "legalcase", "callback"]);
    let (status, _, page) = program.control("GET", "/", None);
    assert!(status == 200 && page.contains("casewire sandbox") && !page.contains("//cdn"), "{page}");
    let (_, _, shown) = program.control("GET", "/control/interfaces", None);
    let shown: Vec<Value> = serde_json::from_str(&shown).unwrap();
    let counts: Vec<_> = shown.iter().map(|one| one["operations"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [44, 8, 11, 4]);
    assert_eq!(shown[0]["baseUrl"], format!("http://{}", program.address("contractor")));
    assert_eq!(shown[3]["credentials"]["a technical user"], "integration@oip.example, password Petr0v-1");

    let contractor = program.address("contractor").to_owned();
    assert_eq!(send(&contractor, "GET", CALL, KEY, None).0, 200);
    assert_eq!(program.line(), "contractor GET /call/683913 (getCall): 200");
    assert_eq!(send(&contractor, "GET", "/call/1?token=secret", "", None).0, 401);
    let expect = "contractor GET /call/1 (getCall): 401 the credential is missing, unknown or expired";
    assert_eq!(program.line(), expect);
    assert_eq!(send(&contractor, "GET", "/calls", KEY, None).0, 404);
    assert_eq!(program.line(), "contractor GET /calls (no operation): 404 no operation has this path");
    let alone = Program::start(&["--only", "crpt"]);
    assert_eq!(alone.addresses.len(), 2);
    assert_eq!(alone.control("GET", "/control/contractor/modes", None).0, 404);
}

#[test]
fn faults_modes_clock_record_and_state() {
    let program = Program::start(&["--only", "contractor"]);
    let contractor = program.address("contractor").to_owned();
    let call = || send(&contractor, "GET", CALL, KEY, None);
    let control =
        |method: &str, path: &str, body: Value| program.control(method, &format!("/control/{path}"), Some(body));
    let read = |path: &str| {
        serde_json::from_str::<Value>(&program.control("GET", &format!("/control/{path}"), None).2).unwrap()
    };
    let whole = call().2;

    let busy =
        json!({"operation": "getCall", "times": 2, "status": 503, "headers": {"Retry-After": "7"}, "body": "busy"});
    assert_eq!(control("POST", "contractor/faults", busy).0, 204);
    let (status, head, body) = call();
    assert!(status == 503 && head.contains("retry-after: 7") && body == "busy", "{head}");
    assert_eq!(
        read("contractor/faults"),
        json!([{"operation": "getCall", "times": 1, "fault": read("contractor/faults")[0]["fault"]}])
    );
    assert_eq!(program.control("DELETE", "/control/contractor/faults", None).0, 204);
    assert_eq!(control("POST", "contractor/faults", json!({"dropAfterBytes": 10})).0, 204);
    let (status, head, body) = call();
    assert!(status == 200 && body.len() == 10 && head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert_eq!(control("POST", "contractor/faults", json!({"drop": true})).0, 204);
    assert_eq!(call().0, 0);
    for wrong in [
        json!({}),
        json!({"status": 503, "drop": true}),
        json!({"status": 99}),
        json!({"body": "x"}),
        json!({"operation": "listCases", "status": 500}),
        json!({"status": 500, "headers": {"a b": "c"}}),
    ] {
        let (status, _, why) = control("POST", "contractor/faults", wrong.clone());
        assert!(status == 400 && !why.is_empty(), "{wrong}: {status} {why}");
    }
    assert_eq!(control("POST", "contractor/faults", json!({"statuss": 500})).0, 422);
    assert_eq!(read("contractor/faults"), json!([]));

    let all = json!({"nulls": true, "unknownEnumValues": true, "noOffsets": true, "emptyFailures": true});
    assert_eq!(control("PUT", "contractor/modes", all.clone()).0, 204);
    assert_eq!(read("contractor/modes"), all);
    assert!(call().2.contains(r#""status":null"#));
    assert_eq!(send(&contractor, "GET", "/call/1", KEY, None).2, "");
    assert_eq!(control("PUT", "contractor/modes", json!({"noOffsets": true})).0, 204);
    let body: Value = serde_json::from_str(&call().2).unwrap();
    assert!(body["ttf"].as_str().is_some_and(|text| text.ends_with(":00")), "{body}");
    assert_eq!(control("PUT", "contractor/modes", json!({"none": true})).0, 422);

    assert_eq!(control("PUT", "clock", json!({"now": "2026-03-03T00:00:00Z"})).0, 204);
    assert_eq!(control("POST", "clock/advance", json!({"seconds": 61})).0, 204);
    assert_eq!(read("clock")["clocks"]["contractor"], "2026-03-03T00:01:01Z");

    let mut state = read("contractor/state");
    state["external_system_key"] = "another".into();
    assert_eq!(control("PUT", "contractor/state", state).0, 204);
    assert_eq!(call().0, 401);
    let (status, _, why) = control("PUT", "contractor/state", json!({"clock": "soon"}));
    assert!(status == 400 && !why.is_empty(), "{why}");

    let requests = read("contractor/requests");
    let last = requests.as_array().unwrap().last().unwrap();
    assert_eq!((&last["operation"], &last["status"]), (&"getCall".into(), &401.into()));
    assert_eq!(last["headers"]["authorization"], "x-external-system …");
    assert_eq!(program.control("DELETE", "/control/contractor/requests", None).0, 204);
    assert_eq!(read("contractor/requests"), json!([]));
    assert_eq!(program.control("POST", "/control/contractor/reset", None).0, 204);
    assert_eq!(call().2, whole);
    assert_eq!(program.control("POST", "/control/reset", None).0, 204);
    assert_eq!(read("contractor/requests"), json!([]));
}

/// Each path and method of the file is there, and refuses what isn't JSON; and the file is served.
#[test]
fn the_file_says_what_there_is() {
    let program = Program::start(&[]);
    let file = include_str!("../control.yaml");
    assert_eq!(program.control("GET", "/control/openapi.yaml", None).2, file);
    let (mut path, mut operations) = ("", 0);
    for line in file.lines().take_while(|line| *line != "components:") {
        if let Some(rest) = line.strip_prefix("  /") {
            path = rest.trim_end_matches(':');
        }
        let method = line.strip_prefix("    ").and_then(|rest| rest.strip_suffix(':')).unwrap_or_default();
        if ["get", "put", "post", "delete"].contains(&method) {
            operations += 1;
            let path = format!("/{}", path.replace("{interface}", "callback"));
            let status = program.control(&method.to_uppercase(), &path, Some(json!(["nonsense"]))).0;
            assert!([200, 204, 400, 422].contains(&status), "{method} {path}: {status}");
        }
    }
    assert_eq!(operations, 16);
    assert_eq!(program.control("PATCH", "/control/callback/state", None).0, 405);
}

#[test]
fn other_hosts_and_sites_are_refused() {
    let program = Program::start(&["--host", "desk.test"]);
    let (control, contractor) = (program.address("control"), program.address("contractor"));
    let check = |address: &str, headers: &str, expect: u16| {
        let path = if address == control { "/control/clock" } else { CALL };
        assert_eq!(send(address, "GET", path, &format!("{KEY}{headers}"), None).0, expect, "{address} {headers}");
    };
    for address in [control, contractor] {
        check(address, "host: localhost:1\r\n", 200);
        check(address, "host: desk.test\r\n", 200);
        check(address, "host: evil.test\r\n", 421);
        check(address, "host: localhost.evil.test:8100\r\n", 421);
    }
    check(control, "origin: http://evil.test\r\n", 403);
    check(control, "origin: null\r\n", 403);
    check(control, &format!("origin: http://{control}\r\n"), 200);
    let form =
        send(control, "PUT", "/control/contractor/modes", "content-type: text/plain\r\n", Some(r#"{"nulls":true}"#));
    assert_eq!(form.0, 415);
}

/// The page as a browser shows it, where there is one.
#[test]
fn the_page_shows_what_came() {
    let is_there =
        |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(is_there) else {
        eprintln!("skipped: chromium is not installed");
        return;
    };
    let program = Program::start(&[]);
    send(program.address("contractor"), "GET", CALL, KEY, None);
    send(program.address("crpt"), "GET", "/0/ssp/rest/PublicWebServices/case/SR1", "", None);
    let profile = std::env::temp_dir().join(format!("casewire-page-{}", std::process::id()));
    let flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
                 --disable-component-update --disable-sync --virtual-time-budget=5000 --dump-dom";
    let mut command = Command::new(browser);
    command.args(flags.split_whitespace()).arg(format!("--user-data-dir={}", profile.display()));
    let page = command.arg(format!("http://{}/", program.address("control"))).output().unwrap();
    let _ = std::fs::remove_dir_all(profile);
    let page = String::from_utf8(page.stdout).unwrap();
    for shown in
        ["44 operations", "ivanov, password Passw0rd", "GET /call/683913", "2026-03-02T09:00:00Z", "session not found"]
    {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    assert!(page.find("session not found") < page.find("GET /call/683913"), "the newest is the first");
}

#[test]
fn events_are_delivered() {
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/events?from=partner", receiver.local_addr().unwrap());
    let program = Program::start(&["--deliver", &url]);
    let (sender, events) = mpsc::channel();
    std::thread::spawn(move || {
        // The first is refused, and delivered again.
        for status in ["503 Busy", "204 No Content", "204 No Content"] {
            let (mut stream, _) = receiver.accept().unwrap();
            let mut request = vec![0; 4096];
            let mut length = 0;
            while !request[..length].ends_with(b"}") {
                length += stream.read(&mut request[length..]).unwrap();
            }
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").unwrap();
            sender.send(String::from_utf8(request[..length].to_vec()).unwrap()).unwrap();
        }
    });
    let accept = r#"{"Accept":true}"#;
    let path = "/client/c-1001/legalcase/lc-2001";
    let headers = "content-type: application/json\r\n";
    let (status, _, body) = send(program.address("legalcase"), "PUT", path, headers, Some(accept));
    assert!((200..300).contains(&status), "{status} {body}");
    let events: Vec<_> = events.iter().take(3).collect();
    assert_eq!(events[0], events[1]);
    assert!(
        events[0].starts_with("POST /events?from=partner HTTP/1.1\r\n") && events[0].contains(r#""Event":"Accepted""#)
    );
    assert!(events[2].contains(r#""Event":"TookToWork""#), "{}", events[2]);
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_told_to() {
    for signal in ["-INT", "-TERM"] {
        let mut program = Program::start(&[]);
        // A connection that is kept open doesn't hold it up.
        let idle = TcpStream::connect(program.address("contractor")).unwrap();
        let pid = program.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert!(program.child.wait().unwrap().success(), "{signal}");
        drop(idle);
    }
}

#[test]
fn what_it_cannot_do_is_said() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_casewire-sandbox")).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, said, _) = run(&["--port", &port]);
    assert!(code == Some(2) && said.contains(&format!("can't listen at 127.0.0.1:{port}: ")), "{said}");
    let (code, said, _) = run(&["--verbose"]);
    assert!(code == Some(2) && said.starts_with("casewire-sandbox: ") && said.lines().count() == 1, "{said}");
    let (code, _, help) = run(&["--help"]);
    assert!(code == Some(0) && help.contains("--deliver URL"), "{help}");
}
