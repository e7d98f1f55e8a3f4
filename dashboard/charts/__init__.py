"""Charts with their text, their table and their picture. No Streamlit."""
