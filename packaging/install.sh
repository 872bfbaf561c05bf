#!/usr/bin/env bash
# install.sh SOURCE TARGET [OPTIONS]: lets TARGET/devbox-lint run what stands in SOURCE, a checkout of devbox-lint.
#
# It installs the libraries that the checkout locks, by their hashes, so that whoever names a commit gets the same for
# ever; with those for `--online` only where OPTIONS, one in a line, ask for it. Nothing is built: the environment looks
# for devbox-lint in the checkout. With uv at hand that takes a second or two, with pip a few more.
# -I and UV_NO_CONFIG: nothing in the repository that is checked is taken for a module or for settings.
set -euo pipefail

source=$1 target=$2
case $'\n'${3:-} in *$'\n'--online*) lock=azure ;; *) lock=run ;; esac

found=
for python in python3 python; do
    if "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
        found=$python
        break
    fi
done
if [ -z "$found" ]; then
    message="There is no Python 3.11 or newer: add a step with actions/setup-python or UsePythonVersion@0 before this one."
    if [ -n "${GITHUB_ACTIONS:-}" ]; then printf '::error title=devbox-lint::%s\n' "$message"; fi
    if [ -n "${TF_BUILD:-}" ]; then printf '##vso[task.logissue type=error]%s\n' "$message"; fi
    printf 'devbox-lint: %s\n' "$message" >&2
    exit 2
fi

locked=(--require-hashes --requirement "$source/requirements/$lock.txt")
scripts() { if [ -d "$target/Scripts" ]; then printf '%s' "$target/Scripts"; else printf '%s' "$target/bin"; fi; }
if command -v uv > /dev/null; then
    export UV_NO_CONFIG=1
    uv venv --quiet --no-project --python "$(command -v "$found")" "$target"
    uv pip install --quiet --python "$(scripts)/python" "${locked[@]}"
elif "$found" -I -m pip --version > /dev/null 2>&1; then
    # With the pip that is there: to install another one takes as long as all the rest.
    "$found" -I -m venv --without-pip "$target"
    "$found" -I -m pip --python "$(scripts)/python" install --quiet --no-compile --disable-pip-version-check "${locked[@]}"
else
    "$found" -I -m venv "$target"
    "$(scripts)/python" -I -m pip install --quiet --no-compile --disable-pip-version-check "${locked[@]}"
fi
"$(scripts)/python" -I - "$source" << 'CODE'
import os
import sys
import sysconfig

roots = "".join(f"{os.path.join(os.path.abspath(sys.argv[1]), root)}\n" for root in ("linter", "rules", "lsp"))
with open(os.path.join(sysconfig.get_path("purelib"), "devbox-lint.pth"), "w", encoding="utf-8") as file:
    file.write(roots)
CODE
printf '#!/usr/bin/env bash\nexec %q -I -m devbox_lint "$@"\n' "$(scripts)/python" > "$target/devbox-lint"
chmod +x "$target/devbox-lint"
