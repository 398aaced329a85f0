"""The ports: what the pipeline needs of the world, each a page of promises.

Adapters do not inherit from these protocols; ``kith.compose`` returns them, and the type checker
proves there that they conform. One contract suite per port (``tests/contracts``) runs against every
adapter.
"""
