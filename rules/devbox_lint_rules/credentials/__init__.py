"""Tokens, keys and passwords in plain text: in values, scripts, addresses, comments and base64."""
