"""The licences of what users install with devbox-lint: each lets it be given on, also inside an executable."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent.parent
#: Licences by their SPDX names that ask for no more than to be named.
FINE = frozenset(("MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ISC", "Unlicense", "0BSD"))
#: Those that ask for more, and why they are fine: the package comes as it is, and its source with it.
ALSO = {"certifi": "MPL-2.0"}
#: What packages say that give no SPDX expression.
WORDS = {
    "MIT": "MIT",
    "MIT License": "MIT",
    "The MIT License": "MIT",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def installed() -> list[str]:
    """The packages of the locks that users get."""
    names: set[str] = set()
    for lock in ("run", "azure"):
        text = (TOP / "requirements" / f"{lock}.txt").read_text("utf-8")
        names |= set(re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE))
    return sorted(names)


def licences(name: str) -> set[str]:
    """The SPDX names of a package's licences, as its metadata have them."""
    fields = metadata(name)
    expression = fields.get("License-Expression")
    if expression:
        # With `OR` one of them would do; none here has more than fine ones.
        return set(re.findall(r"[A-Za-z0-9.-]+", re.sub(r"\b(?:AND|OR|WITH)\b", " ", expression)))
    said = [line.rpartition(" :: ")[2] for line in fields.get_all("Classifier", []) if line.startswith("License ::")]
    return {WORDS.get(word, word) for word in said or [str(fields.get("License")).partition("\n")[0]]}


@pytest.mark.parametrize("name", installed())
def test_what_users_install_may_be_given_on(name: str) -> None:
    try:
        found = licences(name)
    except PackageNotFoundError:
        pytest.skip("it is for another system or Python")

    assert found
    assert found - FINE - {ALSO.get(name, "")} == set()
