"""The reader's language: sentences, numbers and days, in English and German."""
