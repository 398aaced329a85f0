"""What the API answers with, as JSON."""
