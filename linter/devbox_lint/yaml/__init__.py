"""YAML with exact places: parsing never raises and never stops at the first error."""
