"""Puts the network guard into every Python process that a test starts: this folder leads their PYTHONPATH."""

from tests.support.network import forbid_network

forbid_network()
