//! Responses as `curl --include` writes them.

use pwseal_api::{HttpTextError, parse_http_response};

const LAST: &str = "HTTP/1.1 200 OK\r\nRetry-After: 7\r\n\r\n{}";

#[test]
fn the_last_of_several_responses_counts() {
    for before in [
        "",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 Connection established\r\nProxy-Agent: x\r\n\r\n",
        "HTTP/1.0 429 Too Many Requests\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/2 429 \r\nretry-after: 1\r\n\r\n{\"message\": \"HTTP/ is busy\"}",
        "HTTP/3 503\r\n\r\n",
        "HTTP/1.1 302 Found\nLocation: /HTTP/1.1\n\nmoved",
        "HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\nContent-Length: 99\r\n\r\n<html>\r\n",
    ] {
        let text = [before, LAST].concat();
        let response = parse_http_response(text.as_bytes()).expect(before);
        assert_eq!(response.status(), 200, "{before}");
        assert_eq!(response.headers()["retry-after"], "7", "{before}");
        assert_eq!(*response.body(), b"{}", "{before}");
    }
}

#[test]
fn what_is_cut_off_is_told_from_what_is_no_response() {
    for (text, expected) in [
        ("", HttpTextError::NoStatus),
        ("{}", HttpTextError::NoStatus),
        ("HTTP/1.1 20", HttpTextError::NoStatus),
        ("HTTP/1.1 2000 OK\r\n\r\n", HttpTextError::NoStatus),
        ("HTTP/ 200 OK\r\n\r\n", HttpTextError::NoStatus),
        ("HTTP/1.1 200 OK\r\nContent-Le", HttpTextError::HeadCutOff),
        ("HTTP/1.1 200 OK\r\nA: b\r\n", HttpTextError::HeadCutOff),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\":",
            HttpTextError::CutOff {
                len: 5,
                expected: 10,
            },
        ),
    ] {
        assert_eq!(
            parse_http_response(text.as_bytes()).err(),
            Some(expected),
            "{text}"
        );
    }
}

#[test]
fn what_follows_a_body_of_known_length_is_no_part_of_it() {
    let response =
        parse_http_response(b"HTTP/2 202\r\ncontent-length: 2\r\n\r\n{}\n").expect("it is one");
    assert_eq!(*response.body(), b"{}");
}
