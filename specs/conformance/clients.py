"""The drivers of specs/clients/: made into programs with generated clients, and run against the sandbox."""

import re
import shutil

import sandbox
from rows import JAVA_OPTIONS, class_path, javac, typescript
from tools import INTERFACES, ROOT, WORK, Failed, empty, node, node_modules, python, run, system

CLIENTS = ROOT / "specs" / "clients"
SPECS = ROOT / "specs"
MODES = ["nulls", "unknownEnumValues", "noOffsets", "emptyFailures"]


def built(name, check):
    """What a row of the table generated; made first where it isn't there."""
    folders = []
    for interface in INTERFACES:
        folder = WORK / name / interface
        if not folder.exists():
            check(SPECS / f"{interface}.yaml", folder)
        folders.append(folder)
    return folders


def python_driver():
    from rows import python_openapi_generator
    path = ":".join(str(folder) for folder in built("python", python_openapi_generator))
    return [python(), CLIENTS / "python" / "driver.py"], {"PYTHONPATH": path}


def typescript_driver():
    folder = empty(WORK / "clients" / "typescript")
    for interface in INTERFACES:
        run([node("openapi-typescript"), SPECS / f"{interface}.yaml", "--output", folder / "schema" / f"{interface}.ts"])
    shutil.copy(CLIENTS / "typescript" / "driver.ts", folder)
    (folder / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")
    typescript(folder, "driver.ts", emit=True)
    return [system("node"), folder / "driver.js"], {}


def java_driver():
    from rows import java_openapi_generator
    classes = [folder / "classes" for folder in built("java", java_openapi_generator)]
    folder = empty(WORK / "clients" / "java")
    path = ":".join(str(each) for each in classes)
    javac(folder, folder / "classes", (CLIENTS / "java").glob("*.java"), f":{path}")
    # Before Java 18, generated clients read UTF-8 as whatever the machine's encoding is.
    return [system("java"), "-Dfile.encoding=UTF-8", "-cp", f"{class_path()}:{path}:{folder / 'classes'}", "Driver"], {}


DRIVERS = {"python": python_driver, "typescript": typescript_driver, "java": java_driver}


def drive(name, self_test=False):
    """Runs a driver. With `self_test`, also once for each mode that is wrong, which the driver has to find."""
    command, environment = DRIVERS[name]()
    sandbox.start()
    command += ["--control", sandbox.CONTROL]
    printed = run(command, env=environment).strip().splitlines()[-1]
    for mode in MODES if self_test else []:
        try:
            run([*command, "--break", mode], env=environment)
        except Failed as error:
            lines = str(error).strip().splitlines()[1:]
            found = [line for line in lines if re.match(r"Error: |Exception in thread ", line)] or lines
            print(f"{name} without {mode} is red: {found[0].strip()}")
            continue
        raise Failed(f"{name}: the mode {mode} was off, and nothing was found")
    return printed
