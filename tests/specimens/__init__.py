"""Invented exports, one module per format: a good file, and files in which every text is a word to look for."""
