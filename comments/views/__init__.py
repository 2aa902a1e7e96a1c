"""Pages and endpoints of the conversation; each reads as a list of outcomes."""
