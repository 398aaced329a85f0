"""What doors over HTTP share: which pictures are handed out, and to whom."""
