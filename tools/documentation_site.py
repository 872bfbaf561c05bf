"""Builds the documentation as a site: `python tools/documentation_site.py FOLDER`, as `nox -s site` does.

The pages are those of `docs/`, the start page is README.md. What they link to outside of it leads to the repository.
Ends with 1 where a link of the site leads nowhere, or a page loads something from another host.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

TOP = Path(__file__).resolve().parent.parent
REPOSITORY = "https://github.com/devbox-lint/devbox-lint"
#: Pages of the repository's top that the site has, too.
_MORE = {"CHANGELOG.md": "changelog.md", "SECURITY.md": "security.md", "CONTRIBUTING.md": "contributing.md"}
_LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
_GROUPS = {
    "0": "Syntax", "1": "Structure", "2": "Tasks", "3": "References", "4": "Credentials", "5": "Asking Azure",
    "6": "Task definitions", "7": "Scripts", "8": "WinGet configurations", "9": "Hygiene",
}  # fmt: skip


def main(output: Path) -> int:
    """Build into ``output``, which is emptied before; the number of complaints, which are printed, or 0."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        pages = project / "docs"
        shutil.copytree(TOP / "docs", pages)
        (pages / "README.md").unlink()
        shutil.copy(TOP / "README.md", pages / "index.md")
        for name, page in _MORE.items():
            shutil.copy(TOP / name, pages / page)
        for page_path in sorted(pages.rglob("*.md")):
            page_path.write_text(_rewritten(page_path, pages), "utf-8")
        (project / "mkdocs.yml").write_text(json.dumps(_settings(pages), indent=2), "utf-8")
        subprocess.run(
            (sys.executable, "-m", "zensical", "build", "--config-file", "mkdocs.yml"), cwd=project, check=True
        )
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(project / "site", output)
    complaints = sorted(set(_complaints(output)))
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    pages_built = sum(1 for _ in output.rglob("*.html"))
    sys.stdout.write(f"{pages_built} pages in {output}, {len(complaints)} complaints\n")
    return min(len(complaints), 1)


def _settings(pages: Path) -> dict[str, object]:
    rules = [{"All rules": "rules/README.md"}]
    for digit, group in _GROUPS.items():
        found = sorted(pages.glob(f"rules/dbx{digit}*.md"))
        entries: list[object] = [f"rules/{path.name}" for path in found]
        rules.append({group: entries})  # type: ignore[dict-item]
    scheme = "(prefers-color-scheme: {})"
    return {
        "site_name": "devbox-lint",
        "site_description": "Linter, pre-commit hook and language server for Microsoft Dev Box customization files",
        "theme": {
            "name": "material",
            # Nothing is loaded from another host, fonts neither.
            "font": False,
            "features": ["navigation.indexes", "navigation.top", "content.code.copy", "search.highlight"],
            "palette": [
                {
                    "media": scheme.format("light"),
                    "scheme": "default",
                    "toggle": {"icon": "lucide/sun", "name": "Dark"},
                },
                {"media": scheme.format("dark"), "scheme": "slate", "toggle": {"icon": "lucide/moon", "name": "Light"}},
            ],
        },
        "plugins": ["search"],
        "markdown_extensions": ["tables", "toc", {"pymdownx.highlight": {}}, "pymdownx.superfences", "attr_list"],
        "nav": [
            {"Start": "index.md"},
            {
                "Guide": [
                    {"Settings": "settings.md"},
                    {"Editors": "editors.md"},
                    {"In a pipeline": "ci/README.md"},
                    {"Two hundred repositories": "roll-out.md"},
                    {"Asking Azure": "online.md"},
                    {"What Azure can say": "online-situations.md"},
                    {"Beside other tools": "comparison.md"},
                ]
            },
            {"Rules": rules},
            {
                "Project": [
                    {"Changes": "changelog.md"},
                    {"Security": "security.md"},
                    {"Contributing": "contributing.md"},
                    {"Releasing": "releasing.md"},
                    # A `repo_url` would have each page ask GitHub for the repository's stars.
                    {"Repository": REPOSITORY},
                ]
            },
        ],
    }


def _rewritten(page: Path, pages: Path) -> str:
    """A page whose links to what the site does not have lead to the repository."""
    # Where the page is in the repository; those of its top stand in the site's.
    origin = {"index.md": "README.md", **{new: old for old, new in _MORE.items()}}.get(page.name)
    here = TOP if page.parent == pages and origin is not None else TOP / "docs" / page.parent.relative_to(pages)

    def link(match: re.Match[str]) -> str:
        target = match[2]
        for kind in ("blob", "tree"):
            target = target.removeprefix(f"{REPOSITORY}/{kind}/main/") if target.startswith(REPOSITORY) else target
        is_absolute = urlsplit(target).scheme != ""
        raw = f"https://raw.githubusercontent.com/{urlsplit(REPOSITORY).path.strip('/')}/main/"
        place = TOP / target.removeprefix(raw) if target.startswith(raw) or target != match[2] else here / target
        if is_absolute and not target.startswith(raw):
            return match.group()
        place = place.resolve()
        inside = place.relative_to(TOP).as_posix() if place.is_relative_to(TOP) else ""
        if not place.exists():
            return match.group()
        up = "../" * len(page.relative_to(pages).parts[:-1])
        if inside in {"README.md", "docs/README.md"}:
            return f"{match[1]}{up}index.md{match[3]}"
        if inside in _MORE:
            return f"{match[1]}{up}{_MORE[inside]}{match[3]}"
        if inside.startswith("docs/") and place.exists() and not place.is_dir():
            return f"{match[1]}{up}{inside.removeprefix('docs/')}{match[3]}"
        kind = "tree" if place.is_dir() else "blob"
        return f"{match[1]}{REPOSITORY}/{kind}/main/{inside}{match[3]}"

    return _LINK.sub(link, page.read_text("utf-8"))


class _Page(HTMLParser):
    """What a page links to and loads, and the places that can be linked to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value is not None}
        if given.get("data-md-component") == "source":
            self.loads.append("https://api.github.com/")
        self.ids.update(value for name, value in given.items() if name in ("id", "name"))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") not in ("canonical", "next", "prev") and "href" in given:
            self.loads.append(given["href"])
        elif "src" in given:
            self.loads.append(given["src"])


def _complaints(site: Path) -> Iterator[str]:
    read = {path: _Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in read.items():
        where = path.relative_to(site)
        if path.name == "404.html":
            continue
        for address in page.loads:
            if urlsplit(address).netloc:
                yield f"{where}: loads {address}"
        for address in (*page.links, *page.loads):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                yield f"{where}: {address} leads nowhere"
            elif parts.fragment and target in read and unquote(parts.fragment) not in read[target].ids:
                yield f"{where}: {address} names no place"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
