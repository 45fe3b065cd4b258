"""How fast and how large: measurements, printed as ratios and figures. Nothing here is a test."""
