"""Who is asking: accounts, sessions, keys of programs, and how often somebody may try."""
