"""An OpenID Connect provider for development: whoever opens its page is whom he chooses to be."""
