"""Rules about the text and its layout, before any key is understood."""
