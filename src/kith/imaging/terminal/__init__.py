"""Pictures for terminals: rows of faces as PNG, as sixels, and as colored characters."""
