"""What the clients of each tool read, as they are generated: a server that sends one response for each case, and a program in each
language that calls it. Twice: with the specs of today, and with those of a revision before the responses were envelopes."""

import email
import json
import re
import shutil
import threading
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import rows
from tools import HERE, INTERFACES, ROOT, WORK, Failed, Skipped, empty, node, openapi_generator, python, run, system

# The last one with a choice of schemas in place of each envelope.
BEFORE = "6829e1f"
PROBES = HERE / "probes"
CONTENT = bytes(range(256))

CALL = {"id": 1, "clientName": "C", "status": "New", "created": "2026-03-02T09:00:00Z"}
NULLS = ["availableExpenditureItems", "comments", "commited", "created", "jeopardies", "status", "tasks", "ttf", "userId"]
# Of each case: what it is about, the status and the body of the response, and what has to be there in the result.
CASES = {
    "plain": ("an ordinary response", 200, CALL, {"clientName": "C", "status": "New"}),
    "nulls": ("`null` for optional properties, enums and lists", 200, {**CALL, **dict.fromkeys(NULLS)}, {"clientName": "C"}),
    "nullref": ("`null` for a nested object", 200, {"message": "m", "call": None, "owner": None}, {"message": "m"}),
    "unknown": ("an enum value that isn't listed", 200, {**CALL, "status": "Frobnicated"}, {"clientName": "C"}),
    "local": ("a date-time without an offset", 200, {**CALL, "created": "2026-03-02T09:00:00"}, {"clientName": "C"}),
    "success": ("a success in an envelope (crpt)", 200, {"ok": True, "data": {
        "files": [], "messages": [], "number": "SR1", "priority": 1, "solution": "", "status": "S", "subject": "X",
        "symptoms": "Y"}}, {"data.subject": "X"}),
    "under200": ("a failure under 200 (crpt)", 200, {"error": "case not found", "ok": False}, {"error": "case not found"}),
    "batch": ("a success in an envelope (callback)", 200, {
        "statusCode": 200, "commit": "b", "applications": [{"applicationId": "1", "opf": " legalEntity"}]},
        {"commit": "b", "statusCode": 200}),
    "refused": ("a failure under 200 (callback)", 200, {"statusCode": 401, "data": {"type": "Not authorized"}},
                {"statusCode": 401, "data.type": "Not authorized"}),
    "code": ("a documented failure, its error code", 404, {"errorCode": 1}, {"failure.status": 404, "failure.data": {"errorCode": 1}}),
    "empty": ("a failure without its body, its status", 404, None, {"failure.status": 404}),
    "none": ("204 where the spec has it next to 200", 204, None, {"": None}),
    "credential": ("sends the word and the token of `UserAuth`", 200, "Authorization", {"name": "x-user T"}),
    "multipart": ("sends a file with a Cyrillic name in a form", 200, "filename", {"name": "акт.pdf"}),
    "octets": ("sends a file as the body", 200, "body", {"data": CONTENT.hex()}),
}


class Server(BaseHTTPRequestHandler):
    """The first segment of the path is the case."""

    def respond(self):
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length else self.chunks()
        _, status, body, _ = CASES[self.path.split("/")[1]]
        if body == "Authorization":
            body = {"id": 1, "name": self.headers.get("Authorization")}
        elif body == "filename":
            message = email.message_from_bytes(
                b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + content, policy=HTTP)
            [part] = message.iter_parts()
            body = {"id": 1, "name": part.get_filename(), "blobServiceFileName": part.get_content_type()}
        elif body == "body":
            body = {"ok": True, "data": content.hex()}
        sent = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        if sent:
            self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = respond

    def chunks(self):
        content = b""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                content += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        return content

    def log_message(self, *arguments):
        pass


def python_openapi(specs, folder):
    for interface in INTERFACES:
        openapi_generator("python", specs / f"{interface}.yaml", folder / interface, "--additional-properties",
                          f"packageName={interface}_openapi,enumUnknownDefaultCase=true")
    path = ":".join(str(folder / interface) for interface in INTERFACES)
    return [python(), PROBES / "python_openapi.py"], {"PYTHONPATH": path}


def python_client(specs, folder):
    for interface in INTERFACES:
        try:
            rows.python_client(specs / f"{interface}.yaml", folder / interface)
        except Failed as error:
            # What it couldn't make is left out, with a warning; whether the rest is read is the question.
            if "--fail-on-warning" not in str(error):
                raise
    path = ":".join(str(folder / interface) for interface in INTERFACES)
    return [python(), PROBES / "python_client.py"], {"PYTHONPATH": path}


def typescript(specs, folder):
    empty(folder)
    for interface in INTERFACES:
        run([node("openapi-typescript"), specs / f"{interface}.yaml", "--output", folder / "schema" / f"{interface}.ts"])
    shutil.copy(PROBES / "probe.ts", folder)
    (folder / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")
    rows.typescript(folder, "probe.ts", emit=True)
    return [system("node"), folder / "probe.js"], {}


def java(specs, folder):
    for interface in INTERFACES:
        rows.java_openapi_generator(specs / f"{interface}.yaml", folder / interface)
    path = "".join(f":{folder / interface / 'classes'}" for interface in INTERFACES)
    rows.javac(folder, folder / "classes", [PROBES / "Probe.java"], path)
    return [system("java"), "-Dfile.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8", "-cp",
            f"{rows.class_path()}{path}:{folder / 'classes'}", "Probe"], {"LC_ALL": "C.UTF-8"}


def go(specs, folder):
    empty(folder)
    for interface in INTERFACES:
        openapi_generator("go", specs / f"{interface}.yaml", folder / interface, "--additional-properties",
                          f"enumClassPrefix=true,enumUnknownDefaultCase=true,withGoMod=false,packageName={interface}")
    shutil.copy(PROBES / "probe.go", folder)
    rows.go(folder, "build", "-o", "probe", "probe.go")
    return [folder / "probe"], {}


TOOLS = {
    "Python, openapi-generator": python_openapi,
    "Python, openapi-python-client": python_client,
    "TypeScript, openapi-typescript and openapi-fetch": typescript,
    "Java, openapi-generator": java,
    "Go, openapi-generator": go,
}


def at(value, path):
    for key in filter(None, path.split(".")):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def outcome(case, result):
    """A cell of the table."""
    _, _, body, expected = CASES[case]
    if all(at(result, path) == value for path, value in expected.items()):
        if case == "unknown" and at(result, "status") != body["status"]:
            return "yes, the value is lost"
        return "yes"
    failure = at(result, "failure")
    if isinstance(failure, dict) and expected.keys().isdisjoint({"failure.status"}):
        return "**no**: fails"
    if case == "code" and at(result, "failure.status") == 404:
        return "the status; the body is text"
    return "**no**"


def column(specs, name, folder):
    """What one tool reads, by case."""
    try:
        command, environment = TOOLS[name](specs, folder)
    except Failed as error:
        (WORK / f"reading-{folder.name}.txt").write_text(str(error), encoding="utf-8")
        return dict.fromkeys(CASES, "**doesn't compile**")
    except Skipped:
        return dict.fromkeys(CASES, "skipped")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    file = empty(folder / "content") / "акт.pdf"
    file.write_bytes(CONTENT)
    printed = run([*command, f"http://127.0.0.1:{server.server_port}", file], env=environment)
    server.shutdown()
    results = dict(line.split("\t", 1) for line in printed.splitlines() if re.match(r"[a-z0-9]+\t", line))
    return {case: outcome(case, json.loads(results[case])) if case in results else "**no**: not generated" for case in CASES}


def table():
    """The rows of the table: each cell is of today, with what it was before where that was something else."""
    before = empty(WORK / "specs-before")
    for interface in INTERFACES:
        text = run(["git", "show", f"{BEFORE}:specs/{interface}.yaml"], cwd=ROOT)
        (before / f"{interface}.yaml").write_text(text, encoding="utf-8")
    head, columns = ["what"], []
    for number, name in enumerate(TOOLS):
        old = column(before, name, WORK / f"reading-before-{number}")
        new = column(ROOT / "specs", name, WORK / f"reading-{number}")
        head.append(name)
        columns.append([new[case] if new[case] == old[case] else f"{new[case]} (before: {old[case]})" for case in CASES])
    return [head, *[[CASES[case][0], *cells] for case, *cells in zip(CASES, *columns)]]
