"""WinGet configurations: their units, and the resources that these name."""
