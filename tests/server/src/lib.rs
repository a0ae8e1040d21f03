//! A server on the loopback interface that behaves as the specification says: it checks the
//! token and the headers, hands out a key, decrypts what comes back with the private one, and
//! takes its time to set the password.
// The helpers of a test may panic as the test itself may.
#![allow(clippy::panic, clippy::unwrap_used)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};
use serde_json::{Value, json};

/// The bearer token that it takes.
pub const TOKEN: &str = "eyJhbGciOi.eyJzY29wZ.c2lnbmF0dXJl";

const INFO: &str = include_str!("../../../examples/password-info.json");
const PRIVATE_KEY: &str = include_str!("../../../examples/private-key.pem");

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
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State {
            trouble,
            passwords: HashMap::new(),
            changes: HashMap::new(),
            requests: Vec::new(),
            bodies: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        // Ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(&stream.expect("a connection"), &shared));
            }
        });
        Self { address, state }
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

fn serve(stream: &TcpStream, shared: &Mutex<State>) {
    let request = read(stream);
    let mut state = shared.lock().unwrap();
    state
        .requests
        .push(format!("{} {}", request.method, request.path));
    state.bodies.push(request.body.clone());
    let number = state.requests.len();
    let trouble = state.trouble.clone();
    match trouble {
        Trouble::Raw(path, bytes) if request.path.contains(path) => {
            // The client may have hung up.
            let _ = (&mut &*stream).write_all(&bytes);
        }
        Trouble::Gigabyte => {
            drop(state);
            gigabyte(stream);
        }
        _ => {
            let (status, headers, body) = state.answer(&request);
            let body = body.to_string();
            drop(state);
            match trouble {
                Trouble::Slow(time) => thread::sleep(time),
                Trouble::Holds(held) if held == number => wait_for_another(shared, number),
                _ => {}
            }
            let _ = write!(
                &mut &*stream,
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n\
                 Content-Length: {}\r\n{headers}\r\n{body}",
                body.len(),
            );
        }
    }
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

fn read(stream: &TcpStream) -> Request {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).expect("a request line");
    let mut words = line.split_whitespace();
    let (method, path) = (
        words.next().expect("a method"),
        words.next().expect("a path"),
    );
    let (method, path) = (method.to_owned(), path.to_owned());
    let mut headers = HashMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).expect("a header");
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
    reader.read_exact(&mut body).expect("the body");
    Request {
        method,
        path,
        headers,
        body,
    }
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
    fn answer(&mut self, request: &Request) -> Answer {
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
                Some(id) if request.body.is_empty() => self.status(id),
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
        let id = format!("{:032x}", self.changes.len() + 1);
        self.changes
            .insert(id.clone(), (account.into(), password, 0));
        let body = json!({"requestId": id, "state": "IN_PROGRESS"});
        (202, String::new(), body)
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

fn query_password_info(body: &Value) -> Answer {
    if *body != json!({"userName": "Abby.Smith", "sourceName": "My-AD"}) {
        return error(404, "There is no such person.");
    }
    (
        200,
        String::new(),
        serde_json::from_str(INFO).expect("JSON"),
    )
}
