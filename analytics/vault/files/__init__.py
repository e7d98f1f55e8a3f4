"""Files of people: what is kept of a row that was refused, and how it gets another try."""
