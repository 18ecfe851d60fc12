"""Asks the running server, from a trusted source, whatever its OpenAPI document allows and much that it forbids: no 5xx,
answers that fit their schemas, wrong data refused, declared credentials needed. run.py PROGRAM SCHEMATHESIS EXAMPLES"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
PASSWORD = "seven quiet llamas"
# What ends the very session that asks has a turn of its own: afterwards that session opens nothing.
ENDING = ["logout", "endSession", "endOtherSessions"]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def ask(url: str, body: dict | None = None, token: str = "") -> dict:
    data = None if body is None else json.dumps(body).encode()
    shown = {"authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url, data, {"content-type": "application/json", **shown})
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text.startswith(b"{") else {}


def wait_until_ready(server: subprocess.Popen, url: str) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            ask(f"{url}/readyz")
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit("the server did not start") from None
            time.sleep(0.05)


def sign_in(url: str, login: str) -> str:
    return ask(f"{url}/v1/login", {"login": login, "password": PASSWORD})["token"]


def turn(name: str, tool: str, url: str, examples: str, more: list[str]) -> bool:
    print(f"-- {name}", flush=True)
    command = [tool, "--config-file", str(HERE / "schemathesis.toml"), "run", f"{url}/v1/openapi.json"]
    command += ["--max-examples", examples, "--no-color", *more]
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, cwd=folder, check=False).returncode == 0


def turns(tool: str, url: str, examples: str) -> bool:
    def bearer(token: str) -> list[str]:
        return ["--header", f"Authorization: Bearer {token}"]

    paths = ask(f"{url}/v1/openapi.json")["paths"].values()
    known = {operation.get("operationId") for path in paths for operation in path.values() if isinstance(operation, dict)}
    assert known >= set(ENDING), f"no operations of that name: {set(ENDING) - known}"
    ana, ben = sign_in(url, "ana"), sign_in(url, "ben")
    others = [part for name in ENDING for part in ("--exclude-operation-id", name)]
    ending = [part for name in ENDING for part in ("--include-operation-id", name)]
    results = [
        turn("by somebody signed in", tool, url, examples, bearer(ana) + others),
        bool(ask(f"{url}/v1/me", token=ana)["id"]),  # she was signed in all the while, or all that was for nothing
        turn("ending that session", tool, url, examples, bearer(ben) + ending),
        turn("by nobody", tool, url, examples, []),
    ]
    return all(results)


def main(program: str, tool: str, examples: str) -> int:
    url = f"http://127.0.0.1:{(port := free_port())}"
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "CONVENE__HTTP__BIND": f"127.0.0.1:{port}",
            "CONVENE__DATA__DIR": f"{folder}/data",
            "CONVENE__LIMITS__TRUSTED_SOURCES": "127.0.0.0/8",
            # Guesses are counted for trusted sources too, and this one guesses all the time.
            "CONVENE__LIMITS__FAILURES_PER_MINUTE": "10000",
            "CONVENE__LOG__LEVEL": "warn",
        }
        log = open(f"{folder}/log", "w+b")
        server = subprocess.Popen([program], cwd=folder, env=environment, stderr=log)
        try:
            wait_until_ready(server, url)
            for name in ["ana", "ben"]:
                create = [program, "user", "create", "--name", name, "--username", name]
                create += ["--email", f"{name}@example.org", "--password-stdin"]
                subprocess.run(
                    create, input=PASSWORD.encode(), env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL
                )
            good = turns(tool, url, examples)
        finally:
            server.terminate()
            ended = server.wait(timeout=30)
        log.seek(0)
        complaints = [line for line in log.read().decode().splitlines() if " ERROR " in line or "panicked" in line]
    for line in complaints[:20]:
        print(f"logged: {line}")
    return 0 if good and ended == 0 and not complaints else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
