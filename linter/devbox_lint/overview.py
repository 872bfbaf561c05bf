"""What `devbox-lint --help` says: the commands, and what holds for all of them."""

from __future__ import annotations

HELP = """\
Usage: devbox-lint [COMMAND] [OPTIONS] ...

Checks Microsoft Dev Box customization files: image definitions (team customizations),
user customizations and task definitions.

Commands:
  check [PATH ...]   check files and folders; this is the default, and so is the path `.`
  clean              remove the results that earlier runs have kept
  completion SHELL   print what makes bash, zsh, fish or powershell complete words
  config [PATH]      show the settings for a file or folder, and where they are from
  rule RULE ...      explain rules, by code or name
  rules              list all rules
  schema KIND        print the JSON Schema of `imagedefinition`, `user`, `task` or `settings`
  server             serve an editor: diagnostics, fixes and more over the Language Server Protocol
  tasks [PATH ...]   list the tasks known there, with their parameters

`devbox-lint COMMAND --help` lists the options of a command.

Options:
  -h, --help         show this and stop
  -V, --version      show the version and stop

Examples:
  devbox-lint                              check everything below the current folder
  devbox-lint imagedefinition.yaml         check one file
  devbox-lint check --fix .                repair what can safely be repaired
  devbox-lint check --diff .               show what --fix would do
  devbox-lint check --select DBX4,DBX301   check for these rules alone
  devbox-lint check --kind user my.yaml    say which kind of file it is
  devbox-lint rule missing-image           explain a rule

Exit codes:
  0  nothing at or above the severity of --fail-on (`warning`, unless you say otherwise)
  1  something was found
  2  the run failed: wrong usage, a file that cannot be read, or an internal error

Environment: NO_COLOR, FORCE_COLOR and TERM decide on colour; DEVBOX_LINT_DEBUG=1 shows the
tracebacks of internal errors; DEVBOX_LINT_CACHE_DIR says where the results of runs are kept.
"""
