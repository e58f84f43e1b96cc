"""The tools of others: what is installed into the cache, what is found on the machine, and how they are run."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
INTERFACES = ["contractor", "crpt", "legalcase", "callback"]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "casewire" / "conformance"
PINNED = tomllib.loads((HERE / "tools.toml").read_text(encoding="utf-8"))
# Outside the repository, so that no linter or compiler finds what was generated.
WORK = CACHE / "work"


class Skipped(Exception):
    """A check that can't run here, and what is missing."""


class Failed(Exception):
    """A check that ran and found something."""


def run(command, cwd=None, env=None, stdin=None, timeout=1800):
    """What a command prints, both streams; Failed when it fails."""
    environment = {**os.environ, "PATH": f"{CACHE / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}", **(env or {})}
    command = [str(part) for part in command]
    try:
        done = subprocess.run(command, cwd=cwd, env=environment, input=stdin, timeout=timeout, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
    except FileNotFoundError as error:
        raise Skipped(f"{error.filename} is missing") from error
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{command[0]} took more than {timeout} s") from error
    if done.returncode != 0:
        raise Failed(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


def system(name):
    """A program of the machine."""
    if not shutil.which(name):
        raise Skipped(f"{name} is missing ({PINNED['system'][name]})")
    return name


def files(*names):
    """Files that the machine's packages bring."""
    missing = [name for name in names if not Path("/usr/share", name).exists()]
    if missing:
        packages = ", ".join(PINNED["files"][name] for name in missing)
        raise Skipped(f"missing below /usr/share: {', '.join(missing)} ({packages})")
    return [str(Path("/usr/share", name)) for name in names]


def _installed(folder, pinned, install):
    """Installs once for each set of versions."""
    stamp = folder / "pinned.json"
    wanted = json.dumps(pinned, sort_keys=True)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    print(f"installing {', '.join(pinned)}", file=sys.stderr)
    try:
        install()
    except Failed as error:
        raise Skipped(f"can't be installed: {str(error).strip().splitlines()[-1]}") from error
    stamp.write_text(wanted, encoding="utf-8")


def python(program="python"):
    """A program of the virtual environment."""
    folder = CACHE / "venv"

    def install():
        run([sys.executable, "-m", "venv", folder])
        requirements = [f"{name}=={version}" for name, version in PINNED["python"].items()]
        run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", *requirements])

    _installed(folder, PINNED["python"], install)
    return folder / "bin" / program


def node_modules():
    """The folder of what npm installs."""
    folder = CACHE / "npm"

    def install():
        manifest = {"private": True, "dependencies": PINNED["node"]}
        (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
        run([system("npm"), "install", "--no-audit", "--no-fund"], cwd=folder)

    system("node")
    _installed(folder, PINNED["node"], install)
    return folder / "node_modules"


def node(program):
    """A program that npm installs."""
    return node_modules() / ".bin" / program


# The commands that generated clients, as one would type them in a folder with the specs.
generated = []


def generate(program, package, *arguments, cwd=None):
    """Runs a generator, which `package` brings: one of those of pip or of npm."""
    of_python = package in PINNED["python"]
    run([(python if of_python else node)(program), *arguments], cwd=cwd)
    typed = [argument.name if isinstance(argument, Path) else str(argument) for argument in arguments]
    install = f"pip install {package}=={PINNED['python'][package]}" if of_python else f"npm install {package}@{PINNED['node'][package]}"
    generated.append((install, shlex.join([*([] if of_python else ["npx"]), program, *typed])))


def openapi_generator(generator, spec, target, *options):
    """Runs openapi-generator, into an empty folder."""
    system("java")
    empty(target)
    generate("openapi-generator-cli", "openapi-generator-cli", "generate", "-g", generator, "-i", spec, "-o", target, *options)


def generator_jar():
    """The jar of openapi-generator, which has Jackson in it."""
    python()
    [jar] = (CACHE / "venv").glob("lib/*/site-packages/openapi_generator_cli/openapi-generator.jar")
    return jar


def empty(folder):
    """Makes a folder, or empties it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
