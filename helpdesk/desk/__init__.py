"""The staff API, and the desk's live side."""
