"""An album as files that any web host serves: the page, what it asks for, and the pictures.

Nothing is in these files that a guest of a link would not be shown, unless it was asked for.
"""
