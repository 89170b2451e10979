"""Tables to try things with."""
