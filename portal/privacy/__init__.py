"""What is kept of people: the register of it, and how they get it, correct it and have it erased."""
