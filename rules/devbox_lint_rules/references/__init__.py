"""Rules on `{{...}}`: secrets of Key Vault, tokens of Azure DevOps, parameters."""
