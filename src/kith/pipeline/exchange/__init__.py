"""What two libraries have of each other's: decisions, which are few, and photos, which are many."""
