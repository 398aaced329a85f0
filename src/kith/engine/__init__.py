"""The local recognizer: pixels -> faces -> embeddings -> similarity.

No embedding leaves this room except into the vector store of ``kith.adapters.recognition``.
"""
