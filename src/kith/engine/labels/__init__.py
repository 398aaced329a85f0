"""What a picture shows, by name: models, a vocabulary, and how the ones are put in its words.

Two models look at a picture. One finds objects of 80 kinds, each with a box; the other says of the
whole picture which of 1,000 kinds it is of. ``vocabulary.toml`` says what these kinds are called
and what they are kinds of.
"""
