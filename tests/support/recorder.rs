//! A small HTTP/1.1 server on a loopback port: it keeps every request as it came, byte
//! for byte, and answers from a script. Sign-ins and renewals are kept apart from the
//! other operations, and get tokens unless a script says otherwise.

use std::{
    collections::VecDeque,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// What came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub method: String,
    /// The request target as in the request line: path and query, escaped.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> &str {
        str::from_utf8(&self.body).expect("a body in UTF-8")
    }

    /// Whether the path, without the query, ends so.
    pub fn path_ends_with(&self, end: &str) -> bool {
        self.target.split('?').next().is_some_and(|path| path.ends_with(end))
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a body in JSON")
    }
}

/// What goes out.
#[derive(Debug, Clone)]
pub enum Response {
    Reply {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// A body in two halves; the second is sent after the notification.
    Halves(Vec<u8>, Arc<Notify>, Vec<u8>),
    /// A whole response, after the notification.
    Late(Arc<Notify>, Vec<(String, String)>, Vec<u8>),
    /// Fewer bytes than announced, then the end of the connection.
    CutOff(Vec<u8>),
    /// The connection is closed without a response.
    Close,
    /// The connection is kept and nothing is sent.
    Silence,
}

impl Response {
    pub fn empty(status: u16) -> Self {
        Self::Reply { status, headers: Vec::new(), body: Vec::new() }
    }

    pub fn json(status: u16, body: &str) -> Self {
        Self::bytes(status, body).header("content-type", "application/json; charset=utf-8")
    }

    pub fn html(status: u16, body: &str) -> Self {
        Self::bytes(status, body).header("content-type", "text/html")
    }

    /// A body without a content type.
    pub fn bytes(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Reply { status, headers: Vec::new(), body: body.into() }
    }

    /// Tokens as sign-in and renewal give them; `expires_in` is JSON, the life of the
    /// access token in milliseconds.
    pub fn tokens(number: u64, expires_in: &str) -> Self {
        let access = format!(r#"{{"expiresIn":{expires_in},"token":"access-{number}"}}"#);
        Self::json(200, &format!(r#"{{"access":{access},"service":{{"expiresIn":null,"token":"service-{number}"}}}}"#))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Reply { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// Which script answers, and where the request is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lane {
    /// Everything but the other two.
    Operations,
    /// `POST /user/signin`.
    SignIns,
    /// `POST /user/token`.
    Renewals,
}

type Respond = Box<dyn Fn(&Request) -> Response + Send>;

/// One lane: what came, what is still to be answered, and what is answered after that.
struct Script {
    requests: Vec<Request>,
    responses: VecDeque<Response>,
    then: Respond,
}

pub struct Recorder {
    address: SocketAddr,
    scripts: Arc<[Mutex<Script>; 3]>,
}

impl Recorder {
    /// Starts with an empty script: operations get 599, sign-ins and renewals get
    /// `access-1` and `service-1`, then `access-2` and `service-2`, and so on, each good
    /// for an hour.
    pub async fn start() -> Self {
        let issued = Arc::new(AtomicU64::new(0));
        let issue = move |_: &Request| Response::tokens(issued.fetch_add(1, Ordering::SeqCst) + 1, "3600000");
        let script = |then: Respond| Mutex::new(Script { requests: Vec::new(), responses: VecDeque::new(), then });
        let scripts = Arc::new([
            script(Box::new(|_: &Request| Response::empty(599))),
            script(Box::new(issue.clone())),
            script(Box::new(issue)),
        ]);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::clone(&scripts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let scripts = Arc::clone(&shared);
                // A connection that breaks is the client's business; the tests look at
                // what it makes of it.
                tokio::spawn(async move { serve(stream, &scripts).await.ok() });
            }
        });
        Self { address, scripts }
    }

    /// `http://127.0.0.1:<port>`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds to what is answered next.
    pub fn script(&self, lane: Lane, responses: impl IntoIterator<Item = Response>) {
        self.scripts[lane as usize].lock().unwrap().responses.extend(responses);
    }

    /// What is answered when the script is at its end.
    pub fn then(&self, lane: Lane, respond: impl Fn(&Request) -> Response + Send + 'static) {
        self.scripts[lane as usize].lock().unwrap().then = Box::new(respond);
    }

    /// What came so far.
    pub fn requests(&self, lane: Lane) -> Vec<Request> {
        self.scripts[lane as usize].lock().unwrap().requests.clone()
    }

    /// How many operations, sign-ins and renewals came so far.
    pub fn counts(&self) -> [usize; 3] {
        [Lane::Operations, Lane::SignIns, Lane::Renewals].map(|lane| self.requests(lane).len())
    }
}

async fn serve(stream: TcpStream, scripts: &[Mutex<Script>; 3]) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await? {
        let path = request.target.split('?').next().unwrap_or_default();
        let lane = match path {
            _ if path.ends_with("/user/signin") => Lane::SignIns,
            _ if path.ends_with("/user/token") => Lane::Renewals,
            _ => Lane::Operations,
        };
        let response = {
            let mut script = scripts[lane as usize].lock().unwrap();
            let response = script.responses.pop_front().unwrap_or_else(|| (script.then)(&request));
            script.requests.push(request);
            response
        };
        match response {
            Response::Reply { status, headers, body } => {
                // In one write: in two, the second waits for the client's delayed
                // acknowledgement of the first.
                stream.write_all(&[head(status, &headers, body.len()), body].concat()).await?;
            }
            Response::Halves(first, gate, second) => {
                stream.write_all(&head(200, &[], first.len() + second.len())).await?;
                stream.write_all(&first).await?;
                gate.notified().await;
                stream.write_all(&second).await?;
            }
            Response::Late(gate, headers, body) => {
                gate.notified().await;
                stream.write_all(&[head(200, &headers, body.len()), body].concat()).await?;
            }
            Response::CutOff(body) => {
                stream.write_all(&head(200, &[], body.len() + 1)).await?;
                stream.write_all(&body).await?;
                return stream.shutdown().await;
            }
            Response::Close => return stream.shutdown().await,
            Response::Silence => std::future::pending().await,
        }
    }
    Ok(())
}

fn head(status: u16, headers: &[(String, String)], length: usize) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} Scripted\r\n");
    // RFC 9110, section 8.6: no Content-Length in a 204.
    if status != 204 {
        head += &format!("content-length: {length}\r\n");
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    (head + "\r\n").into_bytes()
}

/// The next request on a connection; `None` when the client has closed it.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let Some(line) = read_line(stream).await? else { return Ok(None) };
    let mut words = line.split(' ').map(str::to_owned);
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
        return Err(io::Error::other(format!("not a request line: {line}")));
    };
    assert_eq!((version.as_str(), words.next()), ("HTTP/1.1", None), "{line}");
    let mut request = Request { method, target, headers: Vec::new(), body: Vec::new() };
    while let Some(line) = read_line(stream).await?.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").expect("a header");
        request.headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    if let Some(length) = request.header("content-length") {
        request.body = vec![0; length.parse().expect("a length")];
        stream.read_exact(&mut request.body).await?;
    } else if request.header("transfer-encoding") == Some("chunked") {
        while let Some(line) = read_line(stream).await? {
            let length = usize::from_str_radix(&line, 16).expect("a chunk size");
            let mut chunk = vec![0; length + 2];
            stream.read_exact(&mut chunk).await?;
            assert_eq!(chunk.split_off(length), b"\r\n", "the end of a chunk");
            if length == 0 {
                break;
            }
            request.body.append(&mut chunk);
        }
    }
    Ok(Some(request))
}

/// A line without its end; `None` at the end of the stream.
async fn read_line(stream: &mut BufReader<TcpStream>) -> io::Result<Option<String>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    Ok(Some(line.strip_suffix("\r\n").expect("CRLF").to_owned()))
}
