"""eHealth over HTTPS with JSON; with ``--profile hospital-authority`` a hospital's direct link."""
