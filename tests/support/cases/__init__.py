"""Short conversations with checks (tests/dialogues/cases/README.md): reading, playing and judging them.

Everything here is an outsider's: it speaks the REST channel and the staff API, and reads no code of the product.
"""
