"""DBX817: `${WinGetConfigRoot}` where winget does not put a folder in its place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devbox_lint.configuration.units import is_literal
from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import CONFIGURATION, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar, resolve, walk
from devbox_lint_rules.configurations._units import CREATE, units_of

_ROOT = lazy(r"\$\{WinGetConfigRoot\}", 2)
_PATH = lazy(r"(?i)\$\{WinGetConfigRoot\}[\\/]([\w .\\/@+-]*[\w@+-])")
_HEAD = "properties:\n  configurationVersion: 0.2.0\n  resources:\n"
_VS = (
    "    - resource: Microsoft.VisualStudio.DSC/VSComponents\n      directives: {{securityContext: elevated}}\n"
    "      settings:\n        productId: Microsoft.VisualStudio.Product.Community\n"
    "        channelId: VisualStudio.17.Release\n        vsConfigFile: {}\n"
)
_LONGEST = 400
#: The settings, in lower case, that name a file which the resource reads.
_READ = frozenset(("vsconfigfile", "wsbfilepath", "sourcepath"))


class WingetConfigRoot(Rule):
    """
    `${WinGetConfigRoot}` stands inside a list or a mapping of the settings, or the file that it leads to is not there.

    Why: winget replaces it in settings that are text themselves, and nowhere else; there it stays as it is written. It
    stands for the folder of the configuration, not for the root of the repository.

    Fix: Write the path as a setting of its own, from the folder of the configuration on: in `.config` a file of the
    repository's root is `${WinGetConfigRoot}\\..\\x`.
    """

    code = "DBX817"
    name = "winget-config-root"
    severity = Severity.WARNING
    kinds = frozenset((CONFIGURATION,))
    references = (CREATE,)
    see = ("DBX217",)
    bad = (
        Example(
            CONFIGURATION,
            f"{_HEAD}    - resource: GitDsc/GitClone\n      directives: {{allowPrerelease: true}}\n"
            "      settings:\n        HttpsUrl: https://github.com/contoso/web\n        RootDirectory: C:\\\n"
            "        ExtraArgs:\n          - --template=«${WinGetConfigRoot}»\\git\n",
        ),
        Example(
            CONFIGURATION,
            f"{_HEAD}{_VS.format(chr(39) + '«${WinGetConfigRoot}' + chr(92) + 'my.vsconfig»' + chr(39))}",
            path=".config/configuration.winget",
            beside=((".config/configuration.winget", ""), ("my.vsconfig", "{}")),
        ),
    )
    good = (
        Example(
            CONFIGURATION,
            f"{_HEAD}{_VS.format(chr(39) + '${WinGetConfigRoot}' + chr(92) + '..' + chr(92) + '.vsconfig' + chr(39))}",
            path=".config/configuration.winget",
            beside=((".config/configuration.winget", ""), (".vsconfig", "{}")),
        ),
        Example(CONFIGURATION, f"{_HEAD}{_VS.format(chr(39) + '${WinGetConfigRoot}' + chr(92) + 'a' + chr(39))}"),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if "wingetconfigroot}" not in context.source.text.lower():
            return
        for unit in units_of(context):
            for entry in unit.settings.entries if unit.settings is not None else ():
                value = resolve(entry.value)
                if isinstance(value, Scalar):
                    if (entry.name or "").lower() in _READ:
                        yield from _path(context, value)
                    continue
                for node in walk(value):
                    if isinstance(node, Scalar) and (match := _ROOT.search(node.value)):
                        yield Finding(
                            node.span_of(match.start(), match.end()),
                            "winget does not replace this inside a list or a mapping: it stays as it is written",
                            "write the path as a setting of its own",
                            severity=Severity.ERROR,
                        )


def _path(context: Context, value: Scalar) -> Iterator[Finding]:
    if len(value.value) > _LONGEST or not is_literal(value):
        return
    match = _PATH.fullmatch(value.value.strip())
    if match is None:
        return
    inside = posixpath.normpath(match[1].replace("\\", "/"))
    if context.catalog.holds(context.source.path, inside) is False:
        start = value.value.index(match[0])
        yield Finding(
            value.span_of(start, start + len(match[0])),
            f"no file `{inside}` beside this one: winget looks in the folder of the configuration",
            "correct the path, or add the file",
        )
