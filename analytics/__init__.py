"""The domain of Murmuration: knows neither Prefect nor Streamlit."""
