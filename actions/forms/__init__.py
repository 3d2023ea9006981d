"""One engine behind both forms: what to ask next, what an answer means, what to read back."""
