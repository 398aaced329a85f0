"""Links for guests: who may see which photos without an account."""
