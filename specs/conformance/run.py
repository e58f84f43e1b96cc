"""What the tools of others make of the specs. Run by `cargo xtask conformance`; Python's standard library is all it needs.

Installs what PyPI and npm have, in the versions of tools.toml, into a cache outside the repository; runs what is there, names what
it skipped, and writes one table, to the terminal and into the guide."""

import argparse
import sys

import guide
from rows import ROWS
from tools import INTERFACES, ROOT, WORK, Failed, Skipped

SPECS = ROOT / "specs"


def main():
    parser = argparse.ArgumentParser(prog="cargo xtask conformance", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="names the checks")
    parser.add_argument("--only", action="append", metavar="NAME", help="runs this check; may be given several times")
    parser.add_argument("--interface", action="append", choices=INTERFACES, help="for this interface alone")
    options = parser.parse_args()
    checks = ROWS
    if options.list:
        for name, title, _ in checks:
            print(f"{name:14} {title}")
        return 0
    unknown = set(options.only or []) - {name for name, _, _ in checks}
    if unknown:
        parser.error(f"no such check: {', '.join(sorted(unknown))}; --list names them")
    interfaces = options.interface or INTERFACES
    results, details = {}, []
    for name, title, check in checks:
        if options.only and name not in options.only:
            continue
        for interface in interfaces:
            try:
                found = check(SPECS / f"{interface}.yaml", WORK / name / interface) or "ok"
            except Skipped as error:
                found = "skipped"
                details.append(f"skipped: {name} {interface}: {error}")
            except Failed as error:
                found = "FAILED"
                details.append(f"FAILED: {name} {interface}: {error}")
            results[name, interface] = found
            print(f"{name} {interface}: {found}", file=sys.stderr)
    titles = {name: title for name, title, _ in checks}
    names = list(dict.fromkeys(name for name, _ in results))
    table = [["tool", *interfaces]]
    table += [[titles[name], *[results[name, interface] for interface in interfaces]] for name in names]
    page = guide.table(table)
    print(page)
    print("\n".join(details))
    if not options.only and not options.interface:
        guide.write("conformance", page)
    return 1 if "FAILED" in results.values() else 0


if __name__ == "__main__":
    sys.exit(main())
