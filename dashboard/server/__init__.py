"""The web server's side of the dashboard: settings, headers, refused requests, sign-in. Knows no figure."""
