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
