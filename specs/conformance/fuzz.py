"""Schemathesis: requests made up from a spec, sent to the sandbox. Every finding has to be explained in explained.toml."""

import json
import tomllib

import sandbox
from tools import HERE, Failed, empty, python, run

AT_LEAST = 2000
# How many requests are made up for each operation, where it isn't enough with the usual number.
EXAMPLES = {"contractor": 30, "crpt": 150, "legalcase": 150, "callback": 500}
PORTS = {"contractor": 8101, "crpt": 8102, "legalcase": 8103, "callback": 8104}


def sign_in_contractor(url):
    import base64
    import hashlib
    import os

    def tokens():
        salt = os.urandom(16)
        hashed = hashlib.sha256(hashlib.sha256(b"Passw0rd").digest() + salt).digest()
        encoded = [base64.b64encode(one).decode() for one in (salt, hashed)]
        body = {"userName": "ivanov", "salt": encoded[0], "hashedPassword": encoded[1]}
        return sandbox.request("POST", f"{url}/user/signin", body)[1]

    # Two sessions, as renewing the tokens of one ends it. Nor may the user lose them with a new password or a lock.
    return f"""
[auth.openapi.UserAuth]
api_key = "x-user {tokens()['access']['token']}"
[auth.openapi.ServiceUserAuth]
api_key = "x-user-service {tokens()['service']['token']}"
[auth.openapi.ExternalSystemAuth]
api_key = "x-external-system desk-key"

[[operations]]
include-operation-id = ["changePassword", "lockUser"]
parameters = {{ "path.id" = 8 }}
"""


def sign_in_crpt(url):
    response, _ = sandbox.request("POST", f"{url}/ServiceModel/AuthService.svc/Login",
                                  {"UserName": "ivan.petrov", "UserPassword": "Petr0v-1"}, {"ForceUseSession": "true"})
    cookies = [one.split(";")[0] for one in response.headers.get_all("Set-Cookie")]
    [csrf] = [one.split("=", 1)[1] for one in cookies if one.startswith("BPMCSRF=")]
    return f'[auth.openapi.Session]\napi_key = "{csrf}"\n\n[headers]\nCookie = "{"; ".join(cookies)}"\n'


def sign_in_callback(url):
    _, body = sandbox.request("POST", f"{url}/api/v1/auth/", {"login": "integration@oip.example", "password": "Petr0v-1"})
    return f'[auth.openapi.JwtToken]\napi_key = "{body["data"]["token"]}"\n'


SIGN_IN = {"contractor": sign_in_contractor, "crpt": sign_in_crpt, "legalcase": lambda url: "", "callback": sign_in_callback}


def schemathesis(spec, target):
    """Gives the number of requests."""
    interface = spec.stem
    url = f"http://127.0.0.1:{PORTS[interface]}"
    sandbox.reset()
    empty(target)
    config = target / "schemathesis.toml"
    config.write_text(SIGN_IN[interface](url), encoding="utf-8")
    report = target / "report.json"
    try:
        printed = run([python("schemathesis"), "--config-file", config, "run", spec, "--url", url, "--max-examples",
                       EXAMPLES[interface], "--generation-deterministic",
                       "--continue-on-failure", "--report", "json", "--report-json-path", report], cwd=target)
    except Failed as error:
        printed = str(error)
    (target / "printed.txt").write_text(printed, encoding="utf-8")
    if not report.exists():
        raise Failed(printed)
    found = json.loads(report.read_text(encoding="utf-8"))
    count = found["test_cases"]["generated"]
    explained = tomllib.loads((HERE / "explained.toml").read_text(encoding="utf-8")).get(interface, [])
    reasons = {(one["finding"], operation): one["why"] for one in explained for operation in one["operations"]}
    findings = {(failure["type"], operation) for failure in found["failures"] for operation in failure["operations"]}
    errors = [error for error in found["errors"] if error.get("type") != "UnresolvableLink"]
    unexplained = sorted(findings - reasons.keys())
    if unexplained or errors:
        lines = [f"unexplained: {kind} at {operation}" for kind, operation in unexplained] + [str(error) for error in errors]
        raise Failed("\n".join([*lines, f"see {target / 'printed.txt'}"]))
    if count < AT_LEAST:
        raise Failed(f"{count} requests, which are less than {AT_LEAST}")
    return f"{count} requests, {len(findings)} findings explained"
