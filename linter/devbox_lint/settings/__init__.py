"""What a person has settled for a project: the settings files, what stands in them, and for which files it holds."""

#: The table of the settings in pyproject.toml is `[tool.devbox-lint]`.
TABLE = "devbox-lint"
