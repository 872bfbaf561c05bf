"""The reports to look at: a page of one file, Markdown, and the page over many repositories."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from command_line import GOOD, NO_IMAGE, lint
from devbox_lint.diagnostics import Failure, Related, Span
from devbox_lint.reports.html_report import html_overview, html_report
from devbox_lint.reports.markdown import LARGEST, code, escaped, markdown_overview, markdown_report, words
from devbox_lint.reports.model import Run
from devbox_lint.reports.outcome import Found, Outcome
from devbox_lint.reports.reading import read_outcomes
from devbox_lint.reports.trend import change_words, trend_of
from reports.reporting import diagnostic, fix, result, run

VOID = {"meta", "input", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """The elements of a page, whose tags must fit each other."""

    def __init__(self, text: str) -> None:
        super().__init__()
        assert text.isascii()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))
        if name not in VOID:
            self._open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self._open.pop() == name

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, name: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            own
            for found, own in self.elements
            if found == name and all(own.get(key.replace("_", "-")) == value for key, value in attributes.items())
        ]

    def said(self, name: str) -> list[str]:
        return [text for inside, text in self.texts if inside == name]


def found(code: str = "DBX101", path: str = "a.yaml", message: str = "no `image`", severity: str = "error") -> Found:
    return Found(code, "a-rule", severity, message, "", "https://example.org/", path, 1, 1)


def test_a_page_shows_what_was_found_and_where() -> None:
    page = Page(
        html_report(
            run(
                result(
                    "a: 1\nb: <«2»>\nc: 3\n",
                    help="write c",
                    fix=fix(Span(9, 10), "4"),
                    related=(Related(Span(0, 1), "again", same=True),),
                )
            )
        )
    )

    assert page.said("mark") == ["2"]
    assert page.said("span").count("b: <") == 1
    assert "+ b: <4>" in page.said("span")
    assert "- b: <2>" in page.said("span")
    (article,) = page.all("article")
    assert article == {"class": "error", "data-severity": "error", "data-rule": "DBX301", "data-fix": "safe"}
    assert any("and 1 more place" in words for words in page.said("span"))


def test_a_page_has_no_need_of_the_network_and_runs_its_own_script_alone() -> None:
    text = html_report(run(result("«a»")))
    page = Page(text)

    (policy,) = page.all("meta", http_equiv="Content-Security-Policy")
    assert (policy["content"] or "").startswith("default-src 'none'; style-src 'sha256-")
    assert page.all("link") == page.all("img") == page.all("iframe") == []
    assert all("src" not in attributes for _, attributes in page.elements)
    assert "@import" not in text
    assert "url(" not in text


def test_nothing_in_a_page_is_markup_but_ours() -> None:
    evil = '</pre><script>alert("&")</script> "\'><img src=x onerror=x>'
    checked = result(f"a: «{evil}»\n", f"{evil}.yaml", message=f"`{evil}`", help=evil)

    page = Page(html_report(run(checked)))

    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert page.said("mark") == [evil]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//example.org", " https://x"])
def test_no_address_but_one_of_the_web_is_a_link(address: str) -> None:
    item = found()._replace(url=address)
    text = html_overview([Outcome("a", ("a.yaml",), (item,)), Outcome("b", (), ())], [])
    markdown = markdown_overview([Outcome("a", ("a.yaml",), (item,))], [])

    assert address not in [attributes.get("href") for _, attributes in Page(text).elements]
    assert f"]({address}" not in markdown


def test_headings_labels_and_names_are_there_for_who_cannot_see() -> None:
    page = Page(html_report(run(result("«a»", fix=fix(Span(0, 1), "b")))))

    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch("h[1-6]", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.all("html", lang="en")
    assert page.all("main")
    for table in page.all("table"):
        assert table["aria-label"]
    assert all("scope" in cell for cell in page.all("th"))
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(names) == len(set(names))
    for attributes in page.all("a"):
        href = attributes["href"] or ""
        assert not href.startswith("#") or href[1:] in names


def test_what_failed_and_what_was_not_checked_is_said_in_both() -> None:
    failed = Run((), failures=(Failure("cannot read `a`"),), strangers=("b.yaml",))

    for text in (html_report(failed), markdown_report(failed)):
        assert "Not complete: this failed" in text
        assert "Not checked" in text
        assert "customization file" in text


def test_a_secret_is_in_no_page(tmp_path: Path) -> None:
    secret = "Zq7-vW9xKe2"
    (tmp_path / "workload.yaml").write_text(f"tasks:\n  - name: a\n    parameters:\n      password: '{secret}'\n")
    for form in ("html", "markdown", "json"):
        done = lint(tmp_path, "--select", "ALL", "--output-format", form)
        assert done.code == 1
        assert secret not in done.out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a\\|b"),
        ("<b>*x* _y_ [z](w) @all #1", "\\<b\\>\\*x\\* \\_y\\_ \\[z\\](w) \\@all \\#1"),
        ("- a: b-c :x:", "\\- a: b-c \\:x:"),
        ("![x](y)", "!\\[x\\](y)"),
    ],
)
def test_markdown_shows_text_as_it_is(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_markdown_shows_code_as_code() -> None:
    assert words("no `image`: add it") == "no `image`: add it"
    assert words("one ` alone") == "one \\` alone"
    assert code("a|b`<c>") == "<code>a&#124;b&#96;&#60;c&#62;</code>"
    assert code(" ") == "<code> </code>"


def test_markdown_has_a_row_for_each_finding_and_no_more_than_there_is_room_for() -> None:
    few = markdown_report(run(result("a: «1»\nb: «2»\n", message="a | `b|c`", help="write it")))

    rows = [line for line in few.splitlines() if line.startswith("| \u274c")]
    assert rows == [
        "| \u274c | `imagedefinition.yaml:1:4` | [DBX301](https://example.org/rules/dbx301) a \\| <code>b&#124;c</code>"
        " | write it |",
        "| \u274c | `imagedefinition.yaml:2:4` | [DBX301](https://example.org/rules/dbx301) a \\| <code>b&#124;c</code>"
        " | write it |",
    ]
    many = tuple(diagnostic(Span(0, 1), message="x" * 1000) for _ in range(2000))
    text = markdown_report(run(result("a")._replace(diagnostics=many)))
    assert LARGEST - 2000 < len(text.encode()) < LARGEST + 100
    assert re.search(r"no room for \d+ more lines", text)


def test_a_trend_is_about_findings_and_not_about_lines() -> None:
    before = [Outcome("a", (), (found(), found("DBX102"))), Outcome("gone", (), (found(),))]
    moved = found()._replace(row=9)
    after = [Outcome("a", (), (moved, moved, found("DBX103"))), Outcome("fresh", (), (found(),))]

    trend = trend_of(after, before)

    assert (trend.new, trend.gone, trend.stayed) == (2, 1, 1)
    assert (trend.added, trend.missing) == (("fresh",), ("gone",))
    assert [change_words(trend.of_repository(name)) for name in ("a", "fresh")] == ["+1", "new"]
    assert trend.of_rule(("DBX101", "error")) == 1
    assert change_words(0) == "\u00b10"
    assert change_words(-1200) == "-1,200"


class TestReportCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Two repositories, each with a report of this week and one of the last."""
        for name, text, after in (("bad", NO_IMAGE, NO_IMAGE), ("better", NO_IMAGE, GOOD)):
            (tmp_path / name).mkdir()
            for when, content in (("last", text), ("this", after)):
                (tmp_path / name / "imagedefinition.yaml").write_text(content)
                (tmp_path / when).mkdir(exist_ok=True)
                report = tmp_path / when / f"{name}.json"
                lint(tmp_path / name, "--select", "DBX101", "--output", f"json:{report}", ".")
                assert report.is_file()
        return tmp_path

    def test_repositories_are_a_line_each(self, folder: Path) -> None:
        done = lint(folder, "report", "this", "--before", "last")

        assert done.code == 0
        assert done.out == (
            "bad          1 error    0 warnings       0 infos      \u00b10\n"
            "better      0 errors    0 warnings       0 infos      -1\n"
            "1 error, 0 warnings, 0 infos in 2 repositories\n"
            "since the run before: 0 new, 1 gone, 1 still there\n"
        )

    @pytest.mark.parametrize("form", ["html", "markdown"])
    def test_a_page_has_all_of_them_and_the_trend(self, folder: Path, form: str) -> None:
        done = lint(folder, "report", "this", "--before", "last", "--output-format", form, "--output", "page")

        text = (folder / "page").read_text("utf-8")
        assert (done.code, done.out, done.err) == (0, "", "")
        for word in ("bad", "better", "0 new", "1 gone", "2 repositories"):
            assert word in text
        if form == "html":
            assert len(Page(text).all("article")) == 1

    def test_a_pattern_is_understood_where_no_shell_has_asked_it(self, folder: Path) -> None:
        assert lint(folder, "report", "this/*.json").out == lint(folder, "report", "this").out

    def test_a_repository_is_named_by_what_the_pipeline_says(self, folder: Path) -> None:
        report = json.loads((folder / "this" / "bad.json").read_text())
        report["repository"] = {"url": "https://dev.azure.com/contoso/Web/_git/site", "revision": None, "branch": None}
        (folder / "this" / "bad.json").write_text(json.dumps(report))

        assert lint(folder, "report", "this").out.startswith("contoso/Web/site  ")

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"{", "it is not JSON"),
            (b"[" * 100_000, "it is not JSON"),
            (b"\xff", "it is not JSON"),
            (b"[]", "json-v1"),
            (b"{}", "not a report of devbox-lint"),
            (b"1", "not a report of devbox-lint"),
            (b'{"tool": {}, "diagnostics": [], "version": 3}', "another version"),
            (b'{"tool": {}, "diagnostics": [], "version": 2}', "not as the JSON Schema"),
        ],
    )
    def test_one_that_is_none_hides_no_other(self, folder: Path, content: bytes, said: str) -> None:
        (folder / "this" / "other.json").write_bytes(content)

        done = lint(folder, "report", "this", "--output-format", "html")

        assert done.code == 2
        assert said in done.err
        assert said in done.out
        assert len(Page(done.out).all("article")) == 1

    def test_what_is_not_of_its_type_is_no_report(self, folder: Path) -> None:
        report = json.loads((folder / "this" / "bad.json").read_text())
        for path in _paths(report):
            broken = json.loads(json.dumps(report))
            part = broken
            for key in path[:-1]:
                part = part[key]
            for value in ({"x": [0]}, "<x>", 7, None):
                part[path[-1]] = value
                (folder / "one.json").write_text(json.dumps(broken))
                (outcome,) = read_outcomes([str(folder / "one.json")])
                Page(html_overview([outcome], []))
                markdown_overview([outcome], [])

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "which reports?"),
            (("bad",), "there is no report in `bad`"),
            (("x*.json",), "no file is called"),
            (("this", "--output", "this/bad.json"), "cannot write"),
        ],
    )
    def test_what_cannot_be_meant_is_said(self, folder: Path, arguments: tuple[str, ...], said: str) -> None:
        done = lint(folder, "report", *arguments)

        assert (done.code, done.out) == (2, "")
        assert said in done.err


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all values."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from _paths(part, (*path, key))
