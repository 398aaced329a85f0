"""Another model pack for a library, and grouping it anew."""
