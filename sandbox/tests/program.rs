//! The program, as a process: what it prints, what its control endpoint does, and how it ends.

// Here a panic is the report.
#![allow(clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
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
    let left = json!({
        "operation": "getCall", "times": 1, "status": 503, "headers": {"retry-after": "7"}, "body": "busy",
        "mediaType": "application/json",
    });
    assert_eq!(read("contractor/faults"), json!([left]));
    assert_eq!(program.control("DELETE", "/control/contractor/faults", None).0, 204);
    // What is listed can be ordered.
    let each = [
        left,
        json!({"times": 2, "delayMs": 1}),
        json!({"times": 1, "drop": true}),
        json!({"times": 1, "dropAfterBytes": 0}),
        json!({"times": 1, "truncate": true}),
        json!({"times": 1, "nulls": true}),
        json!({"times": 1, "unknownEnumValues": true}),
        json!({"times": 1, "status": 401}),
    ];
    for order in &each {
        assert_eq!(control("POST", "contractor/faults", order.clone()).0, 204, "{order}");
    }
    let mut listed: Vec<_> = read("contractor/faults").as_array().unwrap().clone();
    listed.rotate_right(1);
    assert_eq!(listed, each);
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
        json!({"status": 503, "mediaType": "text/html"}),
        json!({"status": 503, "body": "x", "mediaType": "a\nb"}),
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
    // A response that is late is like the others.
    assert_eq!(control("POST", "contractor/faults", json!({"delayMs": 1})).0, 204);
    assert_eq!(serde_json::from_str::<Value>(&call().2).unwrap(), body);
    assert_eq!(control("PUT", "contractor/modes", json!({"none": true})).0, 422);

    assert_eq!(control("PUT", "clock", json!({"now": "2026-03-03T00:00:00Z"})).0, 204);
    assert_eq!(control("POST", "clock/advance", json!({"seconds": 61})).0, 204);
    assert_eq!(read("clock")["clocks"]["contractor"], "2026-03-03T00:01:01Z");

    let mut state = read("contractor/state");
    state["external_system_key"] = "another".repeat(500_000).into();
    assert_eq!(control("PUT", "contractor/state", state).0, 204);
    assert_eq!(call().0, 401);
    let (status, _, why) = control("PUT", "contractor/state", json!({"clock": "soon"}));
    assert!(status == 400 && !why.is_empty(), "{why}");

    let requests = read("contractor/requests");
    let last = requests.as_array().unwrap().last().unwrap();
    assert_eq!((&last["operation"], &last["status"]), (&"getCall".into(), &401.into()));
    assert_eq!(last["headers"]["authorization"], "x-external-system …");
    assert_eq!(read("contractor/requests?last=1"), json!([last]));
    assert_eq!(read("contractor/requests?last=0"), json!([]));
    assert_eq!(program.control("GET", "/control/contractor/requests?first=1", None).0, 400);
    let times: Vec<_> = requests.as_array().unwrap().iter().map(|one| one["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted() && times.iter().all(|time| time.len() == times[0].len()), "{times:?}");
    assert_eq!(program.control("DELETE", "/control/contractor/requests", None).0, 204);
    assert_eq!(read("contractor/requests"), json!([]));
    assert_eq!(program.control("POST", "/control/contractor/reset", None).0, 204);
    assert_eq!(call().2, whole);
    assert_eq!(program.control("POST", "/control/reset", None).0, 204);
    assert_eq!(read("contractor/requests"), json!([]));
}

/// The file has the paths and methods that there are, and no others; none takes what is nonsense; and the file is served.
#[test]
fn the_file_says_what_there_is() {
    let program = Program::start(&[]);
    let file = include_str!("../control.yaml");
    assert_eq!(program.control("GET", "/control/openapi.yaml", None).2, file);
    let mut described: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut path = "";
    for line in file.lines().take_while(|line| *line != "components:") {
        if let Some(rest) = line.strip_prefix("  ").filter(|rest| rest.starts_with('/')) {
            path = rest.trim_end_matches(':');
        }
        let method = line.strip_prefix("    ").and_then(|rest| rest.strip_suffix(':')).unwrap_or_default();
        if ["get", "put", "post", "delete"].contains(&method) {
            described.entry(path).or_default().insert(method.to_uppercase());
            let path = path.replace("{interface}", "callback");
            let status = program.control(&method.to_uppercase(), &path, Some(json!(["nonsense"]))).0;
            assert!([200, 204, 400, 422].contains(&status), "{method} {path}: {status}");
        }
    }
    assert_eq!(described.values().map(BTreeSet::len).sum::<usize>(), 16);
    let source = include_str!("../src/program/control.rs");
    let routes: BTreeSet<_> = source.split('"').filter(|text| text.starts_with("/control/")).collect();
    assert_eq!(routes, described.keys().copied().collect());
    for (path, methods) in described {
        let (status, head, _) = program.control("PATCH", &path.replace("{interface}", "callback"), None);
        let allowed = head.lines().find_map(|line| line.strip_prefix("allow: ")).unwrap_or_default();
        let allowed: BTreeSet<_> = allowed.split(',').map(str::to_owned).filter(|method| method != "HEAD").collect();
        assert_eq!((status, allowed), (405, methods), "{path}");
    }
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
    send(program.address("crpt"), "GET", "/0/ssp/rest/PublicWebServices/case/SR1", "", None);
    send(program.address("contractor"), "GET", CALL, KEY, None);
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
    assert!(page.find("GET /call/683913") < page.find("session not found"), "the newest is the first");
}

#[test]
fn events_are_delivered() {
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/events?from=partner", receiver.local_addr().unwrap());
    let program = Program::start(&["--deliver", &url]);
    let (sender, events) = mpsc::channel();
    std::thread::spawn(move || {
        // The first is refused, and delivered again.
        for status in ["503 Busy", "204 No Content", "204 No Content", "204 No Content"] {
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
    let accept = || {
        let (path, headers) = ("/client/c-1001/legalcase/lc-2001", "content-type: application/json\r\n");
        let (status, _, body) = send(program.address("legalcase"), "PUT", path, headers, Some(r#"{"Accept":true}"#));
        assert!((200..300).contains(&status), "{status} {body}");
    };
    accept();
    let mut events = events.iter();
    let first: Vec<_> = events.by_ref().take(3).collect();
    // Soon after, the same again.
    assert_eq!(program.control("POST", "/control/reset", None).0, 204);
    accept();
    assert_eq!(events.next().as_ref(), first.first());
    let events = first;
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
        // Connections that are kept open don't hold it up, nor does half a request.
        let idle = TcpStream::connect(program.address("contractor")).unwrap();
        let mut half = TcpStream::connect(program.address("control")).unwrap();
        half.write_all(b"GET / HTTP/1.1\r\nhost: ").unwrap();
        // Of which the program knows by now.
        assert_eq!(program.control("GET", "/", None).0, 200);
        let pid = program.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert!(program.child.wait().unwrap().success(), "{signal}");
        drop((idle, half));
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

/// More than a pipe holds.
#[test]
fn a_log_that_nobody_reads_holds_nobody_up() {
    let program = Program::start(&["--only", "crpt"]);
    for _ in 0..2_000 {
        assert_eq!(send(program.address("crpt"), "GET", "/none", "", None).0, 404);
    }
}

/// The commands of the README, by which a call is refused twice, an hour goes by, and all is as before.
#[test]
fn the_commands_of_the_readme_work() {
    let is_there =
        |name: &str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    if let Some(missing) = ["bash", "curl", "sed"].into_iter().find(|name| !is_there(name)) {
        eprintln!("skipped: {missing} is not installed");
        return;
    }
    let program = Program::start(&[]);
    let (control, contractor) = (program.address("control"), program.address("contractor"));
    let blocks = include_str!("../README.md").split("```sh\n").skip(1).filter_map(|rest| rest.split("\n```").next());
    let commands: Vec<_> = blocks.flat_map(str::lines).skip_while(|line| !line.starts_with("# The next two")).collect();
    let commands = commands.join("\n").replace("127.0.0.1:8100", control);
    // The same requests in between, and failures count.
    let call = format!(
        "command curl -s -w '%{{http_code}}' http://{contractor}{CALL} -H 'Authorization: x-external-system desk-key'"
    );
    let script = commands.replace("\n# ", &format!("\n{call}; echo\n# "));
    let script = format!("curl() {{ command curl -fsS \"$@\"; }}\n{script}\n{call}");
    let output = Command::new("bash").args(["-euo", "pipefail", "-c", &script]).output().unwrap();
    let (printed, failed) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && failed.is_empty(), "{printed}\n{failed}");
    let lines: Vec<_> = printed.lines().collect();
    let [busy, still, later, closed, requests_and_last] = lines[..] else { panic!("{printed}") };
    assert_eq!([busy, still], ["503", "503"]);
    assert!(later.contains(r#""status":"New""#) && later.ends_with("200"), "{later}");
    assert!(closed.contains(r#""status":"Closed""#) && closed.ends_with("200"), "{closed}");
    let (requests, last) = requests_and_last.split_once("]{").unwrap();
    assert_eq!(requests.matches(r#""status":"#).count(), 4, "{requests}");
    assert!(last.contains(r#""status":"New""#), "{last}");
}
