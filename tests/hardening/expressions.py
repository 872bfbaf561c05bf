"""Every regular expression of the product against texts made to make it slow.

    python tests/hardening/expressions.py            # prints those whose time grows faster than the text

An expression is collected where `re` compiles it: all modules are imported, all lazy expressions compiled, and every
rule's examples checked, so that those built at run time are seen too. From its parse tree come the attacks: what leads
to a repetition, then the repeated part over and over, then nothing or a character that can't follow. The time of
each attack is taken at growing lengths, first at the text's start as `match` does, then everywhere as `search` does;
`search` counts only for the expressions that the product searches with.
"""

from __future__ import annotations

import ast
import gc
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
SEARCHES = {"search", "finditer", "findall", "sub", "split", "subn"}
# Lengths in code points. A linear expression takes about 0.3 ms for the longest.
LENGTHS = (2_000, 8_000, 32_000)
# Four times the text may take up to seven times as long: between linear (4) and quadratic (16).
SUSPECT = 7.0
SLOW = 0.02
# The beginnings of expressions that are slower than linear, and why that is no harm.
BOUNDED = {
    r"(?:-[ ]+)*(?P<key>": "yaml/values.py matches at a line's first character, never searches",
    r"\\.|\[(?:\\.|[^\]\\])++": "tasks/_values.py: patterns of at most 1,000 characters",
    r"\\[pPkGZz]|": "tasks/_values.py: patterns of at most 1,000 characters",
}


class Expression(NamedTuple):
    """A compiled expression and whether anything searches with it, or only matches at a place."""

    pattern: re.Pattern[str]
    searched: bool
    where: str


class Finding(NamedTuple):
    """An attack that takes super-linear time, in seconds for each of ``LENGTHS``."""

    expression: Expression
    mode: str
    pump: str
    seconds: tuple[float, ...]


def modules() -> list[Any]:
    """All modules of the three packages that can be imported."""
    found = []
    for name in ("devbox_lint", "devbox_lint_rules", "devbox_lint_lsp"):
        package = importlib.import_module(name)
        found.append(package)
        for module in pkgutil.walk_packages(package.__path__, name + "."):
            if not module.name.endswith("__main__"):
                found.append(importlib.import_module(module.name))
    return found


def searched_names() -> dict[str, set[str]]:
    """For each file, the names on which a searching method is called, or which are used otherwise than by a method."""
    names: dict[str, set[str]] = {}
    for root in ("linter", "rules", "lsp"):
        for path in (ROOT / root).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            methods = {}
            for node in ast.walk(tree):
                if isinstance(node, ast.Attribute):
                    methods[id(node.value)] = node.attr
                # re.match(NAME, text)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                    methods[id(node.args[0])] = node.func.attr
            names[path.relative_to(ROOT).as_posix()] = {
                node.id
                for node in ast.walk(tree)
                if isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Load)
                and methods.get(id(node), "search") in SEARCHES
            }
    return names


def collect() -> list[Expression]:
    """All expressions over text that the product compiles, each once."""
    compiled: dict[tuple[str, int], str] = {}
    original = re._compiler.compile  # type: ignore[attr-defined]

    def recording(pattern: Any, flags: int = 0) -> Any:
        result = original(pattern, flags)
        if isinstance(pattern, str):
            frame = sys._getframe(1)
            while frame is not None and frame.f_code.co_filename.endswith(("re/__init__.py", "patterns.py")):
                frame = frame.f_back  # type: ignore[assignment]
            place = frame.f_code.co_filename if frame else "?"
            if str(ROOT) in place and "/.venv/" not in place and "/tests/" not in place:
                compiled.setdefault((pattern, result.flags), Path(place).relative_to(ROOT).as_posix())
        return result

    re._compiler.compile = recording  # type: ignore[attr-defined]
    re.purge()
    searched = searched_names()
    found: set[tuple[str, int]] = set()
    by_search: set[tuple[str, int]] = set()
    from devbox_lint import startup

    loaded = modules()
    _run_examples()
    for pattern, flags in _tables():
        compiled.setdefault((pattern, re.compile(pattern, flags).flags), "in a table")
    for module in loaded:
        for name, value in vars(module).items():
            if isinstance(value, startup._Lazy):
                key = (value._expression, re.compile(value._expression, value._flags).flags)
                compiled[key] = (getattr(module, "__file__", "?") or "?").replace(f"{ROOT}/", "")
            elif isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                key = (value.pattern, value.flags)
                if str(ROOT) not in str(getattr(module, "__file__", "")):
                    continue
                compiled.setdefault(key, str(module.__file__).replace(f"{ROOT}/", ""))
            elif isinstance(value, str):
                # A constant that is handed to re.match and its like.
                keys = [key for key in compiled if key[0] == value]
                if not keys:
                    continue
                key = keys[0]
            else:
                continue
            found.add(key)
            # The name may be imported: what its importer does with it counts too, and the importer is a module here.
            if name in searched.get(str(getattr(module, "__file__", "")).replace(f"{ROOT}/", ""), ()):
                by_search.add(key)
    compiled = {key: where for key, where in compiled.items() if isinstance(key[0], str)}
    for stray in (item for item in gc.get_objects() if isinstance(item, startup._Lazy)):
        if isinstance(stray._expression, bytes):
            continue
        key = (stray._expression, re.compile(stray._expression, stray._flags).flags)
        compiled.setdefault(key, "in a table")
    re._compiler.compile = original  # type: ignore[attr-defined]
    return [
        Expression(
            re.compile(pattern, flags & ~re.UNICODE.value),
            (pattern, flags) in by_search or (pattern, flags) not in found,
            where,
        )
        for (pattern, flags), where in sorted(compiled.items())
    ]


def _tables() -> Iterator[tuple[str, int]]:
    """The expressions that are texts in tables, of which the examples need few."""
    from devbox_lint.credentials.commands import COMMANDS
    from devbox_lint.credentials.tokens import FORMATS

    for form in FORMATS:
        yield form.pattern, 0
    for _, option in COMMANDS:
        yield option.command, re.IGNORECASE
        yield option.before, 0


def _run_examples() -> None:
    """Check all rules' examples, so that expressions made at run time are compiled."""
    from devbox_lint.engine import check
    from devbox_lint.source import SourceFile
    from devbox_lint_rules import RULES, every_rule

    for rule in every_rule():
        for example in (*rule.bad, *rule.good):
            text = example.text.replace("«", "").replace("»", "")
            check(SourceFile("imagedefinition.yaml", text), RULES, example.kind)


def _character(items: Any) -> str:
    """A character that a set holds."""
    negated = items and items[0][0] is codes.NEGATE
    candidates = "a0A_-. \t/:\n\"'$#{<@;é\x01"
    for kind, value in items:
        if kind is codes.LITERAL and not negated:
            return chr(value)
        if kind is codes.RANGE and not negated:
            return chr(value[0])
    text = "".join(candidates)
    for character in text:
        if _in_set(items, character) != bool(negated):
            return character
    return "a"


def _in_set(items: Any, character: str) -> bool:
    for kind, value in items:
        if kind is codes.LITERAL and chr(value) == character:
            return True
        if kind is codes.RANGE and value[0] <= ord(character) <= value[1]:
            return True
        if kind is codes.CATEGORY:
            tests = {
                codes.CATEGORY_DIGIT: character.isdigit(),
                codes.CATEGORY_NOT_DIGIT: not character.isdigit(),
                codes.CATEGORY_SPACE: character.isspace(),
                codes.CATEGORY_NOT_SPACE: not character.isspace(),
                codes.CATEGORY_WORD: character.isalnum() or character == "_",
                codes.CATEGORY_NOT_WORD: not (character.isalnum() or character == "_"),
            }
            if tests[value]:
                return True
    return False


def sample(tree: Any) -> str:
    """A text that the tree would take, roughly: assertions are left out."""
    out = []
    for kind, value in tree:
        if kind is codes.LITERAL:
            out.append(chr(value))
        elif kind is codes.NOT_LITERAL:
            out.append("b" if value == ord("a") else "a")
        elif kind is codes.ANY:
            out.append("a")
        elif kind is codes.IN:
            out.append(_character(value))
        elif kind is codes.BRANCH:
            out.append(sample(value[1][0]))
        elif kind is codes.SUBPATTERN:
            out.append(sample(value[3]))
        elif kind is codes.ATOMIC_GROUP:
            out.append(sample(value))
        elif kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            out.append(sample(value[2]) * max(value[0], min(1, value[1])))
        elif kind is codes.ASSERT and value[0] > 0:
            continue
    return "".join(out)


def pumps(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(what leads there, what to repeat) for every repetition and every place in the tree."""
    for index, (kind, value) in enumerate(tree):
        lead = before + sample(tree[:index])
        if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            if int(value[1]) > 8:
                body = sample(value[2]) or "a"
                yield lead, body
                for other in _alternatives(value[2]):
                    yield lead, other
            yield from pumps(value[2], lead)
        elif kind is codes.SUBPATTERN:
            yield from pumps(value[3], lead)
        elif kind is codes.ATOMIC_GROUP:
            yield from pumps(value, lead)
        elif kind is codes.BRANCH:
            for branch in value[1]:
                yield from pumps(branch, lead)
        elif kind in (codes.ASSERT, codes.ASSERT_NOT):
            yield from pumps(value[1], lead)


def _alternatives(tree: Any) -> Iterator[str]:
    for kind, value in tree:
        if kind is codes.BRANCH:
            for branch in value[1]:
                yield sample(branch) or "a"
        elif kind is codes.IN and not (value and value[0][0] is codes.NEGATE):
            for item, what in value:
                yield chr(what) if item is codes.LITERAL else chr(what[0]) if item is codes.RANGE else "a"
        elif kind is codes.SUBPATTERN:
            yield from _alternatives(value[3])


def attacks(expression: Expression) -> set[tuple[str, str, str]]:
    """(start, repeated part, end) of each attack on an expression."""
    tree = parser.parse(expression.pattern.pattern, expression.pattern.flags)
    found = set()
    whole = sample(tree)
    for lead, body in {*pumps(tree), ("", whole or "a")}:
        for end in ("", "\x00", "!", "\n", whole[-1:]):
            found.add((lead, body, end))
        # The whole beginning over and over: each is a place where a search starts anew.
        found.add(("", lead + body, "\x00"))
        found.add(("", (lead or body) + "\n", ""))
    return found


def seconds(call: Any, text: str) -> float:
    """The shorter of two runs, in seconds of this process."""
    best = 1e9
    for _ in range(2):
        start = time.thread_time()
        call(text)
        best = min(best, time.thread_time() - start)
        if best < SLOW / 20:
            break
    return best


def judge(expression: Expression) -> Iterator[Finding]:
    """The attacks under which an expression takes more than linear time."""
    modes = {"match": expression.pattern.match}
    if expression.searched:
        modes["search"] = lambda text: sum(1 for _ in expression.pattern.finditer(text))  # type: ignore[assignment]
    for mode, call in modes.items():
        for lead, body, end in sorted(attacks(expression)):
            taken: list[float] = []
            for length in LENGTHS:
                text = lead + body * (length // len(body)) + end
                taken.append(seconds(call, text))
                if len(taken) > 1 and taken[-1] > SLOW and taken[-1] > SUSPECT * max(taken[-2], 1e-6):
                    yield Finding(expression, mode, f"{lead!r} + {body!r} * n + {end!r}", tuple(taken))
                    break


def main() -> int:
    """Print what was tried and what is slow; 1 where something is."""
    expressions = collect()
    tried = slow = 0
    for expression in expressions:
        if expression.pattern.pattern.startswith(tuple(BOUNDED)):
            continue
        tried += len(attacks(expression)) * (1 + expression.searched)
        found = list(judge(expression))
        if found:
            slow += 1
            worst = max(found, key=lambda finding: finding.seconds[-1])
            times = " ".join(f"{1000 * second:.1f}" for second in worst.seconds)
            print(f"{expression.where}: {worst.mode} takes {times} ms with {worst.pump[:200]}")
            print(f"    {expression.pattern.pattern[:300]!r}")
    print(f"{len(expressions)} expressions, {tried} attacks, {slow} expressions slower than linear")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
