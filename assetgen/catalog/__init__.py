"""What is known, as data: providers, models, prices and built-in defaults. No I/O; handed to whoever needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assetgen.catalog.models import MODELS, Model

DRAFT = "draft"
"""The embedded, free provider: what it makes never counts as real (rule 4)."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that manifests may name. Tests pass their own."""

    providers: tuple[str, ...] = (DRAFT, "kie")
    models: Mapping[str, Model] = field(default_factory=lambda: MODELS)
    image_model: str = "nano-banana-pro"
    video_model: str = "bytedance/v1-pro-image-to-video"
    aspect_ratio: str = "1:1"
    resolution: str = "1K"


CATALOG = Catalog()
