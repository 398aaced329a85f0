"""What each operation of Rekognition does, over Kith's ports.

- ``operations``: all of them by name; begin here
- ``collections``, ``faces``, ``search``, ``pictures``, ``users``, ``search_users``, ``tags``,
  ``labels``: what they do
- ``kit``: what they work with
- ``images``, ``choice``, ``least``, ``pages``, ``names``: what requests hold besides
- ``saying``: Kith's faces as members of answers; ``refusing``: Kith's errors as the service's
"""
