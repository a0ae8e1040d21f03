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
        // As `curl --compressed` prints it.
        "HTTP/1.1 500 X\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n<html>\r\n",
        "HTTP/1.1 500 X\r\nContent-Encoding: br\r\nContent-Length: 99\r\n\r\n<html>\r\n",
    ] {
        let text = [before, LAST].concat();
        let response = parse_http_response(text.as_bytes()).expect(before);
        assert_eq!(response.status(), 200, "{before}");
        assert_eq!(response.headers()["retry-after"], "7", "{before}");
        assert_eq!(*response.body(), b"{}", "{before}");
    }
}

/// Which of two successful answers is meant is not guessed, whatever there is between them.
#[test]
fn nothing_follows_a_successful_answer() {
    for length in ["", "content-length: 8\r\n"] {
        for between in ["", "\n", "\r\n\r\n"] {
            for second in ["HTTP/2 200 \r\n\r\n{}", "HTTP/1.1 500 X\r\n\r\n{}"] {
                let text = format!("HTTP/2 202 \r\n{length}\r\n{{\"a\": 1}}{between}{second}");
                let error = parse_http_response(text.as_bytes()).err();
                assert_eq!(error, Some(HttpTextError::Several), "{text}");
            }
        }
    }
}

#[test]
fn a_response_after_an_error_may_be_on_a_line_of_its_own() {
    let text = "HTTP/2 429 \r\ncontent-length: 2\r\n\r\n{}\nHTTP/2 200 \r\n\r\n[]";
    let response = parse_http_response(text.as_bytes()).expect("they are two");
    assert_eq!(
        (response.status().as_u16(), *response.body()),
        (200, &b"[]"[..])
    );
}

#[test]
fn a_string_that_looks_like_a_head_is_none() {
    for body in [
        r#"{"a": "HTTP/1.1 200 OK"}"#,
        r#"{"a": "}HTTP/1.1 200 "}"#,
        "{\"a\": \"HTTP/2 200 \",\n \"b\": 1}\n\n",
        "<p>HTTP/1.1 502 Bad Gateway</p>\n\n",
    ] {
        for status in [200, 502] {
            let text = format!("HTTP/1.1 {status} X\r\n\r\n{body}");
            let response = parse_http_response(text.as_bytes()).expect(body);
            assert_eq!(*response.body(), body.as_bytes());
            assert_eq!(response.status(), status, "{body}");
        }
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
    ] {
        assert_eq!(
            parse_http_response(text.as_bytes()).err(),
            Some(expected),
            "{text}"
        );
    }
    let cut_off = parse_http_response(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\":");
    assert!(matches!(
        cut_off,
        Err(HttpTextError::CutOff {
            len: 5,
            expected: 10,
            ..
        })
    ));
}

#[test]
fn what_follows_a_body_of_known_length_is_no_part_of_it() {
    let response =
        parse_http_response(b"HTTP/2 202\r\ncontent-length: 2\r\n\r\n{}\n").expect("it is one");
    assert_eq!(*response.body(), b"{}");
}
