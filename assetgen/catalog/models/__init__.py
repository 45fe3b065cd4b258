"""The models that are known: what they accept, what they return and what they cost. Data, no I/O.

Facts are the service's own documentation and price list as read on the dates given; a change here re-keys and never
makes an asset stale.
"""

from __future__ import annotations

from collections.abc import Mapping

from assetgen.catalog.models.field import Field
from assetgen.catalog.models.finishing import FINISHING
from assetgen.catalog.models.google import GOOGLE, NANO_BANANA_PRO
from assetgen.catalog.models.model import (
    Claim,
    Model,
    ModelKind,
    Parameter,
    Pictures,
    editor_of,
    introduction,
    nominal_size,
    unlisted,
)
from assetgen.catalog.models.openai import OPENAI
from assetgen.catalog.models.seedream import SEEDREAM
from assetgen.catalog.models.studios import STUDIOS
from assetgen.catalog.models.video import VIDEO

DOCUMENTED = "2026-08-19"
"""Day of the service's documentation that the table was taken from."""

MODELS: Mapping[str, Model] = {model.id: model for model in (*GOOGLE, *OPENAI, *SEEDREAM, *STUDIOS, *FINISHING, *VIDEO)}

__all__ = [
    "DOCUMENTED",
    "MODELS",
    "NANO_BANANA_PRO",
    "Claim",
    "Field",
    "Model",
    "ModelKind",
    "Parameter",
    "Pictures",
    "editor_of",
    "introduction",
    "nominal_size",
    "unlisted",
]
