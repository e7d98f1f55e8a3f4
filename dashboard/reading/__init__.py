"""Published rows as frozen values: no number where one is withheld. No Streamlit."""
