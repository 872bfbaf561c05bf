"""DBX011: blocks of one kind indented by different steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Fix, Related, Severity, Span
from devbox_lint.rule import IMAGE, USER, YAML_FILES, Context, Example, Rule
from devbox_lint.source import SourceFile
from devbox_lint.yaml.line_edits import entry_span, shift_lines
from devbox_lint.yaml.nodes import Entry, Mapping, Sequence


class InconsistentIndentation(Rule):
    """
    Blocks of one kind are indented by different steps in one file: one list under its key by two columns and
    another by none, the parameters of one task by two columns and those of another by four.

    Why: It is valid YAML, and it is where the next edit goes wrong: a line copied from one task to another
    no longer lines up.

    Fix: Indent all blocks by the step that most of the file uses. It moves many lines, so `--fix` makes this repair
    only where the rule is selected: `--extend-select DBX011`.
    """

    code = "DBX011"
    name = "inconsistent-indentation"
    severity = Severity.INFO
    repairs = False
    # Where a line belongs to another block, that is what is wrong with its columns.
    yields_to = ("DBX002", "DBX106", "DBX119")
    kinds = YAML_FILES
    see = ("DBX002", "DBX003")
    references = ("https://yamllint.readthedocs.io/en/stable/rules.html#module-yamllint.rules.indentation",)
    bad = (
        Example(
            USER,
            "tasks:\n  - name: a\n    parameters:\n      x: 1\n  - name: b\n    parameters:\n      x: 2\n"
            "  - name: c\n    parameters:\n«        »x: 3\n        y: |\n          text\n",
            "tasks:\n  - name: a\n    parameters:\n      x: 1\n  - name: b\n    parameters:\n      x: 2\n"
            "  - name: c\n    parameters:\n      x: 3\n      y: |\n        text\n",
        ),
        Example(
            IMAGE,
            "tasks:\n  - name: a\n  - name: b\nuserTasks:\n- «name»: c\n".replace("- «name»", "«-» name"),
            "tasks:\n  - name: a\n  - name: b\nuserTasks:\n  - name: c\n",
        ),
    )
    good = (
        Example(USER, "tasks:\n- name: a\n  parameters:\n      x: 1\n- name: b\n  parameters:\n      x: 2\n"),
        Example(IMAGE, "tasks: [{name: a}]\nuserTasks:\n  - name: b\n"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if context.document.problems:
            return
        source = context.source
        blocks: dict[str, list[tuple[int, Entry]]] = {"mapping": [], "sequence": []}
        for node in context.document.mappings:
            if node.flow:
                continue
            for entry in node.entries:
                value = entry.value
                if entry.name and isinstance(value, Mapping | Sequence) and not value.flow and _is_below(source, entry):
                    blocks[value.kind].append((value.column - node.column, entry))
        for found in blocks.values():
            yield from _odd_ones(source, found)


def _is_below(source: SourceFile, entry: Entry) -> bool:
    """Whether a value starts on a line of its own, so that its indentation can be another."""
    return source.position(entry.value.start).line > source.position(entry.key.end).line


def _odd_ones(source: SourceFile, found: list[tuple[int, Entry]]) -> Iterator[Finding]:
    if len({step for step, _ in found}) < 2:
        return
    steps = Counter(step for step, _ in found)
    usual = max(steps, key=lambda step: (steps[step], -next(i for i, item in enumerate(found) if item[0] == step)))
    first = next(entry for step, entry in found if step == usual)
    reported = -1
    for step, entry in found:
        if step == usual or entry.key.start < reported:
            continue
        # Blocks inside one that is moved are looked at again once it has been moved.
        reported = entry.value.end
        start = entry.value.start
        line_start = source.line_starts[source.position(start).line]
        yield Finding(
            Span(line_start, start) if start > line_start else Span(start, start + 1),
            f"the {'list' if entry.value.kind == 'sequence' else 'block'} under `{entry.name}` is indented by {step}"
            f" columns, elsewhere in the file by {usual}",
            fix=Fix(
                f"indent by {usual} columns",
                shift_lines(source, entry_span(source, entry, value_only=True), usual - step),
            ),
            related=(Related(first.key.span, f"indented by {usual} columns"),),
        )
