"""The ledger of promises, and its dates."""
