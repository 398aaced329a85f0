"""What photos show besides faces: looked for in a second pass, kept, told as one document."""
