"""Units, settings, dependencies and packages of WinGet configurations, of both shapes."""
