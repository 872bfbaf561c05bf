"""`--fix` that is killed: each file is what it was, or whole and repaired."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

BROKEN = (
    "name: web\nimage: a/b@1.0.0\ntasks:\n  - name: ~/winget\n    parameters:\n      package: Git.Git\n"
    + "# x\n" * 2000
)
FILES = 120
COMMAND = (sys.executable, "-m", "devbox_lint", "check", "--no-cache", "--fix", "--select", "DBX107", ".")


def write(folder: Path) -> None:
    for number in range(FILES):
        (folder / f"{number:03}").mkdir(exist_ok=True)
        (folder / f"{number:03}" / "imagedefinition.yaml").write_text(BROKEN, "utf-8")


@pytest.mark.slow
def test_thirty_kills_lose_nothing(tmp_path: Path) -> None:
    write(tmp_path)
    began = time.monotonic()
    subprocess.run(COMMAND, cwd=tmp_path, stdout=subprocess.DEVNULL, check=False)
    whole = time.monotonic() - began
    repaired = (tmp_path / "000" / "imagedefinition.yaml").read_text("utf-8")
    assert repaired != BROKEN
    kills = in_the_midst = 0
    # Thirty, and more where none came while files were written.
    while kills < 30 or (in_the_midst == 0 and kills < 150):
        write(tmp_path)
        process = subprocess.Popen(COMMAND, cwd=tmp_path, stdout=subprocess.DEVNULL)
        time.sleep(whole * (0.2 + 0.75 * (kills % 30) / 30))
        kills += 1
        process.kill()
        process.wait()
        texts = [path.read_text("utf-8") for path in sorted(tmp_path.glob("*/imagedefinition.yaml"))]

        assert len(texts) == FILES
        assert set(texts) <= {BROKEN, repaired}
        in_the_midst += len(set(texts)) == 2

    assert in_the_midst > 0
