"""The rows of the table: linters, and generators whose output is compiled. Each row is a function of a spec and a folder for what
it generates; it returns when all is well and raises otherwise."""

import re
from pathlib import Path

from tools import (CACHE, ROOT, empty, files, generate, generator_jar, node, node_modules, openapi_generator, python, run,
                   system)

LINT = ROOT / "specs" / "lint"


def redocly(spec, target):
    run([node("redocly"), "lint", "--config", LINT / "redocly.yaml", spec], cwd=ROOT)


def spectral(spec, target):
    run([node("spectral"), "lint", "--ruleset", LINT / "spectral.yaml", "--fail-severity", "hint", spec], cwd=ROOT)


def openapi_spec_validator(spec, target):
    run([python("openapi-spec-validator"), spec])


# TypeScript

def typescript(folder, source, resolution="nodenext", emit=False):
    """Compiles with `tsc --strict`, into JavaScript with `emit`."""
    modules = folder / "node_modules"
    if not modules.exists():
        modules.symlink_to(node_modules(), target_is_directory=True)
    module = "nodenext" if resolution == "nodenext" else "esnext"
    run([node("tsc"), "--strict", "--skipLibCheck", "--target", "es2022", "--module", module, "--moduleResolution", resolution,
         "--types", "node", *([] if emit else ["--noEmit"]), source], cwd=folder)


def ts_openapi_typescript(spec, target):
    empty(target)
    generate("openapi-typescript", "openapi-typescript", spec, "--output", target / "schema.ts")
    typescript(target, "schema.ts")


def ts_hey_api(spec, target):
    empty(target)
    generate("openapi-ts", "@hey-api/openapi-ts", "--input", spec, "--output", target / "client", "--client",
             "@hey-api/client-fetch", cwd=target)
    # Its imports have no extension, as bundlers want them.
    typescript(target, "client/index.ts", "bundler")


def ts_fetch(spec, target):
    openapi_generator("typescript-fetch", spec, target)
    typescript(target, "index.ts", "bundler")


# Python

# What mypy finds in every client of a generator, whatever the spec: defects of its templates.
PYTHON_OPENAPI_GENERATOR = """
# Variables of servers without an enum lack a key of their own type.
[mypy-*.configuration]
disable_error_code = typeddict-item
# An absent map of enums is looked into, in an expression that runs only when it is there.
[mypy-*.models.patch_call_cost_approval_status_input_dto]
disable_error_code = union-attr
"""
PYTHON_CLIENT = """
# `__exit__` passes on `*args` that have no types.
[mypy-*.client]
disable_error_code = arg-type
"""


def mypy(folder, package, template_defects):
    config = folder / "mypy.ini"
    config.write_text(f"[mypy]\n{template_defects}", encoding="utf-8")
    run([python("mypy"), "--config-file", config, "--python-executable", python(), package], cwd=folder)


def python_openapi_generator(spec, target):
    package = f"{spec.stem}_openapi"
    openapi_generator("python", spec, target, "--additional-properties",
                      f"packageName={package},enumUnknownDefaultCase=true")
    mypy(target, package, PYTHON_OPENAPI_GENERATOR)


def without_nullable_cycles(text):
    """The spec for openapi-python-client, which makes a union of a nullable schema and can't have unions that contain each other: the
    schemas that do so are no longer nullable. It can't read `null` for them then."""
    schemas = "Call|CallCost|CallTask|CallTaskResult"
    return re.sub(rf"^(    (?:{schemas}):\n      type: object\n)      nullable: true\n", r"\1", text, flags=re.MULTILINE)


def python_client(spec, target):
    empty(target)
    text = without_nullable_cycles(spec.read_text(encoding="utf-8"))
    spec = target / spec.name
    spec.write_text(text, encoding="utf-8")
    package = f"{spec.stem}_client"
    config = target / "config.yaml"
    config.write_text(f"package_name_override: {package}\n", encoding="utf-8")
    generate("openapi-python-client", "openapi-python-client", "generate", "--path", spec, "--meta", "none", "--config", config,
             "--output-path", target / package, "--fail-on-warning", cwd=target)
    mypy(target, package, PYTHON_CLIENT)


# Go

def go(folder, *arguments):
    module = "module casewire\n\ngo 1.23\n"
    if "gopkg.in/validator.v2" in "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.go")):
        [validator] = files("gocode/src/gopkg.in/validator.v2")
        copy = folder / "validator"
        copy.mkdir(exist_ok=True)
        for source in Path(validator).glob("*.go"):
            if not source.name.endswith("_test.go"):
                (copy / source.name).write_bytes(source.read_bytes())
        (copy / "go.mod").write_text("module gopkg.in/validator.v2\n\ngo 1.23\n", encoding="utf-8")
        module += ("\nrequire gopkg.in/validator.v2 v2.0.1\n\nreplace gopkg.in/validator.v2 => ./validator\n")
    (folder / "go.mod").write_text(module, encoding="utf-8")
    environment = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOCACHE": str(CACHE / "go-build")}
    return run([python("go"), *arguments], cwd=folder, env=environment)


GO_OPTIONS = ["--additional-properties", "enumClassPrefix=true,enumUnknownDefaultCase=true,withGoMod=false,packageName=client"]


def go_openapi_generator(spec, target):
    openapi_generator("go", spec, target, *GO_OPTIONS)
    go(target, "build", "./...")


# Java

JAVA_OPTIONS = ["--library", "native", "--additional-properties",
                "openApiNullable=false,useJakartaEe=true,hideGenerationTimestamp=true,enumUnknownDefaultCase=true"]


def class_path():
    jars = files("java/httpclient.jar", "java/httpcore.jar", "java/httpmime.jar", "java/jakarta-annotation-api.jar")
    return ":".join([str(generator_jar()), *jars])


def javac(folder, classes, sources, extra_class_path=""):
    listing = folder / "sources.txt"
    listing.write_text("\n".join(str(source) for source in sources), encoding="utf-8")
    run([system("javac"), "-nowarn", "-proc:none", "-encoding", "UTF-8", "-cp", class_path() + extra_class_path, "-d", classes,
         f"@{listing}"])


def java_openapi_generator(spec, target):
    name = spec.stem
    openapi_generator("java", spec, target, *JAVA_OPTIONS, "--package-name", name, "--api-package", f"{name}.api",
                      "--model-package", f"{name}.model", "--invoker-package", name)
    javac(target, target / "classes", (target / "src" / "main").rglob("*.java"))


# C#

def csharp_openapi_generator(spec, target):
    openapi_generator("csharp", spec, target)
    run([system("dotnet"), "build", "--nologo"], cwd=target)


# Rust

def rust_openapi_generator(spec, target):
    openapi_generator("rust", spec, target, "--additional-properties",
                      f"packageName={spec.stem}-openapi,supportMiddleware=false,preferUnsignedInt=false")
    (target / "Cargo.toml").open("a", encoding="utf-8").write("\n[workspace]\n")
    run([system("cargo"), "check", "--quiet", "--target-dir", CACHE / "cargo"], cwd=target)


ROWS = [
    ("redocly", "Redocly, `recommended-strict`", redocly),
    ("spectral", "Spectral, `spectral:oas`", spectral),
    ("validator", "openapi-spec-validator", openapi_spec_validator),
    ("ts-types", "TypeScript: openapi-typescript, `tsc --strict`", ts_openapi_typescript),
    ("ts-hey-api", "TypeScript: hey-api, `tsc --strict`", ts_hey_api),
    ("ts-fetch", "TypeScript: openapi-generator `typescript-fetch`, `tsc --strict`", ts_fetch),
    ("python", "Python: openapi-generator, mypy", python_openapi_generator),
    ("python-client", "Python: openapi-python-client, mypy", python_client),
    ("go", "Go: openapi-generator, `go build`", go_openapi_generator),
    ("java", "Java: openapi-generator `native`, javac", java_openapi_generator),
    ("csharp", "C#: openapi-generator, `dotnet build`", csharp_openapi_generator),
    ("rust", "Rust: openapi-generator, `cargo check`", rust_openapi_generator),
]
