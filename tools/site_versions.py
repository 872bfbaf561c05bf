"""Puts a version of the site beside the others: `python tools/site_versions.py BRANCH NEW VERSION`.

BRANCH is a checkout of the branch that is served, NEW what `tools/documentation_site.py` built for VERSION: `main`, or
a release's number. Each version has a folder; `versions.json` lists them, in the form of mike, which the theme reads
(https://github.com/jimporter/mike); and the address without a version leads to the newest release, or to `main` where
there is none.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

#: Where the pages of the newest commit are.
MAIN = "main"
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_LEAD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>devbox-lint</title>
<meta http-equiv="refresh" content="0; url={version}/">
<p><a href="{version}/">devbox-lint {version}</a></p>
</html>
"""


def main(branch: Path, new: Path, version: str) -> None:
    """Write all of it; raises ValueError for what is no version."""
    if version != MAIN and not _NUMBER.fullmatch(version):
        raise ValueError(f"not a version: {version}")
    shutil.rmtree(branch / version, ignore_errors=True)
    shutil.copytree(new, branch / version)
    versions = sorted(
        (path.parent.name for path in branch.glob("*/index.html") if _NUMBER.fullmatch(path.parent.name)),
        key=lambda name: [int(part) for part in name.split(".")],
        reverse=True,
    )
    listed = [
        {"version": name, "title": name, "aliases": ["latest"] if place == 0 else []}
        for place, name in enumerate(versions)
    ]
    if (branch / MAIN).is_dir():
        listed.append({"version": MAIN, "title": MAIN, "aliases": []})
    (branch / "versions.json").write_text(json.dumps(listed, indent=2) + "\n", "utf-8")
    (branch / "index.html").write_text(_LEAD.format(version=listed[0]["version"]), "utf-8")
    # Hosts of pages would leave out what begins with an underscore.
    (branch / ".nojekyll").touch()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
