"""The specs as web pages, into target/specs-docs/ or the folder that is named. Run by `cargo xtask docs`. Everything that the pages
need is in the folder: they open from the disk, and load nothing from elsewhere."""

import argparse
import html
import json
import re
import shutil
import sys
from pathlib import Path

from tools import INTERFACES, PINNED, ROOT, Failed, Skipped, empty, node_modules

# Nothing is loaded or reported elsewhere; requests are tried on the sandbox, not from a page that was opened from the disk.
OPTIONS = {
    "agent": {"disabled": True},
    "defaultOpenAllTags": True,
    "documentDownloadType": "yaml",
    "hideClientButton": True,
    "hiddenClients": True,
    "hideTestRequestButton": True,
    "mcp": {"disabled": True},
    "showDeveloperTools": "never",
    "telemetry": False,
    "withDefaultFonts": False,
}

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'self' 'unsafe-inline' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' file:; connect-src 'none'">
<title>{title}</title>
<style>:root {{ --scalar-font: system-ui, sans-serif; --scalar-font-code: ui-monospace, monospace; }} body {{ margin: 0 }}</style>
</head>
<body>
<div id="app"></div>
<script src="scalar.js"></script>
<script>Scalar.createApiReference("#app", {options})</script>
</body>
</html>
"""

INDEX = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The specs</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }}
body {{ max-width: 42rem; margin: 3rem auto; padding: 0 1rem }}
li {{ margin: 1rem 0 }}
a {{ font-weight: 600 }}
</style>
</head>
<body>
<h1>The specs</h1>
<ul>
{items}
</ul>
</body>
</html>
"""


def of_info(text, key):
    """A scalar of `info`, in the form in which the specs have it."""
    found = re.search(rf"^info:\n(?:.*\n)*?  {key}: (.*)$", text, re.MULTILINE)
    return found.group(1).strip("'\"")


def main():
    parser = argparse.ArgumentParser(prog="cargo xtask docs", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "target" / "specs-docs")
    folder = parser.parse_args().folder
    try:
        bundle = node_modules() / "@scalar" / "api-reference" / "dist" / "browser" / "standalone.js"
    except (Failed, Skipped) as error:
        sys.exit(f"Scalar {PINNED['node']['@scalar/api-reference']}: {error}")
    empty(folder)
    shutil.copy(bundle, folder / "scalar.js")
    items = []
    for interface in INTERFACES:
        text = (ROOT / "specs" / f"{interface}.yaml").read_text(encoding="utf-8")
        title = of_info(text, "title")
        # A script ends at the first `</`, wherever it stands.
        options = json.dumps({**OPTIONS, "content": text}, ensure_ascii=False).replace("</", "<\\/")
        (folder / f"{interface}.html").write_text(PAGE.format(title=html.escape(title), options=options), encoding="utf-8")
        items.append(f'<li><a href="{interface}.html">{html.escape(title)}</a> {of_info(text, "version")}, '
                     f'<code>{interface}.yaml</code></li>')
    (folder / "index.html").write_text(INDEX.format(items="\n".join(items)), encoding="utf-8")
    print(folder / "index.html")


if __name__ == "__main__":
    main()
