"""Amazon Rekognition's wire: JSON ↔ members, validation, signatures. Pure: no socket, no file.

- ``interface``: what an operation is; read this to write one
- ``errors``: what can go wrong, and how it is said on the wire
- ``model``: the shapes of the service, read from botocore's description of it
- ``reading``, ``constraints``: the JSON of a request → its members, checked
- ``writing``: the members of an answer → JSON
- ``keys``, ``sigv4``, ``replays``: who may ask
- ``wire``: from a request to an answer, with all of these
"""
