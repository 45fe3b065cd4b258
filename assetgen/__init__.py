"""assetgen: a declarative build tool for generated brand assets."""

from __future__ import annotations

__version__ = "0.1.0"
