//! Instructions, counted by callgrind: what a call or the reading of a body takes, wherever and whenever it runs. What starting
//! takes is out of it: the count of few is subtracted from that of many.

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use casewire::{
    Config, Error,
    contractor::{Auth, Client, error::GetCallError, types},
    runtime::{read_json, repair::Records},
};
use casewire_bench::{
    peer, plain,
    server::{CALL, NO_CALL},
    tolerant,
};
use jiff::Timestamp;

use crate::{
    child::{self, Server},
    page::{Limits, Section},
};

/// How many calls are made: the difference is what counts.
const FEW: u64 = 100;
const MANY: u64 = 600;
/// How many calls are in the list that is read, and how often it is read.
const LIST: u64 = 100;
const FEW_LISTS: u64 = 1;
const MANY_LISTS: u64 = 6;

/// What is counted, what it is called, and what it may take, as a ratio to hand-written code.
type Case = (&'static str, &'static str, Limits);

const CALLS: [Case; 4] = [
    ("get", "`getCall`, a response of 2.3 KB", Limits { goal: 1.05, budget: 1.015 }),
    ("message", "`addUserMessage`", Limits { goal: 1.07, budget: 0.985 }),
    ("create", "`createCall`", Limits { goal: 1.07, budget: 1.01 }),
    ("missing", "`getCall`, 404 with a body", Limits { goal: 1.07, budget: 0.965 }),
];

const READERS: [Case; 2] = [
    ("plain", "derived readers, `jiff::Timestamp`", Limits { goal: 1.12, budget: 1.075 }),
    ("tolerant", "readers by hand, as tolerant", Limits { goal: 1.03, budget: 1.055 }),
];

/// What a call takes.
pub fn calls() -> Section {
    let server = Server::start(&["server"]);
    let mut section = Section::default();
    let mut rows = Vec::new();
    for (case, name, limits) in CALLS {
        let count = |side| {
            let count = |calls: u64| count(&["caller", case, side, &calls.to_string(), &server.told], case, side);
            let few = count(FEW);
            (count(MANY) - few) / (MANY - FEW)
        };
        let (ours, by_hand) = (count("ours"), count("by-hand"));
        rows.push(row(&mut section, name, ours, by_hand, limits));
    }
    section.text(
        "Instructions for one call, from the request that is built to the result, over a connection that is kept.",
    );
    section.table(&HEAD, &rows);
    section
}

/// What reading takes.
pub fn decode() -> Section {
    let count = |reader| {
        let count = |lists: u64| count(&["reader", reader, &lists.to_string()], "decode", reader);
        let few = count(FEW_LISTS);
        (count(MANY_LISTS) - few) / ((MANY_LISTS - FEW_LISTS) * LIST)
    };
    let (mut section, ours) = (Section::default(), count("ours"));
    let rows: Vec<_> =
        READERS.iter().map(|&(reader, name, limits)| row(&mut section, name, ours, count(reader), limits)).collect();
    section.text(
        "Instructions for one call of 2.3 KB in the body of `listCallChanges`. Compared with readers that refuse what isn't \
         documented, and with readers that take what casewire's take: any value of an enum, local date-times, `null` for a \
         list, `\"\"` for a date-time, `5.0` for an integer.",
    );
    section.table(&HEAD, &rows);
    section
}

const HEAD: [&str; 5] = ["", "casewire", "by hand", "ratio", "goal"];

fn row(section: &mut Section, name: &str, ours: u64, by_hand: u64, limits: Limits) -> Vec<String> {
    let ratio = ours as f64 / by_hand as f64;
    section.hold(name, ratio, limits);
    let goal = format!("≤ {:.2} ×", limits.goal);
    vec![name.to_owned(), thousands(ours), thousands(by_hand), format!("{ratio:.3} ×"), goal]
}

fn thousands(count: u64) -> String {
    format!("{:.1} k", count as f64 / 1000.0)
}

/// Where callgrind writes what each function takes, for `callgrind_annotate`.
pub fn profiles() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("callgrind")
}

/// The instructions of a process in this role. What it writes about the longer of two runs is what is left at the end.
fn count(role: &[&str], case: &str, side: &str) -> u64 {
    fs::create_dir_all(profiles()).unwrap();
    let profile = profiles().join(format!("{case}.{side}.out"));
    let program = child::command(role);
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program.get_program())
        .args(program.get_args())
        .stdout(Stdio::inherit())
        .output()
        .expect("valgrind, which counts instructions, is not installed");
    let told = String::from_utf8_lossy(&output.stderr);
    let collected =
        told.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim().parse());
    match collected {
        Some(Ok(count)) if output.status.success() => count,
        _ => panic!("{role:?}: {}\n{told}", output.status),
    }
}

/// In a process of its own: makes calls of one kind one after the other.
pub async fn make_calls(case: &str, side: &str, count: u64, origin: &str) {
    match side {
        "ours" => {
            let client = ours(origin);
            for _ in 0..count {
                call(&client, case).await;
            }
        }
        "by-hand" => {
            let client = peer::Client::new(origin).unwrap();
            for _ in 0..count {
                call_by_hand(&client, case).await;
            }
        }
        other => panic!("unknown side {other}"),
    }
}

/// A client with both credentials.
pub fn ours(origin: &str) -> Client {
    let auth = Auth::user("ivanov", "Passw0rd").and_external_system("desk-key");
    Client::connect(Config::new(origin).unwrap(), auth).unwrap()
}

async fn call(client: &Client, case: &str) {
    match case {
        "get" => {
            let call = client.get_call().id(683_913).send().await.unwrap();
            assert_eq!(black_box(call).id, Some(683_913));
        }
        "missing" => {
            let e = client.get_call().id(NO_CALL).send().await.unwrap_err();
            let Error::ErrorResponse(response) = black_box(e) else { panic!("another error") };
            let GetCallError::NotFound(Some(body)) = &**response else { panic!("another failure") };
            assert_eq!(body.error_code, 1);
        }
        "message" => {
            let message = client.add_user_message().id(683_913).body_map(|body| body.message("Выезжаю, буду к 11:00"));
            assert_eq!(black_box(message.send().await.unwrap()).id, Some(40_002));
        }
        "create" => {
            let item = |name| types::PostExpenditureItemInputDto::builder().name(name).build().unwrap();
            let task = |title| types::PostCallTaskInputDto::builder().title(title).build().unwrap();
            let created = client.create_call().body_map(|call| {
                call.available_expenditure_items([item("Проезд"), item("Доставка")])
                    .client_name("ООО «Ромашка»")
                    .contact_person_email("anna@romashka.example")
                    .contact_person_name("Анна Смирнова")
                    .contact_person_phone("+7 495 000-00-12")
                    .created(CREATED)
                    .critical(true)
                    .description_html_text("<p>Касса 2 не печатает чеки.</p>")
                    .description_text_for_field_employee("Касса 2 не печатает чеки. Взять принтер на замену.")
                    .owner_id(7)
                    .service_object_address("Москва, ул. Лесная, д. 5")
                    .service_object_latitude(55.7793)
                    .service_object_longitude(37.5863)
                    .service_object_name("Магазин № 12")
                    .service_object_type("Магазин")
                    .tasks([task("Заменить чековый принтер"), task("Проверить ИБП")])
                    .ttf(TTF)
                    .tto(TTO)
            });
            assert_eq!(black_box(created.send().await.unwrap()).id, Some(683_913));
        }
        other => panic!("unknown case {other}"),
    }
}

const CREATED: Timestamp = Timestamp::constant(1_772_439_300, 0);
const TTF: Timestamp = Timestamp::constant(1_772_560_800, 0);
const TTO: Timestamp = Timestamp::constant(1_772_452_800, 0);

async fn call_by_hand(client: &peer::Client, case: &str) {
    match case {
        "get" => {
            let call = client.get_call(683_913).await.unwrap();
            assert_eq!(black_box(call).id, Some(683_913));
        }
        "missing" => {
            let e = client.get_call(NO_CALL).await.unwrap_err();
            let peer::Error::NotFound(Some(body)) = black_box(e) else { panic!("another error") };
            assert_eq!(body.error_code, 1);
        }
        "message" => {
            let message = plain::NewMessage { message: "Выезжаю, буду к 11:00".to_owned() };
            let message = client.add_user_message(683_913, &message).await.unwrap();
            assert_eq!(black_box(message).id, Some(40_002));
        }
        "create" => {
            let item = |name: &str| plain::NewExpenditureItem { name: name.to_owned() };
            let task = |title: &str| plain::NewTask { title: title.to_owned() };
            let call = plain::NewCall {
                available_expenditure_items: vec![item("Проезд"), item("Доставка")],
                client_name: "ООО «Ромашка»".to_owned(),
                contact_person_email: Some("anna@romashka.example".to_owned()),
                contact_person_name: Some("Анна Смирнова".to_owned()),
                contact_person_phone: Some("+7 495 000-00-12".to_owned()),
                created: CREATED,
                critical: Some(true),
                description_html_text: "<p>Касса 2 не печатает чеки.</p>".to_owned(),
                description_text_for_field_employee: "Касса 2 не печатает чеки. Взять принтер на замену.".to_owned(),
                owner_id: 7,
                service_object_address: "Москва, ул. Лесная, д. 5".to_owned(),
                service_object_latitude: 55.7793,
                service_object_longitude: 37.5863,
                service_object_name: "Магазин № 12".to_owned(),
                service_object_type: Some("Магазин".to_owned()),
                tasks: vec![task("Заменить чековый принтер"), task("Проверить ИБП")],
                ttf: Some(TTF),
                tto: Some(TTO),
            };
            let created = client.create_call(&call).await.unwrap();
            assert_eq!(black_box(created).id, Some(683_913));
        }
        other => panic!("unknown case {other}"),
    }
}

/// In a process of its own: reads a list of calls again and again.
pub fn read(reader: &str, count: u64) {
    let calls = vec![CALL; usize::try_from(LIST).unwrap()];
    let body = format!("[{}]", calls.join(","));
    for _ in 0..count {
        let body = black_box(body.as_bytes());
        let length = match reader {
            "ours" => {
                let calls: Vec<types::CallDto> = read_json::<Records<Vec<_>>>(body, &[]).unwrap().into();
                black_box(calls).len()
            }
            "plain" => black_box(serde_json::from_slice::<Vec<plain::Call>>(body).unwrap()).len(),
            "tolerant" => black_box(serde_json::from_slice::<tolerant::Calls>(body).unwrap()).0.len(),
            other => panic!("unknown reader {other}"),
        };
        assert_eq!(length as u64, LIST);
    }
}
