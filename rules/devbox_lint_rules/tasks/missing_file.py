"""DBX218: a path to a file beside the image definition, which is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devbox_lint.diagnostics import Finding, Severity
from devbox_lint.rule import IMAGE, Context, Example, Rule
from devbox_lint.startup import lazy
from devbox_lint.yaml.nodes import Scalar, resolve

_PATH = lazy(
    r"(?:C:|\$env:SystemDrive)?[\\/]ProgramData[\\/]Microsoft[\\/]DevBoxAgent[\\/]ImageDefinitions"
    r"[\\/]([^\\/\s'\"]++)[\\/]([^\\/\s'\"]++)[\\/]([\w.\\/-]++)",
    re.IGNORECASE,
)


class MissingFile(Rule):
    """
    A task uses a file from the folder of the image definition, and it is not there.

    Why: The service copies what stands beside `imagedefinition.yaml` to the dev box, and nothing else, so the
    task fails.

    Fix: Put the file beside `imagedefinition.yaml`, or mend the path.
    """

    code = "DBX218"
    name = "missing-file"
    severity = Severity.ERROR
    needs = ("devboxagent",)
    kinds = frozenset((IMAGE,))
    see = ("DBX217", "DBX604")
    references = ("https://learn.microsoft.com/azure/dev-box/how-to-configure-team-customizations",)
    bad = (
        Example(
            IMAGE,
            "name: Web\ntasks:\n  - name: ~/powershell\n    parameters:\n      script:"
            " C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\catalog\\web\\«scripts\\setpu.ps1»\n",
            path="web/imagedefinition.yaml",
            beside=(("web/scripts/setup.ps1", "Get-Date\n"),),
        ),
    )
    good = (
        Example(
            IMAGE,
            "name: Web\ntasks:\n  - name: ~/powershell\n    parameters:\n      script:"
            " C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\catalog\\web\\Scripts\\setup.ps1\n"
            "  - name: ~/powershell\n    parameters:\n      script:"
            " C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\catalog\\backend\\other.ps1\n",
            path="web/imagedefinition.yaml",
            beside=(("web/scripts/setup.ps1", "Get-Date\n"),),
        ),
        Example(
            IMAGE,
            "name: web\ntasks:\n  - name: ~/powershell\n    parameters:\n      script:"
            " C:\\ProgramData\\Microsoft\\DevBoxAgent\\ImageDefinitions\\catalog\\web\\setup.ps1\n",
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        if "DevBoxAgent" not in context.source.text:
            return
        root = context.customization.root
        name = root.scalar("name") if root is not None else None
        if name is None:
            return
        for task in context.customization.tasks:
            for entry in task.parameters.entries if task.parameters is not None else ():
                value = resolve(entry.value)
                # In `command` a path may be one that the command itself writes.
                if entry.name not in ("script", "configurationFile") or not isinstance(value, Scalar):
                    continue
                if "{{" in value.value or task.parameter("downloadUrl") or task.parameter("inlineConfigurationBase64"):
                    continue
                text = value.value.strip()
                match = _PATH.fullmatch(text)
                if match is None or match[2].lower() != name.value.lower():
                    continue
                if context.catalog.holds(context.source.path, match[3].replace("\\", "/")) is False:
                    start = value.value.index(text)
                    yield Finding(
                        value.span_of(start + match.start(3), start + match.end(3)),
                        f"`{match[3]}` is not in the folder of this image definition: add it, or correct the path",
                    )
