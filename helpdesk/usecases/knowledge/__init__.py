"""Articles as editors keep them, and questions without one."""
