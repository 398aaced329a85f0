"""The adapters: one file per adapter, each behind one port."""
