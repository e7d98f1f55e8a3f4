"""What several readers need: lines, tables, JSON documents, and the rows that they all yield."""
