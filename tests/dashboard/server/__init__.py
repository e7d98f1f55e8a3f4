"""How the dashboard is served."""
