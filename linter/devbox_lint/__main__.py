"""The process: from the command line to an exit code, never a traceback."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import NoReturn

FAILED = 2


def main() -> NoReturn:
    """Run the command line of this process and end it."""
    code = _run()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    if sys.gettrace() is None and sys.getprofile() is None:
        # Taking down two hundred modules one by one takes a sixth of a short run, and the system does it at once.
        os._exit(code)
    sys.exit(code)


def _run() -> int:
    # Loading modules makes no garbage, and looking for it takes a tenth of a short run.
    gc.set_threshold(100_000, 20, 20)
    try:
        from devbox_lint.cli.main import run
        from devbox_lint.errors import DevboxLintError
        from devbox_lint.reports.terminal import internal_error, prepare, say
    except KeyboardInterrupt:
        return FAILED
    prepare()
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except DevboxLintError as error:
        message = f"error: {error}"
    except KeyboardInterrupt:
        message = "interrupted"
    except BrokenPipeError:
        # Whoever read the report has gone, and does not want to hear of it.
        message = ""
        _abandon_output()
    except OSError as error:
        message = f"error: {error.filename or 'the output'}: {error.strerror or error}"
        _abandon_output()
    except Exception as error:  # noqa: BLE001 - a person is to see one sentence, not our stack
        message = f"error: {internal_error(error)}"
    else:
        return code
    if message:
        with contextlib.suppress(OSError):
            say(message)
    return FAILED


def _abandon_output() -> None:
    # The interpreter flushes standard output once more when it ends, and would complain.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
