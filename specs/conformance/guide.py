"""The guide, specs/README.md: tables that are written into it, and its commands, which are run."""

from tools import ROOT

GUIDE = ROOT / "specs" / "README.md"


def table(rows):
    """A table in Markdown; the first row is its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines)


def write(name, content):
    """Puts `content` between the two comments that are called `name`."""
    begin, end = f"<!-- {name}: written by `cargo xtask conformance` -->\n", f"<!-- end of {name} -->\n"
    text = GUIDE.read_text(encoding="utf-8")
    if begin not in text or end not in text:
        raise SystemExit(f"{GUIDE}: there is no line {begin.strip()} and {end.strip()}")
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    GUIDE.write_text(f"{before}{begin}\n{content}\n\n{end}{after}", encoding="utf-8")


def blocks():
    """The commands of the guide: of each, its line, its text, what it has to print where the guide says so, and whether it starts
    the sandbox."""
    found, fence, content, begun = [], None, [], 0
    for number, line in enumerate(GUIDE.read_text(encoding="utf-8").splitlines(), 1):
        if fence is None and line.startswith("```"):
            fence, content, begun = line[3:].strip(), [], number
        elif line == "```":
            text = "\n".join(content)
            if fence in ("sh", "sh server"):
                found.append([begun, text, None, fence == "sh server"])
            elif fence == "text" and found:
                found[-1][2] = text
            fence = None
        else:
            content.append(line)
    return found


def commands():
    """Runs every command of the guide, against the sandbox, and compares what it prints."""
    import sandbox
    from tools import Failed, run, system

    for program in ["curl", "openssl"]:
        system(program)
    sandbox.reset()
    count = 0
    for line, text, expected, is_server in blocks():
        count += 1
        if is_server:
            # The sandbox runs already, on the same ports.
            if text.strip() != "cargo run -p casewire-sandbox":
                raise Failed(f"{GUIDE}:{line}: not the command that starts the sandbox")
            continue
        try:
            printed = run(["bash", "-euo", "pipefail", "-c", text], cwd=ROOT)
        except Failed as error:
            raise Failed(f"{GUIDE}:{line}: {error}") from error
        if expected is not None and printed.strip() != expected.strip():
            raise Failed(f"{GUIDE}:{line}: it prints\n{printed}\nand not\n{expected}")
    return f"{count} commands"
