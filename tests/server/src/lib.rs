//! A server on the loopback interface that behaves as the specification says: it checks the
//! token and the headers, hands out a key, decrypts what comes back with the private one, and
//! takes its time to set the password. It keeps connections open unless it is asked to close them, and takes so many
//! requests in some time as the platform does.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};
use serde_json::{Value, json};

/// The bearer token that it takes.
pub const TOKEN: &str = "eyJhbGciOi.eyJzY29wZ.c2lnbmF0dXJl";

const INFO: &str = include_str!("../../../examples/password-info.json");
const PRIVATE_KEY: &str = include_str!("../../../examples/private-key.pem");

/// The platform's limit: so many requests in this time.
const LIMIT: (usize, Duration) = (100, Duration::from_secs(10));

/// What a server does wrong.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// Nothing.
    None,
    /// Answers requests for a path that contains this with these bytes, then hangs up.
    Raw(&'static str, Vec<u8>),
    /// Announces a body of 1 GiB and sends it until the client hangs up.
    Gigabyte,
    /// Refuses the first question after the status with 429 and `Retry-After: 1`, and has a page
    /// for the second one.
    Busy,
    /// Lets the change fail.
    Fails,
    /// Does what it is asked for, and takes this long to say so.
    Slow(Duration),
    /// Answers the request of this number, from 1, only when another has come.
    Holds(usize),
    /// Carries out every second request, and hangs up.
    HangsUp,
    /// Answers every second set-password with the request id of the one before it.
    WrongIds,
    /// Now and then, in an order that looks random and is the same each time: hangs up before it does what it is asked for,
    /// after it, or in the middle of its answer; answers late, twice, or about another change.
    Chaos,
}

/// What a request meets where there is chaos.
#[derive(Clone, Copy, PartialEq)]
enum Luck {
    Good,
    HungUpBefore,
    HungUpAfter,
    CutOff,
    Late,
    Twice,
    OfAnother,
}

/// Serves from when it is started until the process ends.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    trouble: Trouble,
    /// The passwords by account id, once they are set.
    passwords: HashMap<String, Vec<u8>>,
    /// The change that is under way, by request id: account, password, how often it was asked for.
    changes: HashMap<String, (String, Vec<u8>, usize)>,
    /// The accounts of all changes that were ordered.
    ordered: Vec<String>,
    limit: (usize, Duration),
    held_from: usize,
    /// When those requests came that count.
    times: VecDeque<Instant>,
    /// The last random number.
    seed: u64,
    /// The lines of all requests, and their bodies.
    requests: Vec<String>,
    bodies: Vec<Vec<u8>>,
}

struct Request {
    method: String,
    path: String,
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Server {
    /// Starts one on a free port.
    #[must_use]
    pub fn start(trouble: Trouble) -> Self {
        Self::start_limited(trouble, LIMIT)
    }

    /// As [`start`](Self::start), with another limit: so many requests in this time.
    #[must_use]
    pub fn start_limited(trouble: Trouble, limit: (usize, Duration)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State {
            trouble,
            passwords: HashMap::new(),
            changes: HashMap::new(),
            ordered: Vec::new(),
            limit,
            held_from: usize::MAX,
            times: VecDeque::new(),
            seed: 1,
            requests: Vec::new(),
            bodies: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        // Ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let stream = stream.expect("a connection");
                    let mut reader = BufReader::new(&stream);
                    while let Some(request) = read(&mut reader) {
                        if !serve(&stream, &request, &shared) {
                            break;
                        }
                    }
                });
            }
        });
        Self { address, state }
    }

    /// Another limit from now on.
    pub fn limit(&self, limit: (usize, Duration)) {
        self.state.lock().unwrap().limit = limit;
    }

    /// Answers the requests from this number on, counted from 1, only when another number is set.
    pub fn hold_from(&self, number: usize) {
        self.state.lock().unwrap().held_from = number;
    }

    /// The base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The password that an account has now.
    #[must_use]
    pub fn password(&self, account: &str) -> Option<Vec<u8>> {
        self.state.lock().unwrap().passwords.get(account).cloned()
    }

    /// The accounts of all changes that were ordered, in their order.
    #[must_use]
    pub fn ordered(&self) -> Vec<String> {
        self.state.lock().unwrap().ordered.clone()
    }

    /// The first lines of all requests so far.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }

    /// The bodies of all requests so far.
    #[must_use]
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        self.state.lock().unwrap().bodies.clone()
    }
}

fn wait_for_another(shared: &Mutex<State>, number: usize) {
    while shared.lock().unwrap().requests.len() == number {
        thread::sleep(Duration::from_millis(1));
    }
}

/// Answers a request; false if that was the last one of its connection.
fn serve(stream: &TcpStream, request: &Request, shared: &Mutex<State>) -> bool {
    let mut state = shared.lock().unwrap();
    state
        .requests
        .push(format!("{} {}", request.method, request.path));
    state.bodies.push(request.body.clone());
    let number = state.requests.len();
    let trouble = state.trouble.clone();
    if let Trouble::Raw(path, bytes) = &trouble
        && request.path.contains(path)
    {
        // The client may have hung up.
        let _ = (&mut &*stream).write_all(bytes);
        return false;
    }
    if let Trouble::Gigabyte = trouble {
        drop(state);
        gigabyte(stream);
        return false;
    }
    let luck = match trouble {
        Trouble::Chaos => state.luck(),
        Trouble::HangsUp if state.requests.len().is_multiple_of(2) => Luck::HungUpAfter,
        _ => Luck::Good,
    };
    if luck == Luck::HungUpBefore {
        return false;
    }
    let (status, headers, body) = state.answer(request, luck);
    let body = body.to_string();
    drop(state);
    let connection = request.headers.get("connection");
    let is_last = connection.is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let answer = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: {}\r\n\
         Content-Length: {}\r\n{headers}\r\n{body}",
        if is_last { "close" } else { "keep-alive" },
        body.len(),
    );
    let mut answer = answer.into_bytes();
    match (luck, trouble) {
        (Luck::HungUpAfter, _) => return false,
        (Luck::CutOff, _) => answer.truncate(answer.len() - body.len() / 2 - 1),
        (Luck::Twice, _) => answer.extend_from_within(..),
        (Luck::Late, _) => thread::sleep(Duration::from_millis(150)),
        (_, Trouble::Slow(time)) => thread::sleep(time),
        // Long enough to be killed before it.
        (_, Trouble::Chaos) => thread::sleep(Duration::from_millis(60)),
        (_, Trouble::Holds(held)) if held == number => wait_for_another(shared, number),
        _ => {}
    }
    while shared.lock().unwrap().held_from <= number {
        thread::sleep(Duration::from_millis(1));
    }
    let written = (&mut &*stream).write_all(&answer);
    written.is_ok() && !is_last && luck != Luck::CutOff
}

fn gigabyte(mut stream: &TcpStream) {
    let head =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n";
    let mut result = stream.write_all(head);
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..1024 {
        if result.is_err() {
            return;
        }
        result = stream.write_all(&spaces);
    }
    panic!("the client reads a gigabyte");
}

/// `None` if the client hung up, as it does where it is killed.
fn read(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return None;
    }
    let mut words = line.split_whitespace();
    let (method, path) = (
        words.next().expect("a method"),
        words.next().expect("a path"),
    );
    let (method, path) = (method.to_owned(), path.to_owned());
    let mut headers = HashMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        let previous = headers.insert(name.to_lowercase(), value.to_owned());
        assert!(previous.is_none(), "{name} occurs twice");
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        method,
        path,
        headers,
        body,
    })
}

type Answer = (u16, String, Value);

fn error(status: u16, text: &str) -> Answer {
    let body = json!({
        "detailCode": format!("{status}.1 Error"),
        "trackingId": "b21b1f7ce4da4d639f2c62a57171b427",
        "messages": [{"locale": "en-US", "localeOrigin": "DEFAULT", "text": text}],
        "causes": [],
    });
    (status, String::new(), body)
}

impl State {
    /// What the next request meets.
    fn luck(&mut self) -> Luck {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        match (self.seed >> 33) % 24 {
            0 => Luck::HungUpBefore,
            1 => Luck::HungUpAfter,
            2 => Luck::CutOff,
            3 | 4 => Luck::Twice,
            5 | 6 => Luck::OfAnother,
            7..12 => Luck::Late,
            _ => Luck::Good,
        }
    }

    /// The seconds to wait for if the limit is reached.
    fn busy(&mut self) -> Option<u64> {
        let (most, time) = self.limit;
        while self.times.front().is_some_and(|at| at.elapsed() > time) {
            self.times.pop_front();
        }
        if self.times.len() < most {
            self.times.push_back(Instant::now());
            return None;
        }
        let oldest = self.times.front()?;
        Some(time.saturating_sub(oldest.elapsed()).as_secs() + 1)
    }

    fn answer(&mut self, request: &Request, luck: Luck) -> Answer {
        if let Some(seconds) = self.busy() {
            let body = json!({"message": " Rate Limit Exceeded "});
            return (429, format!("Retry-After: {seconds}\r\n"), body);
        }
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        if header("authorization") != Some(&format!("Bearer {TOKEN}")) {
            let body = json!({"error": "JWT validation failed: JWT is expired"});
            return (401, String::new(), body);
        }
        if header("accept") != Some("application/json") {
            return error(400, "No Accept header.");
        }
        let route = (&request.method[..], &request.path[..]);
        if let ("GET", path) = route {
            return match path.strip_prefix("/v2026/password-change-status/") {
                Some(id) if request.body.is_empty() => {
                    let id = self.asked(id, luck);
                    self.status(&id)
                }
                _ => error(404, "No such path."),
            };
        }
        let Ok(body) = serde_json::from_slice::<Value>(&request.body) else {
            return error(400, "The body is no JSON.");
        };
        if header("content-type") != Some("application/json") {
            return error(400, "No Content-Type header.");
        }
        match route {
            ("POST", "/v2026/query-password-info") => query_password_info(&body),
            ("POST", "/v2026/set-password") => self.set_password(&body),
            ("POST", "/v2026/generate-password-reset-token/digit") => {
                if header("x-sailpoint-experimental") != Some("true") {
                    return error(400, "The API is experimental.");
                }
                let length = body["length"].as_u64().unwrap_or(6);
                let length = usize::try_from(length).expect("a length");
                let digits: String = ('0'..='9').cycle().take(length).collect();
                (
                    200,
                    String::new(),
                    json!({"digitToken": digits, "requestId": "e1267ecd"}),
                )
            }
            _ => error(404, "No such path."),
        }
    }

    fn set_password(&mut self, body: &Value) -> Answer {
        let info: Value = serde_json::from_str(INFO).expect("JSON");
        for field in ["identityId", "sourceId", "publicKeyId"] {
            if body[field] != info[field] {
                return error(
                    400,
                    &format!("{field} is not the one of the password-info."),
                );
            }
        }
        let account = body["accountId"].as_str().expect("an account");
        let ciphertext = body["encryptedPassword"].as_str().expect("a ciphertext");
        let ciphertext = STANDARD.decode(ciphertext).expect("base64");
        let key = RsaPrivateKey::from_pkcs8_pem(PRIVATE_KEY).expect("a key");
        let Ok(password) = key.decrypt(Pkcs1v15Encrypt, &ciphertext) else {
            return error(400, "The password cannot be decrypted.");
        };
        let count = self.changes.len() + 1;
        let id = format!("{count:032x}");
        self.ordered.push(account.into());
        self.changes
            .insert(id.clone(), (account.into(), password, 0));
        let id = match self.trouble {
            Trouble::WrongIds if count.is_multiple_of(2) => format!("{:032x}", count - 1),
            _ => id,
        };
        let body = json!({"requestId": id, "state": "IN_PROGRESS"});
        (202, String::new(), body)
    }

    /// The change whose state is told.
    fn asked(&self, id: &str, luck: Luck) -> String {
        let mut others = self.changes.keys().filter(|other| *other != id);
        match (luck, others.next()) {
            (Luck::OfAnother, Some(other)) => other.clone(),
            _ => id.into(),
        }
    }

    fn status(&mut self, id: &str) -> Answer {
        let Some((account, password, asked)) = self.changes.get_mut(id) else {
            return error(404, "There is no such change.");
        };
        *asked += 1;
        let busy = match self.trouble {
            Trouble::Busy => 2,
            _ => 0,
        };
        if *asked < busy {
            let body = json!({"message": " Rate Limit Exceeded "});
            return (429, "Retry-After: 1\r\n".into(), body);
        }
        if *asked == busy {
            return (200, String::new(), json!("<html>We are back soon."));
        }
        let (state, errors) = match self.trouble {
            _ if *asked == busy + 1 => ("IN_PROGRESS", json!([])),
            Trouble::Fails => ("FAILED", json!(["The password is in the history."])),
            _ => {
                self.passwords.insert(account.clone(), password.clone());
                ("FINISHED", json!([]))
            }
        };
        let body =
            json!({"requestId": id, "state": state, "errors": errors, "sourceIds": ["2c91"]});
        (200, String::new(), body)
    }
}

/// There is Abby.Smith, and everybody whose name begins with Person, with an account of that name.
fn query_password_info(body: &Value) -> Answer {
    let mut info: Value = serde_json::from_str(INFO).expect("JSON");
    let name = body["userName"].as_str().unwrap_or_default();
    let is_person = name.starts_with("Person");
    if is_person {
        info["accounts"] = json!([{"accountId": name}]);
    }
    let is_known = is_person || name == "Abby.Smith";
    if !is_known || *body != json!({"userName": name, "sourceName": "My-AD"}) {
        return error(404, "There is no such person.");
    }
    (200, String::new(), info)
}
