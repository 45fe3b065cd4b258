"""The manifest that commands are tried on."""

from __future__ import annotations

MANIFEST = """\
version: 1
brand:
  colors: {primary: "#EC4899"}
providers:
  kie: {poll_initial: 0.02, poll_max: 0.02}
assets:
  coin:
    prompt: A coin in {{ brand.colors.primary }}
    sizes: {"@1x": 24, "@2x": 48}
    tags: [icon]
  hero:
    prompt: A wide scene
    aspect_ratio: 16:9
    sizes: [64]
    formats: [webp]
"""
