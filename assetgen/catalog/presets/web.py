"""Presets for the web: favicons, installable apps, responsive pictures and pictures for shared links.

Sources: HTML standard, "Link type icon" and "Images"; Apple, "Configuring Web Applications" (apple-touch-icon);
W3C Web Application Manifest, "Icon masks and safe zone" (a circle of 2/5 of the edge as its radius), purposes `any`,
`maskable`, `monochrome`; the Open Graph protocol; sizes of shared pictures as Facebook and X document them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from assetgen.catalog.presets.layout import height_of
from assetgen.catalog.presets.model import (
    Container,
    Format,
    Frame,
    Ground,
    Look,
    OptionProblem,
    Preset,
    PresetFile,
    PresetIndex,
    PresetOrder,
    PresetOutput,
    Snippet,
)
from assetgen.catalog.presets.options import needs_silhouette
from assetgen.catalog.presets.text import MIME, attribute, plain_json
from assetgen.digest import Json

ICO_EDGES = (16, 32, 48)
TOUCH_EDGE = 180
APP_EDGES = (192, 512)
SAFE_ZONE = Fraction(4, 5)
"""Diameter of the circle that every mask of a maskable icon leaves."""

OG_SIZE = (1200, 630)
WIDTHS = (320, 640, 960, 1280, 1920, 2560)
"""Widths of a responsive picture when nobody says; those beyond the picture's own are left out."""
_SURE_WIDTHS = (320, 640)
"""Every known model's smallest picture is wider."""


def favicon(order: PresetOrder) -> PresetOutput:
    """`favicon.ico` with 16, 32 and 48 pixels, the opaque square that iPhones round by themselves, icons for the home
    screens of others, and the manifest that names them."""
    inset = order.inset or Fraction(0)
    touch = Look(fit=order.fit, ground=order.ground, alpha="never", inset=inset)
    icons = tuple(PresetFile(f"icon-{edge}.png", edge, edge, "png", Look(fit=order.fit)) for edge in APP_EDGES)
    links = (
        f'<link rel="icon" href="/favicon.ico" sizes="{" ".join(f"{edge}x{edge}" for edge in ICO_EDGES)}">',
        f'<link rel="icon" href="/{icons[0].path}" type="image/png" sizes="{_sizes(icons[0])}">',
        '<link rel="apple-touch-icon" href="/apple-touch-icon.png">',
        '<link rel="manifest" href="/site.webmanifest">',
        *_theme_tag(order),
    )
    return PresetOutput(
        files=(PresetFile("apple-touch-icon.png", TOUCH_EDGE, TOUCH_EDGE, "png", touch), *icons),
        containers=(Container("favicon.ico", "ico", tuple(map(Frame, ICO_EDGES)), Look(fit=order.fit)),),
        indexes=(PresetIndex("site.webmanifest", _manifest(order, [_icon(icon, "any") for icon in icons])),),
        snippet=Snippet("head.html", _lines(links), "into the `<head>` of every page; publish into the site's root"),
    )


_STEM = {"any": "pwa"}
"""What files of a purpose are called, where that is not the purpose's own name."""


def pwa(order: PresetOrder) -> PresetOutput:
    """The icons that browsers ask for before they offer to install an app, and a manifest that names them.

    A maskable icon is put on the ground so that nothing of it leaves the safe circle; `inset` replaces that.
    """
    masked = Look(
        fit=order.fit,
        ground=order.ground,
        alpha="never",
        inset=order.inset or Fraction(0),
        safe=SAFE_ZONE if order.inset is None else None,
    )
    looks = {"any": Look(fit=order.fit), "maskable": masked}
    if order.options.monochrome:
        looks["monochrome"] = Look("monochrome", order.fit_of("monochrome"))
    icons = [
        (PresetFile(f"{_STEM.get(purpose, purpose)}-{edge}x{edge}.png", edge, edge, "png", look), purpose)
        for purpose, look in looks.items()
        for edge in APP_EDGES
    ]
    head = ('<link rel="manifest" href="/manifest.webmanifest">', *_theme_tag(order))
    return PresetOutput(
        files=tuple(icon for icon, _ in icons),
        indexes=(PresetIndex("manifest.webmanifest", _manifest(order, [_icon(*pair) for pair in icons], app=True)),),
        snippet=Snippet(
            "head.html",
            _lines(head),
            "into the `<head>` of every page; an app that has a manifest of its own takes over `icons` from this one",
        ),
    )


def _icon(file: PresetFile, purpose: str) -> Json:
    return {"src": file.path, "sizes": _sizes(file), "type": MIME[file.format], "purpose": purpose}


def _sizes(file: PresetFile) -> str:
    return f"{file.width}x{file.height}"


def _manifest(order: PresetOrder, icons: list[Json], *, app: bool = False) -> str:
    """Addresses are relative to the manifest, so that a site may live in a folder."""
    name = order.brand.name or order.subject.name
    start: dict[str, Json] = {"start_url": "./"} if app else {}
    colors: dict[str, Json] = {"background_color": order.ground.colors[0]}
    if (theme := _theme(order)) is not None:
        colors["theme_color"] = theme
    return plain_json({"name": name, "short_name": name, **start, "display": "standalone", **colors, "icons": icons})


def _theme(order: PresetOrder) -> str | None:
    """The colour that browsers give their own bars: the brand's first."""
    return order.brand.colors.get("primary")


def _theme_tag(order: PresetOrder) -> tuple[str, ...]:
    theme = _theme(order)
    return (f'<meta name="theme-color" content="{attribute(theme)}">',) if theme else ()


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def web(order: PresetOrder) -> PresetOutput:
    """A picture at several widths in modern formats, and the `<picture>` that lets browsers choose."""
    widths, formats = web_widths(order), order.options.formats or web_formats(order)
    name = order.subject.name
    files = tuple(
        PresetFile(f"{name}-{width}.{form}", width, None, form, Look(ground=_web_ground(order, form)))
        for form in formats
        for width in widths
    )
    return PresetOutput(
        files=files,
        snippet=Snippet(
            "picture.html",
            _picture(order, formats, widths),
            "into the page, with the folder that you publish to in front of the names, and `sizes` as wide as the"
            " picture is shown",
        ),
    )


def web_widths(order: PresetOrder) -> tuple[int, ...]:
    """The widths to make, narrow to wide: as asked, or those of `WIDTHS` that the picture has."""
    if order.options.widths:
        return tuple(sorted(order.options.widths))
    most = order.subject.width
    if most is None:
        return _SURE_WIDTHS
    return tuple(width for width in WIDTHS if width <= most) or (most,)


def web_formats(order: PresetOrder) -> tuple[Format, ...]:
    """The smallest first, and last one that every browser shows."""
    return "avif", "webp", "png" if order.subject.cutout and order.background is None else "jpg"


def _web_ground(order: PresetOrder, form: Format) -> Ground | None:
    return order.ground if form == "jpg" else order.background


def _picture(order: PresetOrder, formats: tuple[Format, ...], widths: tuple[int, ...]) -> str:
    name, shown = order.subject.name, widths[-1]
    fallback = formats[-1]
    sources = [
        f'  <source type="{MIME[form]}" srcset="{_srcset(name, form, widths)}" sizes="100vw">' for form in formats[:-1]
    ]
    image = (
        f'  <img src="{name}-{shown}.{fallback}" srcset="{_srcset(name, fallback, widths)}" sizes="100vw"'
        f'{_dimensions(order, shown)} alt="{attribute(order.subject.alt)}" loading="lazy" decoding="async">'
    )
    return _lines(["<picture>", *sources, image, "</picture>"])


def _srcset(name: str, form: Format, widths: tuple[int, ...]) -> str:
    return ", ".join(f"{name}-{width}.{form} {width}w" for width in widths)


def _dimensions(order: PresetOrder, width: int) -> str:
    """What keeps a page from jumping while it loads; left out when the picture's shape is not known."""
    subject = order.subject
    if subject.width is None or subject.height is None:
        return ""
    return f' width="{width}" height="{height_of(width, None, (subject.width, subject.height))}"'


def _check_web(order: PresetOrder) -> tuple[OptionProblem, ...]:
    most = order.subject.width
    beyond = [width for width in order.options.widths if most is not None and width > most]
    if not beyond:
        return ()
    message = f"the picture is {most} pixels wide, and `widths` asks for {max(beyond)}"
    return (OptionProblem("widths", message, "write smaller widths, or generate it at a higher `resolution`"),)


def og(order: PresetOrder) -> PresetOutput:
    """The picture that social networks and messengers show beside a link: 1200 x 630, without transparency."""
    width, height = OG_SIZE
    look = Look(fit=order.fit, ground=order.ground, alpha="never", inset=order.inset or Fraction(0))
    path = f"{order.subject.name}-og.jpg"
    alt = attribute(order.subject.alt)
    tags = (
        f'<meta property="og:image" content="https://example.com/{path}">',
        '<meta property="og:image:type" content="image/jpeg">',
        f'<meta property="og:image:width" content="{width}">',
        f'<meta property="og:image:height" content="{height}">',
        *((f'<meta property="og:image:alt" content="{alt}">',) if alt else ()),
        '<meta name="twitter:card" content="summary_large_image">',
    )
    where = "into the page's `<head>`, with your own address: it has to be a full one"
    return PresetOutput(
        files=(PresetFile(path, width, height, "jpg", look),), snippet=Snippet("head.html", _lines(tags), where)
    )


PRESETS = (
    Preset("favicon", "icons of a website, and its web manifest", frozenset({"inset", "background"}), favicon),
    Preset(
        "pwa",
        "icons of an installable web app, maskable ones too, and its manifest",
        frozenset({"inset", "background", "monochrome"}),
        pwa,
        check=needs_silhouette,
    ),
    Preset(
        "web",
        "a responsive picture with its `<picture>` element",
        frozenset({"background", "widths", "formats"}),
        web,
        check=_check_web,
    ),
    Preset("og", "the picture of a shared link, 1200 x 630", frozenset({"inset", "background"}), og),
)
