"""What somebody who named no manifest probably meant. Looks, and changes nothing."""

from __future__ import annotations

from pathlib import Path

from assetgen.errors import ManifestError


def only_manifest(folder: Path) -> str | None:
    """The one manifest with assets in `folder`'s `manifests`, as it would be typed there; None for none or several."""
    paths = sorted(path for pattern in ("*.yaml", "*.yml") for path in (folder / "manifests").glob(pattern))
    found = [path for path in paths if _has_assets(path)]
    return found[0].relative_to(folder).as_posix() if len(found) == 1 else None


def _has_assets(path: Path) -> bool:
    """Whether a manifest is more than a library; one that cannot be read counts, so that building it tells why."""
    from assetgen.manifest.source import read_document

    try:
        data = read_document(path, path.name).data
    except ManifestError:
        return True
    return isinstance(data, dict) and bool(data.get("assets"))
