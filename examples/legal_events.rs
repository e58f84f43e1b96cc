//! `cargo run --example legal_events`: receives the notifications of the legal partner.
//!
//! How they are delivered isn't documented, so this receiver takes the usual: a POST with JSON. It responds at once and works
//! afterwards, since a partner that waits too long may deliver again; and it takes an event that comes twice for one, since
//! nothing says that it can't.

use std::{collections::HashSet, error::Error, net::SocketAddr, time::Duration};

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use casewire::legalcase::types::{LegalCaseEvent, LegalCaseEventCode};
use casewire_sandbox::{LegalCase, legalcase::EventCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// What waits to be worked on. A real receiver stores events before it responds: what is only in memory is lost in a crash.
type Inbox = mpsc::Sender<LegalCaseEvent>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (inbox, events) = mpsc::channel(100);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let receiver = Router::new().route("/events", post(receive)).with_state(inbox);
    tokio::spawn(async { axum::serve(listener, receiver).await });
    let working = tokio::spawn(work(events));

    // The partner works on a case, and delivers what happens; the second event twice, and the third in a form of its own.
    let sandbox = LegalCase::start().await?;
    for code in [EventCode::PaymentConfirmationWaiting, EventCode::TookToWork, EventCode::Closed] {
        sandbox.state(|state| state.happen("lc-2001", code));
    }
    let events = sandbox.state(|state| state.events.clone());
    let mut bodies: Vec<_> = events.iter().map(|event| event.body().to_string()).collect();
    bodies.insert(2, bodies[1].clone());
    bodies.push(r#"{"Event":"Archived","legalCaseId":"lc-2001"}"#.to_owned());
    bodies.push("<html>".to_owned());
    for body in bodies {
        println!("delivered: {}", deliver(address, &body).await?);
    }
    // The end of the story.
    tokio::time::timeout(Duration::from_secs(10), working).await??;
    Ok(())
}

/// Responds at once.
async fn receive(State(inbox): State<Inbox>, body: Bytes) -> StatusCode {
    match LegalCaseEvent::from_slice(&body) {
        Ok(event) => match inbox.try_send(event) {
            Ok(()) => StatusCode::NO_CONTENT,
            // So that it is delivered again.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        },
        Err(e) => {
            // The text shows no value of the body.
            eprintln!("refused: {e}");
            StatusCode::BAD_REQUEST
        }
    }
}

/// Works on one event after the other, and ends with the fourth that is new.
async fn work(mut events: mpsc::Receiver<LegalCaseEvent>) {
    let mut seen = HashSet::new();
    while let Some(event) = events.recv().await {
        let case = event.legal_case_id.clone().unwrap_or_default();
        // An event has no id. A case that gets into the same status twice would need the date, which events lack, too.
        if !seen.insert((case.clone(), event.event.to_string())) {
            println!("{case}: {} once more, which changes nothing", event.event);
            continue;
        }
        match (&event.event, event.status()) {
            (LegalCaseEventCode::Unknown(code), _) => println!("{case}: {code}, which is new to us"),
            (_, Some(status)) => println!("{case}: {} is now «{status}»", event.description.unwrap_or_default()),
            (code, None) => println!("{case}: {code}"),
        }
        if seen.len() == 4 {
            return;
        }
    }
}

/// Delivers an event as the partner might, and gives the status line of the response.
async fn deliver(receiver: SocketAddr, body: &str) -> Result<String, Box<dyn Error>> {
    let head =
        format!("POST /events HTTP/1.1\r\nhost: {receiver}\r\ncontent-type: application/json\r\nconnection: close\r\n");
    let mut stream = TcpStream::connect(receiver).await?;
    stream.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    Ok(response.lines().next().unwrap_or_default().to_owned())
}
