"""A second reader, asked when the first is unsure; docs/understanding.md says when, and what leaves the house."""
