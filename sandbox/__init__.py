"""Stand-ins of the services outside, for development, demonstration and tests. Nothing here is part of the shop."""
