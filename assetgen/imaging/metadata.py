"""The one piece of metadata that outputs carry: that a model made them.

Written as XMP (ISO 16684-1), which PNG, JPEG, WebP and AVIF can all hold. The property is
`Iptc4xmpExt:DigitalSourceType` of the IPTC Photo Metadata Standard.
"""

from __future__ import annotations

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC NewsCodes: "created using a model derived from sampled content"."""

PNG_KEYWORD = "XML:com.adobe.xmp"
"""Keyword of the iTXt chunk that holds XMP (XMP specification part 3, section 1.1.5)."""

GENERATED = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
   <Iptc4xmpExt:DigitalSourceType>{SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
"""The packet, the same for every file: it says nothing about the prompt or the asset."""
