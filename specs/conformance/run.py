"""What the tools of others make of the specs. Run by `cargo xtask conformance`; Python's standard library is all it needs.

Installs tools with pip and npm, in the versions of tools.toml, into a cache outside the repository; runs what is there, names what it
skipped, and writes one table, to the terminal and into the guide."""

import argparse
import sys

import clients
import guide
import reading
from fuzz import schemathesis
from rows import ROWS
from tools import INTERFACES, ROOT, WORK, Failed, Skipped, generated

SPECS = ROOT / "specs"


def checks(self_test):
    """All of them: name, title, what it is about, and a function of no arguments."""
    found = []
    for name, title, check in [*ROWS, ("schemathesis", "Schemathesis against the sandbox", schemathesis)]:
        for interface in INTERFACES:
            spec, target = SPECS / f"{interface}.yaml", WORK / name / interface
            found.append((name, title, interface, lambda check=check, spec=spec, target=target: check(spec, target)))
    for language in clients.DRIVERS:
        found.append((f"drive-{language}", f"the driver in specs/clients/{language}", "all",
                      lambda language=language: clients.drive(language, self_test)))
    found.append(("reading", "what each tool reads, before and after", "all", read))
    found.append(("guide", "the commands of the guide", "all", guide.commands))
    return found


def read():
    page = guide.table(reading.table())
    guide.write("reading", page)
    return "written to the guide"


def main():
    parser = argparse.ArgumentParser(prog="cargo xtask conformance", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="names the checks")
    parser.add_argument("--only", action="append", metavar="NAME", help="runs this check; may be given several times")
    parser.add_argument("--interface", action="append", choices=INTERFACES, help="for this interface alone")
    parser.add_argument("--self-test", action="store_true",
                        help="has each driver find every mode of the sandbox that is turned wrong on purpose")
    options = parser.parse_args()
    everything = checks(options.self_test)
    titles = {name: title for name, title, _, _ in everything}
    if options.list:
        for name, title in titles.items():
            print(f"{name:18} {title}")
        return 0
    unknown = set(options.only or []) - titles.keys()
    if unknown:
        parser.error(f"no such check: {', '.join(sorted(unknown))}; --list names them")
    results, details, commands = {}, [], [["tool", "installed by", "generates from `contractor.yaml`"]]
    for name, _, about, check in everything:
        if (options.only and name not in options.only) or (options.interface and about not in options.interface):
            continue
        try:
            found = check() or "ok"
        except Skipped as error:
            found = "skipped"
            details.append(f"skipped: {name} {about}: {error}")
        except Failed as error:
            found = "FAILED"
            details.append(f"FAILED: {name} {about}: {error}")
        results[name, about] = found
        if about == "contractor" and generated:
            install, line = generated[0]
            commands.append([titles[name].split(",")[0], f"`{install}`", f"`{line}`"])
        generated.clear()
        print(f"{name} {about}: {found}", file=sys.stderr)
    names = list(dict.fromkeys(name for name, _ in results))
    head, ran, skipped = ["check", *INTERFACES], [], []
    for name in names:
        # What is about all interfaces stands under the first.
        everywhere = results.get((name, "all"))
        cells = [results.get((name, about), "") for about in INTERFACES] if everywhere is None else [everywhere, "", "", ""]
        (skipped if set(cells) <= {"skipped", ""} else ran).append([titles[name], *cells])
    print(guide.table([head, *ran, *skipped]))
    print("\n".join(details))
    if not options.only and not options.interface:
        page = guide.table([head, *ran])
        if skipped:
            page += "\n\nSkipped where this was last run: " + "; ".join(row[0] for row in skipped) + "."
        guide.write("conformance", page)
        guide.write("commands", guide.table(commands))
    return 1 if "FAILED" in results.values() else 0


if __name__ == "__main__":
    sys.exit(main())
