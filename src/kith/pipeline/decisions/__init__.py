"""What humans say of people: saying it, undoing it, and what becomes of people."""
