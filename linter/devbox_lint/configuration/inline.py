"""The configurations that a customization carries in base64: decoded in memory, with the way back to its places."""

from __future__ import annotations

from collections.abc import Iterator

from devbox_lint.credentials.base64_text import Decoded, find_base64
from devbox_lint.customization.model import Customization
from devbox_lint.yaml.nodes import Scalar

#: The parameter that holds one.
PARAMETER = "inlineConfigurationBase64"


def inline_configurations(customization: Customization) -> Iterator[tuple[Scalar, Decoded]]:
    """Each parameter that holds a configuration, and what it decodes to; others hold a reference, or no base64."""
    for task in customization.tasks:
        value = task.parameter(PARAMETER)
        if value is None:
            continue
        runs = list(find_base64(value.value))
        if len(runs) == 1 and not value.value[: runs[0].start].strip() and not value.value[runs[0].end :].strip():
            yield value, runs[0]
