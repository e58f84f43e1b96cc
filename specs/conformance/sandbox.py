"""The sandbox, as a program: built, started, and asked for what a check needs."""

import atexit
import json
import os
import subprocess
import time
import urllib.error
import urllib.request

from tools import ROOT, Skipped, run, system

CONTROL = "http://127.0.0.1:8100"
_started = None


def request(method, url, body=None, headers=None):
    """A request with a JSON body; the response and what is in it."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})}, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        content = response.read()
    return response, json.loads(content) if content else None


def start():
    """Starts the sandbox on its usual ports, as the guide says, unless it was started already. CASEWIRE_SANDBOX names a program that
    is built already."""
    global _started
    if _started is not None:
        return
    program = os.environ.get("CASEWIRE_SANDBOX")
    if not program:
        run([system("cargo"), "build", "--quiet", "--package", "casewire-sandbox"], cwd=ROOT)
        program = ROOT / "target" / "debug" / "casewire-sandbox"
        if not program.exists():
            raise Skipped("the package casewire-sandbox has no program")
    _started = subprocess.Popen([program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    atexit.register(_started.terminate)
    for _ in range(100):
        try:
            request("GET", f"{CONTROL}/control/interfaces")
            return
        except (urllib.error.URLError, ConnectionError):
            if _started.poll() is not None:
                break
            time.sleep(0.1)
    raise Skipped("the sandbox doesn't start on ports 8100 to 8104")


def reset():
    start()
    request("POST", f"{CONTROL}/control/reset")
