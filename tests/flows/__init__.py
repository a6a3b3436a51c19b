"""Both episodes over the wire, on the whole stack, with everything that parties do wrong."""
