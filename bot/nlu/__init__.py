"""Understanding of Chinese messages: components of the Rasa pipeline and the parts they are made of."""
