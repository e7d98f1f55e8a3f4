"""The pages: where views become Streamlit elements."""
