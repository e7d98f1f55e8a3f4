"""How far modelled figures are off, and how often their intervals hold, on services in which something happens."""
