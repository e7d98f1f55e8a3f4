"""What each page says, as frozen values in finished sentences. No Streamlit."""
