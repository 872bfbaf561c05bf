"""What the language server adds to the engine: the places and messages of the Language Server Protocol."""
