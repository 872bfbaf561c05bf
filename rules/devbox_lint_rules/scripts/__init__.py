"""What scripts do: contexts, prompts, downloads, the version of PowerShell."""
