"""What the company's own systems are told of: events recorded with what they tell, and how far each has come."""
