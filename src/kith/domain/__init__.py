"""What Kith talks about: photos, faces, people, decisions and the errors. Standard library only."""
