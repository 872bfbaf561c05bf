"""The command line: what each command does, what is printed where, and the exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from devbox_lint.errors import UsageError
from devbox_lint.reports.terminal import CLEAN
from devbox_lint.run.options import COMMANDS, SCHEMAS, SHELLS, RunOptions

# Each command imports what it needs when it runs, so that `--version` answers at once.
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

    from devbox_lint.online import ResolverFor
    from devbox_lint.rule import RuleEntry


def run(arguments: Sequence[str]) -> int:
    """Do what a command line says and give the exit code; raises DevboxLintError for what cannot be done."""
    if "_ARGCOMPLETE" in os.environ:
        # Asked by a shell, not by a person. Imported here, as all that a command needs.
        from devbox_lint.cli.completion import complete

        complete(all_rules())
    first = arguments[0] if arguments else ""
    if first in ("-V", "--version"):
        from devbox_lint import __version__

        _print([f"devbox-lint {__version__}"])
        return CLEAN
    words = arguments[first == "check" :]
    if (first == "check" or first not in COMMANDS) and not any(word.startswith("-") for word in words):
        # Nothing but paths: the parser of options takes a twelfth of a short run.
        from devbox_lint.cli.check import check

        return check(RunOptions(tuple(words)), all_rules, azure)
    from devbox_lint.cli.arguments import command_line

    options = command_line(arguments)
    if options.help:
        _print([options.help.rstrip()])
        return CLEAN
    match options.command:
        case "help":
            from devbox_lint.cli.arguments import HELP

            _print([HELP.rstrip()])
        case "rule":
            _print(_explained(options))
        case "rules":
            _no_words(options)
            _print(_listed(options))
        case "clean":
            _no_words(options)
            _print(_cleaned())
        case "completion":
            _print([_completion(options)])
        case "config":
            from devbox_lint.cli.config import config_command

            _print(config_command(options, all_rules()))
        case "export":
            from devbox_lint.cli.export import export_command

            return export_command(options)
        case "init":
            from devbox_lint.cli.init import init_command

            return init_command(options)
        case "report":
            from devbox_lint.cli.report import report_command

            return report_command(options)
        case "schema":
            _print([_schema(options)])
        case "server":
            return _serve(options)
        case "tasks":
            from devbox_lint.cli.tasks import tasks_command

            _print(tasks_command(options))
        case _:
            from devbox_lint.cli.arguments import run_options
            from devbox_lint.cli.check import check

            return check(run_options(options), all_rules, azure)
    return CLEAN


def all_rules() -> tuple[RuleEntry, ...]:
    """Every rule there is, none of them loaded."""
    from devbox_lint_rules import RULES

    return RULES


def azure() -> ResolverFor:
    """Who asks Azure; raises UsageError where the libraries for it are not installed."""
    from devbox_lint_rules.online import load_resolver

    return load_resolver()


def _explained(options: Namespace) -> Iterable[str]:
    from devbox_lint.reports.rule_docs import describe, page
    from devbox_lint.run.selection import find, unknown_rule

    if not options.words:
        raise UsageError("which rule? write a code or a name after `rule`: `devbox-lint rules` lists them")
    rules: list[RuleEntry] = []
    for word in options.words:
        found = find(all_rules(), word)
        if not found:
            raise unknown_rule(all_rules(), word)
        rules.extend(rule for rule in found if rule not in rules)
    if options.output_format == "json":
        return [_json([describe(rule) for rule in rules])]
    pages = ("\n".join(page(rule)) for rule in rules)
    return [f"\n\n{'-' * 88}\n\n".join(pages)]


def _listed(options: Namespace) -> Iterable[str]:
    from devbox_lint.reports.rule_docs import describe, markdown_table, table

    match options.output_format:
        case "json":
            return [_json([describe(rule) for rule in all_rules()])]
        case "markdown":
            return markdown_table(all_rules())
        case _:
            return table(all_rules())


def _cleaned() -> Iterable[str]:
    from devbox_lint.cache.place import cache_folder, clean
    from devbox_lint.escaping import neutralise

    folder = cache_folder()
    count, size = clean(folder) if folder else (0, 0)
    place = f" in {neutralise(folder)}" if folder else ""
    return [f"removed {count} {'file' if count == 1 else 'files'} of {size:,} bytes{place}"]


def _schema(options: Namespace) -> str:
    if len(options.words) != 1 or options.words[0] not in SCHEMAS:
        kinds = ", ".join(f"`{kind}`" for kind in SCHEMAS)
        raise UsageError(f"which schema? {_meant(options, SCHEMAS)}write one of {kinds} after `schema`")
    if options.words[0] == "settings":
        from devbox_lint.settings.keys import schema_with

        return _json(schema_with(word for rule in all_rules() for word in (rule.code, rule.name)))
    if options.words[0] == "configuration":
        from devbox_lint.configuration.json_schema import with_resources
        from devbox_lint.customization.kinds import Kind
        from devbox_lint.customization.schema import load_schema

        return _json(with_resources(load_schema(Kind.CONFIGURATION)))
    from importlib.resources import files

    if options.words[0] == "report":
        schema = files("devbox_lint.reports") / "report.schema.json"
    else:
        schema = files("devbox_lint.customization") / "schemas" / f"{options.words[0]}.json"
    return schema.read_text(encoding="utf-8").rstrip()


def _completion(options: Namespace) -> str:
    if len(options.words) != 1 or options.words[0] not in SHELLS:
        shells = ", ".join(f"`{shell}`" for shell in SHELLS)
        raise UsageError(f"which shell? {_meant(options, SHELLS)}write one of {shells} after `completion`")
    from devbox_lint.cli.completion import shell_code

    return shell_code(options.words[0])


def _meant(options: Namespace, known: Sequence[str]) -> str:
    from devbox_lint.spelling import nearest

    meant = nearest(options.words[0], known) if len(options.words) == 1 else ""
    return f"did you mean {meant}? " if meant else ""


def _serve(options: Namespace) -> int:
    _no_words(options)
    # The libraries of the server take longer to import than all of the linter.
    from devbox_lint_lsp.main import serve

    return serve(all_rules, azure, options.tcp)


def _no_words(options: Namespace) -> None:
    if options.words:
        raise UsageError(
            f"`{options.command}` takes nothing but options, not `{options.words[0]}`"
            + (f": did you mean `devbox-lint rule {options.words[0]}`?" if options.command == "rules" else "")
        )


def _json(value: object) -> str:
    import json

    return json.dumps(value, indent=2)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
