"""The contract, generated from proto/canopy/v1 by clients/python/generate."""
