"""The report of a test run, in XML, as Jenkins, Azure Pipelines, GitLab and others read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devbox_lint.diagnostics import Diagnostic, Severity
from devbox_lint.engine import INTERNAL_ERROR
from devbox_lint.escaping import neutralise
from devbox_lint.reports.model import FAILURE, NOT_MADE, TOOL, Excerpts, Run, excerpts, filename, place
from devbox_lint.reports.paths import in_repository
from devbox_lint.results import FileResult

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def junit_report(run: Run) -> str:
    """A document in ASCII: a suite for each file, and in it a test for each diagnostic.

    Errors and warnings are failures; infos are tests that passed, with what is to be said as their output. A
    check that could not be made is skipped, unless it was made an error, and what failed on the way is an error. A
    file without diagnostics is one test that passed. What is suppressed is counted in properties of a file's suite.
    Names of tests hold no line, so that the history of a test goes on when lines move.
    The form is that of Jenkins's schema, which knows no attributes for a line:
    https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
    """
    from xml.etree.ElementTree import indent, tostring

    suites = [*(_suite(result) for result in run.results), *_failures(run)]
    sums = {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in ("tests", "failures", "errors")}
    root = _element("testsuites", name=TOOL, **sums)
    root.extend(suites)
    indent(root)
    document: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return document.decode("ascii")


def _suite(result: FileResult) -> Element:
    path = neutralise(in_repository(filename(result.source)))
    if not result.diagnostics:
        return _suite_of(path, [_element("testcase", name=TOOL, classname=path)], result)
    shown = excerpts(result)
    seen: Counter[str] = Counter()
    cases = []
    for diagnostic in result.diagnostics:
        seen[diagnostic.code] += 1
        cases.append(_case(result, diagnostic, shown, path, seen[diagnostic.code]))
    return _suite_of(path, cases, result)


def _case(result: FileResult, diagnostic: Diagnostic, shown: Excerpts, path: str, number: int) -> Element:
    name = f"{diagnostic.code} {diagnostic.name}" + (f" ({number})" if number > 1 else "")
    case = _element("testcase", name=name, classname=path)
    at = place(result.source, diagnostic.span)
    message = neutralise(shown.conceal(diagnostic.message))
    lines = [f"{path}:{at.row}:{at.column}: {diagnostic.severity.label}: {message}"]
    if diagnostic.help:
        lines.append(f"help: {neutralise(shown.conceal(diagnostic.help))}")
    lines.append(diagnostic.url)
    match diagnostic:
        case Diagnostic(code=code) if code == INTERNAL_ERROR:
            said = _element("error", type=diagnostic.code, message=message)
        case Diagnostic(code=code, severity=Severity.INFO) if code == NOT_MADE:
            said = _element("skipped", type=diagnostic.code, message=message)
        case Diagnostic(severity=Severity.INFO):
            said = _element("system-out")
        case _:
            said = _element("failure", type=diagnostic.severity.label, message=message)
    said.text = "\n".join(lines)
    case.append(said)
    return case


def _failures(run: Run) -> Iterator[Element]:
    for failure in run.failures:
        path = neutralise(in_repository(failure.path))
        message = neutralise(failure.message)
        case = _element("testcase", name=FAILURE, classname=path)
        error = _element("error", type=FAILURE, message=message)
        error.text = message
        case.append(error)
        yield _suite_of(path, [case])


def _suite_of(path: str, cases: list[Element], result: FileResult | None = None) -> Element:
    counts = Counter(child.tag for case in cases for child in case)
    suite = _element(
        "testsuite",
        name=path,
        tests=str(len(cases)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        file=path,
    )
    counts_of = {"comments": len(result.suppressed), "baseline": len(result.recorded)} if result is not None else {}
    if any(counts_of.values()):
        properties = _element("properties")
        properties.extend(
            _element("property", name=f"suppressed.{by}", value=str(count)) for by, count in counts_of.items()
        )
        suite.append(properties)
    suite.extend(cases)
    return suite


def _element(tag: str, **attributes: str) -> Element:
    from xml.etree.ElementTree import Element

    return Element(tag, attributes)
