"""Readers: the bytes of one file and its declaration become text columns; free text ends here."""
