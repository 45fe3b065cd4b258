"""Which models draw words that can be read, and who says so. One line for each statement of a maker; a model about
which none was found has no claim, and nobody is warned of it.

Read in August 2026. A maker's promise is no proof, and a model without one may get a short word right.
"""

from __future__ import annotations

from assetgen.catalog.models.model import Claim

GEMINI_PRO_WRITES = Claim(True, "Google's announcement of Nano Banana Pro: legible text directly in the picture")
GEMINI_3_FLASH_WRITES = Claim(True, "Google's announcement of Nano Banana 2: precise text rendering")
GEMINI_25_FLASH_WRITES = Claim(
    False, "Google's announcement of Gemini 2.5 Flash Image: longer texts are among what still has to get better"
)
IMAGEN_4_WRITES = Claim(True, "Google's announcement of Imagen 4: better spelling and typography")
GPT_IMAGE_WRITES = Claim(True, "OpenAI's announcement of GPT Image in its API: renders text accurately")
IDEOGRAM_WRITES = Claim(True, "Ideogram's announcement of version 3.0: stylized and accurate text")
QWEN_WRITES = Claim(True, "the technical report of Qwen-Image: complex text rendering")
Z_IMAGE_WRITES = Claim(True, "the page of Z-Image by its makers: accurate text in English and Chinese")
SEEDREAM_WRITES = Claim(True, "ByteDance's pages of Seedream 4.5 and 5.0: typography, dense text")
FLUX_2_WRITES = Claim(True, "Black Forest Labs' announcement of FLUX.2: complex typography, legible fine text")
MOVING_WRITES = Claim(
    False, "no page of the service promises text in its videos; what a still shows is kept, more or less"
)
