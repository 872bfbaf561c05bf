"""PowerShell that fails where it runs: as the system or the user, without a person, in version 5.1."""
