"""Makes the archive that the language server runs from in a browser: our wheel and the locked pure wheels it needs.

    python tools/browser_bundle.py OUTPUT.zip

The same commit gives the same bytes. Needs pip, the package index, and what builds our wheel.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
#: What the server imports. The others of `requirements/run.txt` are for the terminal, or have no pure wheel.
PACKAGES = ("attrs", "cattrs", "lsprotocol", "platformdirs", "pygls", "ruamel-yaml", "typing-extensions")
_ENTRY = re.compile(r"(?m)^([a-z0-9-]+)==[^\n]*(?:\n[ \t]+--hash=[^\n]*)*")
#: The time of every file in the archive: no file in a zip can be older.
_TIME = (1980, 1, 1, 0, 0, 0)


def main(output: Path) -> None:
    """Write the archive; raises subprocess.CalledProcessError where pip fails."""
    lock = (TOP / "requirements" / "run.txt").read_text("utf-8")
    wanted = [entry.group().rstrip("\\ \n") for entry in _ENTRY.finditer(lock) if entry[1] in PACKAGES]
    if len(wanted) != len(PACKAGES):
        raise SystemExit("requirements/run.txt does not lock all of PACKAGES")
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder)
        (wheels / "locked.txt").write_text("\n".join(wanted) + "\n", "utf-8")
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
        subprocess.run(
            (*pip, "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:", "--platform=any",
             "--dest", folder, "--requirement", wheels / "locked.txt"),
            check=True,
        )  # fmt: skip
        subprocess.run(
            (*pip, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, TOP), check=True
        )
        output.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, data in sorted(_files(wheels)):
                archive.writestr(zipfile.ZipInfo(name, _TIME), data, zipfile.ZIP_DEFLATED)


def _files(wheels: Path) -> Iterator[tuple[str, bytes]]:
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                # Licences go along; what starts programs or is for type checkers does not.
                is_unused = name.endswith(("/", "/RECORD", "/WHEEL", "/entry_points.txt", ".pyi", ".so"))
                if not is_unused and ".dist-info/sboms/" not in name:
                    yield name, archive.read(name)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
