"""Faces + similarities + decisions -> people. Pure: no file, no database, no model.

Read ``draft`` first: what happens when a photo arrives. ``evidence`` says what counts for and
against, ``groups`` keeps who is who meanwhile, ``neighborhood`` is what the pipeline must answer.
"""
