"""A server of the API on this machine, which decrypts."""

import base64
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "eyJhbGciOi.J9.c2ln"


class Server(ThreadingHTTPServer):
    def __init__(self, info: dict[str, Any], decrypt: Callable[[bytes], bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.info = info
        self.decrypt = decrypt
        self.passwords: list[tuple[str, bytes]] = []
        self.asked = 0
        # How many requests are answered with 429 before each that counts.
        self.busy = 0
        self.refused = 0

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        match method, path:
            case "POST", "/query-password-info/v1":
                assert body == {"userName": "Abby.Smith", "sourceName": "My-AD"}
                return 200, self.info
            case "POST", "/set-password/v1":
                ids = {name: self.info[name] for name in ("identityId", "sourceId", "publicKeyId")}
                if {name: body.get(name) for name in ids} != ids:
                    return 400, {"detailCode": "400.1 Bad Request Content"}
                ciphertext = base64.b64decode(body["encryptedPassword"], validate=True)
                self.passwords.append((body["accountId"], self.decrypt(ciphertext)))
                return 202, {"requestId": "089899f13a8f", "state": "IN_PROGRESS"}
            case "GET", "/password-change-status/v1/089899f13a8f":
                self.asked += 1
                state = "FINISHED" if self.asked > 1 else "IN_PROGRESS"
                return 200, {"requestId": "089899f13a8f", "state": state, "errors": []}
        return 404, {"detailCode": "404 Not found"}


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.reply({})

    def do_POST(self) -> None:
        self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def reply(self, body: dict[str, Any]) -> None:
        if self.server.refused < self.server.busy:
            self.server.refused += 1
            status, answer = 429, {"message": "API rate limit exceeded"}
        elif self.headers["Authorization"] == f"Bearer {TOKEN}":
            self.server.refused = 0
            status, answer = self.server.answer(self.command, self.path, body)
        else:
            status, answer = 401, {"error": "JWT validation failed"}
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status == 429:
            self.send_header("Retry-After", "3")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass
