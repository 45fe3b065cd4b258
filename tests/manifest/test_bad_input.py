"""Everything that people get wrong in a manifest, with the words that they then read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assetgen.catalog import CATALOG
from assetgen.catalog.presets.registry import BUILT_IN
from assetgen.errors import ManifestError, Place
from assetgen.manifest.load import load
from tests.manifest.support import problems, said

ASSET = "assets:\n  coin:\n    prompt: A coin.\n"

LENDERS = """\
assets:
  night: {prompt: A moon.}
  clip: {type: video, source: asset:night, prompt: Waves.}
  hero: {prompt: A hero, matrix: {theme: [light, dark]}}
  sheet: {prompt: Two coins, grid: {rows: 1, columns: 2, cells: [a, b]}}
  icon:
    prompt: A boat.
"""
"""Assets that an icon may name, or not; more fields of the icon may follow."""

YAML = [
    ("empty", "", "the manifest is empty", "`assetgen init` writes a first one"),
    ("only comments", "# nothing\n", "the manifest is empty", "`assetgen init` writes a first one"),
    ("a list", "- a\n", "1:1 a manifest is a mapping, not a list", "begin it with `version: 1`"),
    ("a text", "hello\n", "1:1 a manifest is a mapping, not text", "begin it with `version: 1`"),
    (
        "two documents",
        "version: 1\n---\nversion: 1\n",
        "2:1 a second YAML document begins here",
        "put it into a manifest of its own",
    ),
    (
        "a key twice",
        ASSET + "    take: 1\n    take: 2\n",
        "5:5 duplicate key `take`",
        "it is first written at line 4",
    ),
    (
        "an asset twice",
        ASSET + "  coin:\n    prompt: B\n",
        "4:3 duplicate key `coin`",
        "it is first written at line 2",
    ),
    (
        "a tag",
        "vars: {a: !!python/object:os.system x}\n" + ASSET,
        "1:11 the tag `tag:yaml.org,2002:python/object:os.system` is not accepted: a manifest is plain data",
        "delete the tag",
    ),
    (
        "a merge",
        "defaults: &d {take: 1}\nassets:\n  coin: {<<: *d, prompt: A coin.}\n",
        "3:10 `<<` does not merge here",
        "write what assets share under `defaults`",
    ),
    ("an unknown alias", "vars: {a: &one 1, b: *on}\n", "1:22 unknown alias `*on`", "did you mean `*one`?"),
    (
        "an alias in itself",
        "vars: {a: &x [1, *x]}\n",
        "1:18 the alias `*x` stands inside what it stands for",
        "write the value out",
    ),
    ("a tab", "assets:\n\tcoin: 1\n", "2:1 a tab cannot indent YAML", "indent with spaces"),
    ("an open quote", 'output: "a\n', "1:9 this quoted text is never closed", "end it with the quote that began it"),
    (
        "an open list",
        "publish: [a, b\nassets: {}\n",
        "1:10 this list is never closed",
        "write `]` at its end, `,` between its values",
    ),
    (
        "an open mapping",
        "budget: {usd: 1\nassets: {}\n",
        "1:9 this mapping is never closed",
        "write `}` at its end, `,` between its keys",
    ),
    (
        "a bad indent",
        "assets:\n  coin:\n    prompt: a\n   take: 1\n",
        "4:4 this does not fit the lines above",
        "check the indent, and that quoted text ends where its quotes do",
    ),
    (
        "a colon in text",
        "output: a: b\n",
        "1:10 a `:` cannot stand here",
        "quote text that holds `: `, or check the indent",
    ),
    (
        "a template behind a colon in text",
        "assets:\n  coin:\n    prompt: A coin: gold, in {{ brand.name }}\n",
        "3:19 a `:` cannot stand here",
        "quote text that holds `: `, or check the indent",
    ),
    (
        "no space behind a key",
        "assets:\n  coin:\n    take: 1\n    sizes:[24]\n    formats: [png]\n",
        "4:10 a space is missing behind `sizes:`",
        "write a space after `:`",
    ),
    (
        "no space behind a key of text",
        "assets:\n  coin:\n    prompt:A coin\n    sizes: [24]\n",
        "3:11 a space is missing behind `prompt:`",
        "write a space after `:`",
    ),
    (
        "no colon",
        "assets:\n  coin:\n    sizes [24]\n    formats: [png]\n",
        "3:5 this line lacks a `:`",
        "write `key: value`, or indent it under its key",
    ),
    (
        "text over several lines that holds a colon",
        "assets:\n  coin:\n    prompt: A coin\n      and more\n      of gold: shiny\n",
        "5:14 a `:` cannot stand here",
        "quote text that holds `: `, or check the indent",
    ),
    (
        "a list behind its key",
        "assets:\n  coin:\n    prompt: - A coin\n",
        "3:13 a list cannot begin on the line of its key",
        "write the text without `- `, or begin the list on the next line, indented",
    ),
    (
        "an unquoted @",
        "assets: {coin: {sizes: {@2x: 48}}}\n",
        "1:25 text cannot begin with `@`",
        "put the text in quotes",
    ),
    ("an unquoted *", "output: **a**\n", "1:10 text cannot begin with `*` or `&`", "put the text in quotes"),
    (
        "an unquoted template",
        "assets:\n  coin:\n    prompt: {{ brand.name }}\n",
        "3:14 text cannot begin with `{{`",
        "put the text in quotes",
    ),
    (
        "a template in a list",
        "assets:\n  coin:\n    prompt: [A {{ brand.name }} coin]\n",
        "3:13 this list is never closed",
        "put text that holds `{{ ... }}` in quotes",
    ),
    (
        "an unquoted colour in brackets",
        "brand: {colors: {primary: #EC4899}}\n",
        "1:27 the colour `#EC4899` is not in quotes, so it begins a comment",
        'write `"#EC4899"`',
    ),
    ("a mapping as a key", "vars: {[a]: 1}\n", "1:8 a key has to be plain text", None),
    (
        "an infinite number",
        "budget: {usd: .inf}\n",
        "1:15 this number is out of range",
        "put it in quotes if it is text",
    ),
    ("an escaped control character", 'vars: {a: "a\\0"}\n', "1:11 the control character U+0000 is not text", None),
    (
        "deep nesting",
        "vars: " + "[" * 60 + "]" * 60,
        "1:39 this is nested more than 32 levels deep",
        "a manifest needs fewer",
    ),
]

TYPES = [
    (
        "an unknown key",
        ASSET + "    szies: [1]\n",
        "4:5 unknown key `szies` in asset `coin`",
        "did you mean `sizes`?",
    ),
    (
        "another way of writing a key",
        ASSET + "    aspectRatio: 16:9\n",
        "4:5 unknown key `aspectRatio` in asset `coin`",
        "did you mean `aspect_ratio`?",
    ),
    (
        "a key of assets at the top",
        "sizes: [1]\n",
        "1:1 unknown key `sizes`",
        "`sizes` belongs in an asset or in `defaults`",
    ),
    (
        "a key of the top in an asset",
        ASSET + "    vars: {}\n",
        "4:5 unknown key `vars` in asset `coin`",
        "`vars` belongs at the top of the manifest",
    ),
    (
        "a key of one asset in defaults",
        "defaults: {moved_from: x}\n",
        "1:12 unknown key `moved_from` in `defaults`",
        "`moved_from` belongs in an asset",
    ),
    (
        "an unknown key of a brand",
        "brands: {pro: {colours: {}}}\n",
        "1:16 unknown key `colours` in `brands.pro`",
        "did you mean `colors`?",
    ),
    (
        "quality of PNG",
        ASSET + "    quality: {png: 9}\n",
        "4:15 unknown key `png` in `quality` in asset `coin`",
        "PNG files are always lossless",
    ),
    (
        "a number for text",
        "assets: {coin: {prompt: 5}}\n",
        "1:25 `prompt` in asset `coin` must be text or a list of texts, not a number",
        None,
    ),
    (
        "a number in a list of texts",
        "assets: {coin: {prompt: [A coin., 5]}}\n",
        "1:35 an entry of `prompt` in asset `coin` must be text, not a number",
        'put it in quotes: `"5"`',
    ),
    (
        "text for a number",
        ASSET + '    take: "5"\n',
        "4:11 `take` in asset `coin` must be a whole number, not text",
        "write 5 without quotes",
    ),
    (
        "a fraction",
        ASSET + "    take: 1.5\n",
        "4:11 `take` in asset `coin` must be a whole number, not `1.5`",
        None,
    ),
    (
        "yes for true",
        ASSET + "    frozen: yes\n",
        "4:13 `frozen` in asset `coin` must be true or false, not text",
        "write `true`",
    ),
    (
        "a word for a list",
        ASSET + "    tags: hero\n",
        "4:11 `tags` in asset `coin` must be a list, not text",
        "write it as a list: `[hero]`",
    ),
    (
        "a list for a mapping",
        "brand: [a]\n",
        "1:8 `brand` must be a mapping, not a list",
        None,
    ),
    ("a list of assets", "assets: [a]\n", "1:9 `assets` must be a mapping of names, not a list", None),
    ("a number for an asset", "assets: {coin: 5}\n", "1:16 asset `coin` must be a mapping, not a number", None),
    (
        "an unknown format",
        ASSET + "    formats: [jpeg]\n",
        "4:15 an entry of `formats` in asset `coin` must be `png`, `webp`, `avif`, `jpg`, `mp4`, `webm` or `gif`, not "
        "`jpeg`",
        "write `jpg`",
    ),
    (
        "a number for a list of sizes",
        ASSET + "    sizes: 24\n",
        "4:12 `sizes` in asset `coin` must be a list of sizes, or a mapping of labels to sizes, not a number",
        "write `sizes: [24]`",
    ),
    (
        "a size with a unit",
        ASSET + "    sizes: [24px]\n",
        "4:13 an entry of `sizes` in asset `coin` must be a width in pixels, or a box such as `1280x720`, not `24px`",
        "write `24`, without a unit",
    ),
    (
        "a box with a unit",
        ASSET + "    sizes: {hero: 1280 x 720 px}\n",
        "4:19 `sizes.hero` in asset `coin` must be a width in pixels, or a box such as `1280x720`, not `1280 x 720 px`",
        "write `1280x720`",
    ),
    (
        "one quality for all",
        ASSET + "    quality: 80\n",
        "4:14 `quality` in asset `coin` must be a mapping of formats to quality, or `lossless`, not a number",
        "write `quality: {webp: 80, avif: 80, jpg: 80}`",
    ),
    ("a bare budget", "budget: 2\n", "1:9 `budget` must be a mapping, not a number", "write `budget: {usd: 2}`"),
    ("a budget in $", "budget: $2.50\n", "1:9 `budget` must be a mapping, not text", "write `budget: {usd: 2.50}`"),
    (
        "an amount in $",
        "budget: {usd: $2}\n",
        "1:15 `budget.usd` must be a number, not text",
        "write `usd: 2`, without quotes or a `$`",
    ),
    (
        "a colour that YAML takes for a number",
        "brand:\n  colors:\n    primary: 000000\n",
        "3:14 `brand.colors.primary` must be text, not a number",
        'write `"#000000"`',
    ),
    (
        "a colour as programs write it",
        "brand: {colors: {primary: 0xEC4899}}\n",
        "1:27 `brand.colors.primary` must be text, not a number",
        'write `"#EC4899"`',
    ),
    (
        "a colour of a style sheet",
        "brand: {colors: {primary: rgb(1, 20, 255), ink: '#000'}}\n",
        "1:27 `rgb(1, 20, 255)` is not a colour",
        'write `"#0114FF"`',
    ),
    (
        "another colour of a style sheet",
        "brand: {gradients: {dawn: [hsl(1 20% 3%), '#000']}}\n",
        "1:28 `hsl(1 20% 3%)` is not a colour (an entry of `brand.gradients.dawn`)",
        'write `"#090606"`',
    ),
    (
        "a preset that does not exist",
        ASSET + "    presets: [favicn]\n",
        "4:15 unknown preset `favicn`",
        "did you mean `favicon`? known: " + ", ".join(BUILT_IN),
    ),
    (
        "an option of another preset",
        ASSET + "    presets: [{preset: windows, widths: [3]}]\n",
        "4:41 `widths` means nothing to the preset `windows`",
        "delete it; options of this preset: background, inset",
    ),
    (
        "a gradient that the brand does not have",
        "brand: {gradients: {dawn: ['#000', '#FFF']}}\n" + ASSET + "    presets: [{preset: pwa, background: dusk}]\n",
        "5:41 `dusk` is neither a colour nor a gradient of the brand",
        "write `#RRGGBB`, in quotes, or a name; the brand has: dawn",
    ),
    *(
        (f"as the picture of an icon, {what}", f"{LENDERS}    presets: [{{{use}}}]\n", message, hint)
        for what, use, message, hint in (
            (
                "nobody",
                "preset: ios-appicon, dark: nihgt",
                "8:43 there is no asset `nihgt` to show",
                "did you mean `night`?",
            ),
            (
                "the asset itself",
                "preset: ios-appicon, dark: asset:icon",
                "8:43 `dark` of asset `icon` names the asset itself",
                "write `dark: true` to make it from this asset itself, or name another one",
            ),
            (
                "a video",
                "preset: pwa, monochrome: clip",
                "8:41 asset `clip` is a video: it has no picture to show",
                "name a picture",
            ),
            (
                "a matrix",
                "preset: ios-imageset, dark: hero",
                "8:44 there is no asset `hero` to show",
                "it has a `matrix`: name one of its members, hero-light, hero-dark",
            ),
            (
                "a whole sheet",
                "preset: ios-appicon, tinted: sheet",
                "8:45 asset `sheet` is a sheet of several pictures",
                "name a cell, such as `sheet/a`",
            ),
            (
                "no cell",
                "preset: ios-appicon, tinted: sheet/aa",
                "8:45 asset `sheet` has no cell `aa`",
                "did you mean `a`?",
            ),
            (
                "a cell of one picture",
                "preset: ios-appicon, tinted: night/a",
                "8:45 asset `night` has no cells: it is no `grid`",
                "write `night`",
            ),
            (
                "no part",
                "preset: ios-appicon, dark: 'night#cut'",
                "8:43 `#cut` of asset `night` is nothing",
                "write `night`",
            ),
            (
                "no cutout",
                "preset: ios-appicon, dark: 'night#cutout'",
                "8:43 asset `night` has no cutout to show",
                "write `removeBg: true` there, or show it whole: leave out `#cutout`",
            ),
            (
                "a square for a silhouette",
                "preset: pwa, monochrome: night",
                "8:41 `night` keeps its background: a silhouette cannot be made of a full square",
                "set `removeBg: true` for `night`",
            ),
            (
                "a small one",
                "preset: ios-appicon, dark: asset:sheet/a",
                "8:43 the 512x1024 pixels of `sheet/a` are too few: `ios-appicon/AppIcon.appiconset/"
                "AppIcon-1024-dark.png` would show it at 200 %",
                "give `sheet` a higher `resolution`, or allow it with `upscale: true` here",
            ),
        )
    ),
    (
        "a picture too small for a preset",
        ASSET + "    aspect_ratio: 16:9\n    presets: [favicon, ios-appicon]\n",
        "5:24 preset `ios-appicon` needs a larger picture than the 1376x768 pixels of asset `coin`: "
        "`AppIcon.appiconset/AppIcon-1024.png` would show it at 134 %",
        "ask for more with `resolution`, for a better shape with `aspect_ratio`, or allow it with `upscale: true`",
    ),
    (
        "a preset's folder outside the project",
        ASSET + "    presets: [{preset: favicon, publish: [web, ../site]}]\n",
        "4:48 `../site` leaves the project",
        "nothing is written outside it: delete the `..`",
    ),
    (
        "presets of a sheet of cells",
        ASSET + "    grid: {rows: 1, columns: 2, cells: [a, b]}\n    presets: [favicon]\n",
        "5:14 `presets` are made of one picture, and the `grid` of asset `coin` cuts it into several",
        "give the icon an asset of its own",
    ),
    (
        "an index file of no language",
        "emit: [src/assets.rs]\n" + ASSET,
        "1:8 `src/assets.rs` has no ending that an index file can have",
        "end it with one of .json, .ts, .swift, .dart, .kt, .py",
    ),
    (
        "an index file outside the project",
        "emit: [../assets.ts]\n" + ASSET,
        "1:8 `../assets.ts` leaves the project",
        "nothing is written outside it: delete the `..`",
    ),
    (
        "an index file twice",
        "emit: [assets.ts, ./assets.ts]\n" + ASSET,
        "1:19 an index file and another are one file: `assets.ts`",
        "delete one of the two from `emit`",
    ),
    (
        "an index file in the place of a picture",
        "emit: [output/app/coin.json]\n" + ASSET + "    filename: coin.json/{{ size }}.{{ ext }}\n    sizes: [8]\n",
        "1:8 an index file is a file where an output of asset `coin` needs a folder: `output/app/coin.json`",
        "change `output`, `publish` or `filename` of one, or a label in its `sizes`",
    ),
    (
        "two presets in one place",
        ASSET + "    presets: [favicon, favicon]\n",
        "4:14 an output of asset `coin` and another are one file: `output/app/coin/favicon/apple-touch-icon.png`",
        "give one of them an `output` or `publish` of its own: `{preset: ..., publish: ...}`",
    ),
    (
        "an unknown fit",
        ASSET + "    fit: Cover\n",
        "4:10 `fit` in asset `coin` must be `cover`, `contain` or `inside`, not `Cover`",
        "did you mean `cover`?",
    ),
    (
        "nothing",
        ASSET + "    exclude:\n",
        "4:13 `exclude` in asset `coin` is empty",
        "write a value, or delete the line",
    ),
    ("no asset", "assets:\n  coin:\n", "2:8 asset `coin` must be a mapping, not empty", None),
    ("no assets", "assets:\n", "1:8 `assets` must be a mapping of names, not empty", None),
    (
        "blank text",
        'assets: {coin: {prompt: " "}}\n',
        "1:25 `prompt` in asset `coin` must be text that says something, not blank",
        None,
    ),
    (
        "too much",
        ASSET + "    quality: {webp: 101}\n",
        "4:21 `quality.webp` in asset `coin` must be at most 100, not `101`",
        None,
    ),
    ("too little", "budget: {usd: -1}\n", "1:15 `budget.usd` must be at least 0, not `-1`", None),
    (
        "an empty list",
        ASSET + "    formats: []\n",
        "4:14 `formats` in asset `coin` must be a list of at least 1, not of 0",
        None,
    ),
    (
        "a long list",
        ASSET + "    references: [a, b, c, d, e, f, g, h, i]\n",
        "4:17 `references` in asset `coin` must be a list of at most 8, not of 9",
        None,
    ),
    ("a missing key", "budget: {}\n", "1:1 `usd` is missing in `budget`", None),
    (
        "a newer version",
        "version: 2\n",
        "1:10 this manifest is of version `2`; this assetgen reads version 1",
        "upgrade assetgen",
    ),
    ("a version as text", 'version: "1"\n', "1:10 `version` must be the number 1, not text", "write `version: 1`"),
    (
        "both spellings",
        ASSET + "    removeBg: false\n    remove_bg: false\n",
        "5:5 `remove_bg` and `removeBg` mean the same; there are both in asset `coin`",
        "delete one of them",
    ),
    (
        "an unquoted colour",
        "brand:\n  colors:\n    primary: #EC4899\n",
        "3:13 `brand.colors.primary` is empty",
        'an unquoted `#` begins a comment: write `"#EC4899"`',
    ),
    (
        "a colour by name",
        "brand: {colors: {primary: red}}\n",
        "1:27 `red` is not a colour (`brand.colors.primary`)",
        'write `"#FF0000"`',
    ),
    (
        "a colour without #",
        "brand: {colors: {primary: EC4899}}\n",
        "1:27 `EC4899` is not a colour (`brand.colors.primary`)",
        'write `"#EC4899"`',
    ),
    (
        "a colour with alpha",
        'brand: {gradients: {sun: ["#EC4899", "#EC489980"]}}\n',
        "1:38 `#EC489980` has an alpha channel (an entry of `brand.gradients.sun`)",
        'write `"#EC4899"`',
    ),
]

NAMES = [
    (
        "a name with a space",
        "assets: {my icon: {prompt: a}}\n",
        "1:10 `my icon` cannot be a name",
        "a name has letters, digits, `_`, `.` and `-`, and begins with a letter or digit",
    ),
    ("a name that climbs", "assets: {../x: {prompt: a}}\n", "1:10 `../x` cannot be a name", None),
    (
        "one name in two cases",
        ASSET + "  Coin:\n    prompt: B\n",
        "4:3 `Coin` and `coin` are one name: case does not count",
        "choose another name for one of them",
    ),
    (
        "a bad label",
        ASSET + '    sizes: {"a b": 3}\n',
        "4:13 `a b` cannot be the label of a size (`sizes.a b` in asset `coin`)",
        "write one like `@2x` or `hero`",
    ),
    (
        "an unknown provider",
        ASSET + "    provider: kiee\n",
        "4:15 unknown provider `kiee`",
        "did you mean `kie`? known: draft, kie",
    ),
    (
        "an unknown tuned provider",
        "providers: {keo: {}}\n",
        "1:13 unknown provider `keo`",
        "did you mean `kie`? known: draft, kie, service",
    ),
    (
        "a price of a provider",
        "providers: {kie: {usd: 1}}\n",
        "1:19 `usd` does not apply to `kie`, which has its prices in the table of models",
        "delete the line",
    ),
    (
        "patience with the service",
        "providers: {service: {usd: 0.01, poll_max: 3}}\n",
        "1:34 `poll_max` does not apply to `service`, which has a price, `usd`, and nothing else",
        "delete the line",
    ),
    (
        "padding without crop",
        ASSET + "    removeBg: {padding: 0.1}\n",
        "4:25 `removeBg.padding` in asset `coin` does nothing without `crop`",
        "write `crop: true`, too",
    ),
    (
        "padding by another name",
        "defaults: {remove_bg: {padding: 0.1}}\n" + ASSET,
        "1:33 `remove_bg.padding` in `defaults` does nothing without `crop`",
        "write `crop: true`, too",
    ),
    (
        "holes for a service",
        ASSET + "    removeBg:\n      remover: service\n      holes: true\n",
        "6:14 `removeBg.holes` in asset `coin` does not apply to `service`",
        "use `key`, or delete it",
    ),
    (
        "a second picture by a model that is shown none",
        ASSET + "    model: z-image\n    removeBg:\n      remover: difference\n",
        "6:16 `removeBg.remover` in asset `coin` cannot be `difference`: the model `z-image` cannot be shown its "
        "picture to make it on another ground",
        "use `key`, or one of the models that can: `nano-banana-pro`, `nano-banana-2`, `nano-banana-2-lite`, "
        "`google/nano-banana`, `gpt-image/1.5-text-to-image`, `gpt-image-2-text-to-image`, "
        "`seedream/4.5-text-to-image`, `seedream/5-lite-text-to-image`, `flux-2/pro-text-to-image`, "
        "`flux-2/flex-text-to-image`, `qwen/text-to-image`, `wan/2-7-image`, `wan/2-7-image-pro`",
    ),
    (
        "a second picture of one that is made larger",
        ASSET + "    upscale: {model: topaz/image-upscale, factor: 2}\n    removeBg: {remover: difference}\n",
        "5:25 `removeBg.remover` in asset `coin` cannot be `difference` with a paid `upscale`",
        "delete one of them, or write `upscale: true`",
    ),
    (
        "holes in a pair",
        ASSET + "    removeBg:\n      remover: difference\n      holes: true\n",
        "6:14 `removeBg.holes` in asset `coin` does not apply to `difference`",
        "use `key`, or delete it",
    ),
    (
        "a transparent jpg",
        ASSET + "    removeBg: true\n    formats: [png, jpg]\n",
        "5:20 jpg files cannot be transparent, as `removeBg` makes asset `coin`",
        'write the colour to put it onto, such as `background: "#FFFFFF"`, or use webp',
    ),
    (
        "a model that is written almost right",
        ASSET + "    model: Nano Banana_Pro\n",
        "4:12 unknown model `Nano Banana_Pro`",
        "did you mean `nano-banana-pro`? Its name has to be exact",
    ),
    (
        "a model that enlarges",
        ASSET + "    model: topaz/image-upscale\n",
        "4:12 the model `topaz/image-upscale` enlarges pictures (`model` in asset `coin`)",
        "name a model that draws, and write this one under `upscale`",
    ),
    (
        "a model that removes backgrounds",
        ASSET + "    model: recraft/remove-background\n",
        "4:12 the model `recraft/remove-background` removes backgrounds (`model` in asset `coin`)",
        "name a model that draws, and write `removeBg: {remover: kie}`",
    ),
    (
        "a ratio that the model does not know",
        ASSET + "    model: z-image\n    aspect_ratio: 21:9\n",
        "5:19 `aspect_ratio` in asset `coin` cannot be `21:9`: the model `z-image` does not know it",
        "known: 1:1, 4:3, 3:4, 16:9, 9:16",
    ),
    (
        "a resolution in the wrong case",
        ASSET + "    model: flux-2/pro-text-to-image\n    resolution: 2k\n",
        "5:17 `resolution` in asset `coin` cannot be `2k`: the model `flux-2/pro-text-to-image` does not know it",
        "did you mean `2K`? known: 1K, 2K",
    ),
    (
        "a resolution for a model that has none",
        ASSET + "    model: google/imagen4\n    resolution: 2K\n",
        "5:17 `resolution` in asset `coin` does not apply to the model `google/imagen4`",
        "delete the line",
    ),
    (
        "a ratio and a resolution that exclude each other",
        ASSET + "    model: gpt-image-2-text-to-image\n    resolution: 4K\n",
        "5:17 the model `gpt-image-2-text-to-image` does not make `aspect_ratio: 1:1` with `resolution: 4K`",
        "with the rest as it is, `resolution` can be `1K`, `2K`",
    ),
    (
        "an input that the model does not take",
        ASSET + "    model: ideogram/v3-text-to-image\n    input: {rendering_speed: turbo}\n",
        "5:30 `input.rendering_speed` in asset `coin` is not what the model `ideogram/v3-text-to-image` takes",
        "did you mean `TURBO`? known: TURBO, BALANCED, QUALITY",
    ),
    (
        "an input out of its range",
        ASSET + "    model: qwen/text-to-image\n    input: {guidance_scale: 25}\n",
        "5:29 `input.guidance_scale` in asset `coin` is not what the model `qwen/text-to-image` takes",
        "it has to be a number from 0 to 20",
    ),
    (
        "an input of the wrong type",
        ASSET + "    model: google/imagen4\n    input: {seed: 7}\n",
        "5:19 `input.seed` in asset `coin` is not what the model `google/imagen4` takes",
        "it has to be text of at most 500 characters",
    ),
    (
        "an input that is a parameter under its wire name",
        ASSET + "    model: seedream/4.5-text-to-image\n    input: {quality: high}\n",
        "5:13 `input.quality` in asset `coin` is not passed on: it is what `resolution` says",
        "write `resolution` instead",
    ),
    (
        "a model that works on pictures without any",
        ASSET + "    model: google/nano-banana-edit\n",
        "4:12 the model `google/nano-banana-edit` works on pictures, and asset `coin` shows it none",
        "write what it is to work on: `references: [asset:NAME]` or a file, or take a model that needs none",
    ),
    (
        "an upscale without a model",
        ASSET + "    upscale: {factor: 2}\n",
        "4:14 `upscale` in asset `coin` does not say which model enlarges",
        "write `model`: recraft/crisp-upscale or topaz/image-upscale",
    ),
    (
        "an upscale by a model that does not enlarge",
        ASSET + "    upscale: {model: nano-banana-pro}\n",
        "4:22 `nano-banana-pro` is no model that enlarges (`upscale.model` in asset `coin`)",
        "known: recraft/crisp-upscale, topaz/image-upscale",
    ),
    (
        "a factor that the model does not know",
        ASSET + "    upscale: {model: topaz/image-upscale, factor: 3}\n",
        "4:51 `upscale.factor` in asset `coin` cannot be 3: `topaz/image-upscale` does not know it",
        "known: 2, 4",
    ),
    (
        "an upscale beyond what is taken from a service",
        ASSET + "    resolution: 4K\n    upscale: {model: topaz/image-upscale, factor: 4}\n",
        "5:14 `upscale` in asset `coin` would make a picture of 16384x16384",
        "at most 100 million pixels are taken: write a smaller factor or resolution",
    ),
    (
        "an upscale beyond what the model makes",
        ASSET + "    resolution: 4K\n    aspect_ratio: '21:9'\n    upscale: {model: topaz/image-upscale, factor: 4}\n",
        "6:14 `upscale` in asset `coin` would make a picture of 25344x10752",
        "`topaz/image-upscale` makes at most 20,000 pixels an edge: write a smaller factor or resolution",
    ),
    (
        "an upscale of a video",
        ASSET
        + "    type: video\n    model: bytedance/v1-pro-text-to-video\n    upscale: {model: recraft/crisp-upscale}\n",
        "6:14 `upscale` in asset `coin` is for pictures",
        "delete it, or write `upscale: true`",
    ),
    (
        "a size beyond what the upscale makes",
        ASSET + "    sizes: [2049]\n    upscale: {model: topaz/image-upscale}\n",
        "4:13 size `2049` of asset `coin` is larger than the picture, which is 2048x2048",
        None,
    ),
    (
        "a prompt that is too short for the model",
        "assets:\n  coin:\n    prompt: Hi\n    model: seedream/5-lite-text-to-image\n",
        "3:13 the prompt of asset `coin` has 2 characters",
        "the model `seedream/5-lite-text-to-image` takes no fewer than 3",
    ),
    (
        "an unknown brand",
        "brands: {pro: {}}\n" + ASSET + "    brand: prp\n",
        "5:12 unknown brand `prp`",
        "did you mean `pro`?",
    ),
    ("no brands at all", ASSET + "    brand: pro\n", "4:12 unknown brand `pro`", "list it under `brands:`"),
    (
        "a value in the wrong case",
        ASSET + "    resolution: 1k\n",
        "4:17 `resolution` in asset `coin` cannot be `1k`: the model `nano-banana-pro` does not know it",
        "did you mean `1K`? known: 1K, 2K, 4K",
    ),
    (
        "a ratio of one's own",
        ASSET + "    aspect_ratio: 16/9\n",
        "4:19 `aspect_ratio` in asset `coin` cannot be `16/9`: the model `nano-banana-pro` does not know it",
        "did you mean `16:9`? known: 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 9:16, 16:9, 21:9, auto",
    ),
    (
        "a default that no model knows",
        "defaults: {resolution: 8K}\n" + ASSET,
        "1:24 `resolution` in `defaults` cannot be `8K`: the model `nano-banana-pro` does not know it",
        "known: 1K, 2K, 4K",
    ),
    (
        "a parameter twice",
        ASSET + "    input: {aspect_ratio: 1:1}\n",
        "4:13 `input.aspect_ratio` in asset `coin` is not passed on: it is what `aspect_ratio` says",
        "write `aspect_ratio` instead",
    ),
    (
        "an old name in use",
        ASSET + "    moved_from: gem\n  gem:\n    prompt: A gem.\n",
        "4:17 asset `coin` is moved from `gem`, which is still an asset",
        "delete `moved_from`, or the old asset",
    ),
    (
        "an old name twice",
        ASSET + "    moved_from: old\n  gem:\n    prompt: A gem.\n    moved_from: Old\n",
        "7:17 assets `coin` and `gem` are both moved from `Old`",
        "one picture can move to one asset only",
    ),
]

PROMPTS = [
    (
        "a template of a shell",
        "brand: {colors: {ink: '#000'}}\nassets:\n  coin:\n    prompt: A coin in ${brand.colors.ink}\n",
        "4:25 `prompt` in asset `coin`: `${brand.colors.ink}` is no template and would stay as it stands",
        "write `{{ brand.colors.ink }}`",
    ),
    (
        "a template with single braces",
        "vars: {a: 1}\nassets:\n  coin:\n    prompt: |\n      A coin\n      and { vars.a }\n",
        "6:13 `prompt` in asset `coin`: `{ vars.a }` is no template and would stay as it stands",
        "write `{{ vars.a }}`",
    ),
    (
        "no prompt",
        "assets: {coin: {exclude: [text]}}\n",
        "1:10 asset `coin` has no prompt",
        "write `prompt:` and what to draw",
    ),
    (
        "an empty prompt",
        "assets: {coin: {prompt: \"{{ '' }}\"}}\n",
        "1:25 the prompt of asset `coin` comes out empty",
        "write what to draw",
    ),
    (
        "a long prompt",
        f"assets: {{coin: {{prompt: {'a' * 10_001}}}}}\n",
        "1:25 the prompt of asset `coin` has 10,001 characters",
        "the model `nano-banana-pro` takes 10,000",
    ),
    (
        "an undefined name",
        "assets: {coin: {prompt: 'A {{ brnd.name }} coin.'}}\n",
        "1:31 `prompt` in asset `coin`: `brnd` is not defined",
        "did you mean `brand`?",
    ),
    (
        "an undefined colour",
        'brand: {colors: {primary: "#fff"}}\nassets: {coin: {prompt: "{{ brand.colors.primry }}"}}\n',
        "2:42 `prompt` in asset `coin`: `brand.colors` has no `primry`",
        "did you mean `primary`?",
    ),
    (
        "an undefined name in a literal text",
        "assets:\n  coin:\n    prompt: |\n      A coin\n      in {{ vars.metl }}\n",
        "5:18 `prompt` in asset `coin`: `vars` has no `metl`",
        "`vars` is empty",
    ),
    (
        "an undefined name in a folded text",
        "assets:\n  coin:\n    prompt: >-\n      A coin\n      in {{ vrs.metal }}\n    take: 1\n",
        "5:13 `prompt` in asset `coin`: `vrs` is not defined",
        "did you mean `vars`?",
    ),
    (
        "an undefined name in a list",
        'assets:\n  coin:\n    prompt:\n      - A coin.\n      - "In {{ vrs.metal }}."\n',
        "5:16 an entry of `prompt` in asset `coin`: `vrs` is not defined",
        "did you mean `vars`?",
    ),
    (
        "a name of the wrong place",
        ASSET + "    filename: '{{ suffx }}.png'\n",
        "4:19 `filename` in asset `coin`: `suffx` is not defined",
        "did you mean `suffix`?",
    ),
    (
        "a list that is not joined",
        "brand: {style: [a]}\nassets: {coin: {prompt: 'X {{ brand.style }}'}}\n",
        "2:25 `prompt` in asset `coin`: `brand.style` is a list, not text",
        'join it: `{{ ... | join(", ") }}`',
    ),
    (
        "a template that is not closed",
        "assets:\n  coin:\n    prompt: |\n      A coin\n      in {{ vars\n",
        "5:13 `prompt` in asset `coin`: `{{` is never closed",
        "write `}}` behind it",
    ),
    (
        "reaching into Python",
        "assets: {coin: {prompt: \"{{ ''.__class__.__mro__ }}\"}}\n",
        "1:32 `prompt` in asset `coin`: `__class__` cannot be used in a template",
        None,
    ),
    (
        "a huge text",
        "assets: {coin: {prompt: \"{{ 'a' * 1000000000 }}\"}}\n",
        "1:25 `prompt` in asset `coin`: it does too much",
        "write the text out, or loop over less",
    ),
    (
        "a huge range",
        "assets: {coin: {prompt: '{% for i in range(100000) %}x{% endfor %}'}}\n",
        "1:38 `prompt` in asset `coin`: `range` makes more than 1,000 numbers",
        None,
    ),
    (
        "including a template",
        "assets: {coin: {prompt: '{% include \"x\" %}'}}\n",
        "1:29 `prompt` in asset `coin`: `{% include %}` has no folder to read from",
        "write `templates: FOLDER` at the top of the manifest",
    ),
    (
        "a template in a variable",
        "vars: {a: 'in {{ brand.name }}'}\n" + ASSET,
        "1:11 `vars.a` holds a template, but is not rendered",
        "write the value out, or move the template to `prompt`",
    ),
]

PATHS = [
    ("up", "output: ../x\n", "1:9 `../x` leaves the project", "nothing is written outside it: delete the `..`"),
    ("up from below", "publish: [ok, a/../../b]\n", "1:15 `a/../../b` leaves the project", None),
    ("absolute", "publish: /etc\n", "1:10 `/etc` is absolute", "write it relative to the project root"),
    ("absolute on Windows", "output: C:/x\n", "1:9 `C:/x` is absolute", "write it relative to the project root"),
    ("home", "output: ~/x\n", "1:9 `~/x` begins with `~`, which is not expanded", None),
    ("backslashes", "output: a\\b\n", "1:9 `a\\b` has a backslash", "separate folders with `/`"),
    (
        "a device of Windows",
        "output: a/NUL.txt/b\n",
        "1:9 `NUL.txt` is a reserved name on Windows",
        "choose another name",
    ),
    (
        "an asset named as a device",
        "assets: {con: {prompt: a}}\n",
        "1:10 asset `con`: `con.png` is a reserved name on Windows",
        None,
    ),
    ("a line break", 'output: "a\\nb"\n', "1:9 `aU+000Ab` has a control character in it", "leave it out"),
    ("a star", 'output: "a*"\n', "1:9 `a*` has `*` in it, which not every system allows", "leave it out"),
    ("a dot at the end", "output: a./b\n", "1:9 `a./b` has a part that ends with a dot or a space", None),
    ("our own folder", "output: .assetgen/x\n", "1:9 `.assetgen/x` lies in `.assetgen`", "choose another folder"),
    (
        "a file name that climbs",
        ASSET + "    filename: ../{{ name }}.{{ ext }}\n",
        "4:15 `filename` of asset `coin`: `../coin.png` leaves the project",
        None,
    ),
    (
        "an absolute file name",
        ASSET + "    filename: /{{ name }}\n",
        "4:15 `filename` of asset `coin`: `/coin` is absolute",
        None,
    ),
    (
        "a file name that lies",
        ASSET + "    filename: coin.webp\n",
        "4:15 `filename` of asset `coin`: `coin.webp` would hold a png",
        "end `filename` with `.{{ ext }}`",
    ),
]

OUTPUTS = [
    (
        "a size beyond the picture",
        ASSET + "    sizes: [640, 2000]\n",
        "4:18 size `2000` of asset `coin` is larger than the picture, which is 1024x1024",
        "the largest possible is `1024`; ask for more with `resolution`, or allow it with `upscale: true`",
    ),
    (
        "a box beyond the picture",
        ASSET + "    aspect_ratio: 16:9\n    sizes: {a: 1280x800}\n",
        "5:16 size `a` of asset `coin` is larger than the picture, which is 1376x768",
        "the largest possible is `1228x768`; ask for more with `resolution`, or allow it with `upscale: true`",
    ),
    (
        "a size of no use",
        ASSET + '    sizes: {"@2x": "48"}\n',
        "4:20 `sizes.@2x` in asset `coin` must be a width in pixels, or a box such as `1280x720`, not `48`",
        "write 48 without quotes",
    ),
    (
        "a size beyond all files",
        ASSET + "    upscale: true\n    sizes: [20000]\n",
        "5:13 an entry of `sizes` in asset `coin` must be at most 10000, not `20000`",
        None,
    ),
    (
        "a height beyond all files",
        ASSET + "    upscale: true\n    aspect_ratio: 9:16\n    sizes: [9000]\n",
        "6:13 size `9000` of asset `coin` would be more than 10,000 pixels high",
        "write a smaller width",
    ),
    (
        "a format twice",
        ASSET + "    formats: [png, png]\n",
        "4:20 `png` stands twice in `formats` in asset `coin`",
        "delete one of them",
    ),
    (
        "a format of videos",
        ASSET + "    formats: [mp4]\n",
        "4:15 `mp4` is a format of videos (`formats` in asset `coin`)",
        "a picture can be png, webp, avif or jpg",
    ),
    (
        "lossless JPEG",
        ASSET + "    formats: [webp, jpg]\n    quality: lossless\n",
        "5:14 jpg files cannot be written without loss (`quality` in asset `coin`)",
        "write `quality: {webp: lossless, jpg: 90}`",
    ),
    (
        "a size twice",
        ASSET + "    sizes: [64, 64]\n",
        "4:17 `64` stands twice in `sizes` in asset `coin`",
        "delete one of them",
    ),
    (
        "a file name for all sizes",
        ASSET + "    sizes: [64, 128]\n    filename: 'a.{{ ext }}'\n",
        "5:15 an output of asset `coin` and another are one file: `output/app/a.png`",
        "write `{{ suffix }}` or `{{ size }}` into `filename`, so that each size has its own",
    ),
    (
        "labels that differ in case",
        ASSET + "    sizes: {hero: 64, Hero: 128}\n",
        "4:12 an output of asset `coin` and another are one file: `output/app/coin-Hero.png`",
        "change `output`, `publish` or `filename` of one, or a label in its `sizes`",
    ),
    (
        "a file name without an extension",
        ASSET + "    filename: '{{ name }}'\n",
        "4:15 `filename` of asset `coin`: `coin` would hold a png",
        "end `filename` with `.{{ ext }}`",
    ),
    (
        "two assets with one file",
        ASSET + "    filename: x.png\n  gem:\n    prompt: A gem.\n    filename: X.png\n",
        "7:15 an output of asset `gem` and an output of asset `coin` are one file: `output/app/X.png`",
        None,
    ),
    (
        "publishing to where it is built",
        ASSET + "    publish: output/app\n",
        "2:3 a published file of asset `coin` and an output of asset `coin` are one file: `output/app/coin.png`",
        None,
    ),
    (
        "a file where a folder is needed",
        ASSET + "    filename: x.png\n  gem:\n    prompt: A gem.\n    filename: x.png/{{ name }}.png\n",
        "4:15 an output of asset `coin` is a file where an output of asset `gem` needs a folder: `output/app/x.png`",
        None,
    ),
    (
        "a first look after the last",
        "providers: {kie: {poll_initial: 30}}\n",
        "1:13 `poll_initial` of `kie`, 30 s, is more than its `poll_max`, 10 s",
        "write `poll_max` too",
    ),
]

GRIDS = [
    (
        "too few cells",
        ASSET + "    grid: {rows: 2, columns: 3, cells: [a, b, c, d, e]}\n",
        "4:40 `grid.cells` in asset `coin` has 5 names, and 2 rows of 3 columns have 6 cells",
        "add 1 name",
    ),
    (
        "too few cells for the rows",
        ASSET + "    grid: {rows: 2, columns: 3, cells: [a, b, c, d]}\n",
        "4:40 `grid.cells` in asset `coin` has 4 names, and 2 rows of 3 columns have 6 cells",
        "add 2 names, or write `rows: 2, columns: 2`",
    ),
    (
        "too many cells",
        ASSET + "    grid: {rows: 1, columns: 2, cells: [a, b, c]}\n",
        "4:40 `grid.cells` in asset `coin` has 3 names, and 1 row of 2 columns have 2 cells",
        "delete 1 name, or write `rows: 1, columns: 3`",
    ),
    (
        "a cell twice",
        ASSET + "    grid: {rows: 1, columns: 2, cells: [a, a]}\n",
        "4:44 the cell `a` stands twice in `grid.cells` in asset `coin`",
        "each cell needs its own name",
    ),
    (
        "cells that differ in case",
        ASSET + "    grid: {rows: 1, columns: 2, cells: [gem, Gem]}\n",
        "4:46 the cells `Gem` and `gem` have one name: case does not count",
        "choose another name for one",
    ),
    (
        "a cell that cannot be a name",
        ASSET + "    grid: {rows: 1, columns: 1, cells: [a/b]}\n",
        "4:41 `a/b` cannot be a name (an entry of `grid.cells` in asset `coin`)",
        "a name has letters, digits, `_`, `.` and `-`, and begins with a letter or digit",
    ),
    (
        "no columns",
        ASSET + "    grid: {rows: 2, cells: [a, b]}\n",
        "4:5 `columns` is missing in `grid` in asset `coin`",
        None,
    ),
    (
        "a gutter in words",
        ASSET + "    grid: {rows: 1, columns: 1, cells: [a], gutter: wide}\n",
        "4:53 `grid.gutter` in asset `coin` must be a number of pixels, or `auto`, not `wide`",
        None,
    ),
    (
        "gutters that leave nothing",
        ASSET + "    grid: {rows: 1, columns: 4, cells: [a, b, c, d], gutter: 400}\n",
        "4:62 gutters of 400 pixels leave nothing of the picture, which is 1024x1024 (`grid` in asset `coin`)",
        "write a smaller `gutter`",
    ),
    (
        "a size larger than a cell",
        ASSET + "    sizes: [512]\n    grid: {rows: 2, columns: 3, cells: [a, b, c, d, e, f]}\n",
        "4:13 size `512` of asset `coin` is larger than a cell, which is 341x512",
        "the largest possible is `341`; ask for more with `resolution`, or allow it with `upscale: true`",
    ),
    (
        "a size that gutters leave no room for",
        ASSET + "    sizes: [512]\n    grid: {rows: 2, columns: 2, cells: [a, b, c, d], gutter: 16}\n",
        "4:13 size `512` of asset `coin` is larger than a cell, which is 504x504",
        "the largest possible is `504`; ask for more with `resolution`, or allow it with `upscale: true`",
    ),
    (
        "a cell and an asset with one file",
        ASSET + "    grid: {rows: 1, columns: 2, cells: [a, b]}\n  coin-a:\n    prompt: A.\n",
        "5:3 an output of asset `coin-a` and an output of cell `coin/a` are one file: `output/app/coin-a.png`",
        None,
    ),
    (
        "a file name for all cells",
        ASSET + "    grid: {rows: 1, columns: 2, cells: [a, b]}\n    filename: a.png\n",
        "5:15 an output of cell `coin/b` and an output of cell `coin/a` are one file: `output/app/a.png`",
        "write `{{ name }}` into `filename`, so that each cell has its own",
    ),
]

FILM = "assets:\n  film:\n    type: video\n    prompt: Push in.\n    model: bytedance/v1-pro-text-to-video\n"

STILL = "assets:\n  coin:\n    prompt: A coin.\n  film:\n    type: video\n    prompt: Push in.\n"

VIDEOS = [
    (
        "a video out of nothing",
        "assets:\n  film:\n    type: video\n    prompt: Push in.\n",
        "2:3 the model `bytedance/v1-pro-image-to-video` makes a video out of a still, and asset `film` shows it none",
        "write `source: asset:NAME`, a file or a URL, or take a model that needs none: "
        "`bytedance/v1-pro-text-to-video`, `bytedance/seedance-1.5-pro`, `bytedance/seedance-2`, "
        "`kling-2.6/text-to-video`",
    ),
    (
        "a model of pictures",
        FILM.replace("bytedance/v1-pro-text-to-video", "nano-banana-pro"),
        "5:12 the model `nano-banana-pro` makes pictures (`model` in asset `film`)",
        "write `type: image`, or take another model",
    ),
    (
        "a model of videos",
        ASSET + "    model: bytedance/v1-pro-text-to-video\n",
        "4:12 the model `bytedance/v1-pro-text-to-video` makes videos (`model` in asset `coin`)",
        "write `type: video`, or take another model",
    ),
    (
        "a duration that the model does not make",
        FILM + "    duration: 7\n",
        "6:15 `duration` in asset `film` cannot be `7`: the model `bytedance/v1-pro-text-to-video` does not know it",
        "known: 5, 10",
    ),
    (
        "a resolution of pictures",
        FILM + "    resolution: 2K\n",
        "6:17 `resolution` in asset `film` cannot be `2K`: the model `bytedance/v1-pro-text-to-video` does not know it",
        "known: 480p, 720p, 1080p",
    ),
    (
        "a duration of a picture",
        ASSET + "    duration: 5\n",
        "4:15 `duration` in asset `coin` does not apply to the model `nano-banana-pro`",
        "delete the line",
    ),
    (
        "a source of a picture",
        ASSET + "    source: asset:coin\n",
        "4:5 `source` in asset `coin` is for videos",
        "delete it, or write `type: video`",
    ),
    (
        "a source that the model does not take",
        FILM + "    source: asset:film\n",
        "6:13 `source` in asset `film` does not apply to the model `bytedance/v1-pro-text-to-video`",
        "delete the line",
    ),
    (
        "a source twice",
        STILL + "    source: asset:coin\n    input: {image_url: 'https://example.com/a.png'}\n",
        "8:13 `input.image_url` in asset `film` is not passed on: it is what `source` says",
        "write `source` instead",
    ),
    (
        "a source that does not exist",
        STILL + "    source: asset:coyn\n",
        "7:13 there is no asset `coyn` to show",
        "did you mean `coin`?",
    ),
    (
        "a source that is a video",
        STILL + "    source: asset:film\n",
        "7:13 asset `film` is a video: it cannot be shown to a model",
        None,
    ),
    (
        "a source that is nowhere",
        STILL + "    source: brand/still.png\n",
        "7:13 the reference `brand/still.png` does not exist",
        "paths of references are relative to the project root",
    ),
    (
        "a poster of a picture",
        ASSET + "    poster: {sizes: [64]}\n",
        "4:5 `poster` in asset `coin` is for videos",
        "delete it, or write `type: video`",
    ),
    (
        "a grid of a video",
        FILM + "    grid: {rows: 1, columns: 1, cells: [a]}\n",
        "6:5 `grid` in asset `film` is for pictures",
        "delete it",
    ),
    (
        "a format of pictures",
        FILM + "    formats: [mp4, png]\n",
        "6:20 `png` is a format of pictures (`formats` in asset `film`)",
        "write it under `poster`, which makes stills",
    ),
    (
        "a format of a video twice",
        FILM + "    formats: [mp4, mp4]\n",
        "6:20 `mp4` stands twice in `formats` in asset `film`",
        "delete one of them",
    ),
    (
        "a size of a still twice",
        FILM + "    poster: {sizes: [64, 64]}\n",
        "6:26 `64` stands twice in `poster.sizes` in asset `film`",
        "delete one of them",
    ),
    (
        "a format that a still cannot have",
        FILM + "    poster: {formats: [mp4]}\n",
        "6:24 an entry of `poster.formats` in asset `film` must be `png`, `webp`, `avif` or `jpg`, not `mp4`",
        None,
    ),
    (
        "a still and a video with one file",
        FILM + "    formats: [webp]\n    filename: a.webp\n    poster: {formats: [webp]}\n",
        "7:15 an output of asset `film` and another are one file: `output/app/a.webp`",
        "write `{{ suffix }}` or `{{ size }}` into `filename`, so that each size has its own",
    ),
]

CASES = [*YAML, *TYPES, *NAMES, *PROMPTS, *PATHS, *OUTPUTS, *GRIDS, *VIDEOS]


@pytest.mark.parametrize(("text", "message", "hint"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_people_read(tmp_path: Path, text: str, message: str, hint: str | None) -> None:
    found = {said(problem): problem for problem in problems(tmp_path, text)}
    assert message in found
    problem = found[message]
    assert hint is None or problem.hint == hint
    assert problem.place is not None
    assert problem.excerpt == (text.splitlines()[problem.place.line - 1] if problem.place.line else None)


@pytest.mark.parametrize("text", [case[1] for case in CASES])
def test_one_mistake_is_said_once(tmp_path: Path, text: str) -> None:
    found = problems(tmp_path, text)
    assert len({problem.place for problem in found}) == len(found), [said(problem) for problem in found]


@pytest.mark.parametrize(
    "line", ["variants: 1", "removeBg: false", "upscale: true", "upscale: false", "type: image", "frozen: true"]
)
def test_what_changes_nothing_is_accepted(tmp_path: Path, line: str) -> None:
    assert problems(tmp_path, f"{ASSET}    {line}\n") == ()


@pytest.mark.parametrize(
    "prompt",
    [
        *(
            "A {curly} coin",
            "{a.b}",
            "{{ brand.name }}",
            "{{brand.name}}",
            "{% raw %}{brand.name}{% endraw %}",
            "${coin}",
        ),
        *('{{ "}}" ~ brand.name }}', "costs $5", "{% if brand.name %}a{% endif %}", "a.b }}"),
    ],
)
def test_other_braces_are_text(tmp_path: Path, prompt: str) -> None:
    assert problems(tmp_path, f"brand: {{name: Acme}}\nassets: {{coin: {{prompt: '{prompt}'}}}}\n") == ()


def test_everything_is_reported_together_and_in_order(tmp_path: Path) -> None:
    text = """\
colour: x
brand: {colors: {primary: red}}
assets:
  coin: {prompt: "{{ brand.colors.primary }} {{ vrs }}", szies: [1], take: x}
  coin: {prompt: "{{ brand.colors.primry }}", output: ../x}
  gem: {prompt: a, filename: a.png}
  star: {prompt: b, filename: a.png, pick: 2}
"""
    assert [said(problem).partition(" (")[0] for problem in problems(tmp_path, text)] == [
        "1:1 unknown key `colour`",
        "2:27 `red` is not a colour",
        "5:3 duplicate key `coin`",
        "5:35 `prompt` in asset `coin`: `brand.colors` has no `primry`",
        "5:55 `../x` leaves the project",
        "7:31 an output of asset `star` and an output of asset `gem` are one file: `output/app/a.png`",
        "7:44 asset `star` has 1 variant, and `pick` is 2",
    ]


TOGETHER = [
    (
        "brand: {name: A}\nassets:\n  coin:\n    prompt: |\n      A {{ a }} coin {{ b.c }}\n"
        "      in {{ brand.nam }}, {{ brand.name | uper }}, {brand.name}\n",
        [
            "5:12 `prompt` in asset `coin`: `a` is not defined",
            "5:25 `prompt` in asset `coin`: `b` is not defined",
            "6:19 `prompt` in asset `coin`: `brand` has no `nam`",
            "6:30 `prompt` in asset `coin`: `{brand.name}` is no template and would stay as it stands",
            "6:43 `prompt` in asset `coin`: there is no filter `uper`",
        ],
    ),
    (
        "templates: .\nassets:\n  coin:\n    prompt: \"{% include 'no.txt' %} {{ a }}\"\n",
        [
            "4:26 `prompt` in asset `coin`: there is no file `no.txt` in .",
            "4:40 `prompt` in asset `coin`: `a` is not defined",
        ],
    ),
    (
        ASSET + "    presets: [{preset: favicon, width: 3}, {preset: nope}, {preset: web, widths: [0]}]\n",
        [
            "4:40 `width` means nothing to the preset `favicon`",
            "4:44 unknown preset `nope`",
            "4:83 an entry of `presets.widths` in asset `coin` must be at least 1, not `0`",
        ],
    ),
    (
        ASSET + "  gem: {prompt: '{{ references[0].label }}', references: [nope.png]}\n",
        ["4:59 the reference `nope.png` does not exist"],
    ),
    (
        ASSET + "  gem: {prompt: '{{ references[1].label }}', references: [5, 'asset:coin']}\n",
        ["4:59 an entry of `references` in asset `gem` must be a path, a URL, `asset:NAME` or a mapping, not a number"],
    ),
    (
        ASSET + "  gem: {prompt: '{{ references[1].label }}', references: ['asset:coin']}\n",
        ["4:32 `prompt` in asset `gem`: `references` has no entry `1`"],
    ),
    (
        "defaults: {resolution: 9K}\nassets:\n  coin:\n    prompt: '{{ asset.resolution }}{{ asset.aspect_ratio }}'\n"
        "    aspect_ratio: 5\n",
        [
            "1:24 `resolution` in `defaults` cannot be `9K`: the model `nano-banana-pro` does not know it",
            "5:19 `aspect_ratio` in asset `coin` must be text, not a number",
        ],
    ),
    (
        "assets: {coin: {promt: A coin, grid: {rows: 1, cols: 1, cells: [a]}}}\nbudget: {eur: 3}\n",
        [
            "1:17 unknown key `promt` in asset `coin`",
            "1:48 unknown key `cols` in `grid` in asset `coin`",
            "2:10 unknown key `eur` in `budget`",
        ],
    ),
]


@pytest.mark.parametrize(("text", "messages"), TOGETHER)
def test_all_is_told_in_one_round_and_nothing_that_only_follows(tmp_path: Path, text: str, messages: list[str]) -> None:
    assert [said(problem) for problem in problems(tmp_path, text)] == messages


def test_what_a_loop_names_is_not_called_unknown(tmp_path: Path) -> None:
    text = "brand: {style: [a]}\nassets: {coin: {prompt: '{% for x in brand.style %}{{ x }}{{ x.y }}{% endfor %}'}}\n"
    (problem,) = problems(tmp_path, text)
    assert problem.message.endswith("there is no `y` here")


def test_several_manifests_are_reported_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("assets: [\n")
    (tmp_path / "b.yaml").write_text("szies: 1\n")
    with pytest.raises(ManifestError) as caught:
        load([Path("b.yaml"), Path("a.yaml"), Path("c.yaml")], CATALOG, tmp_path)
    files = [problem.place.file for problem in caught.value.problems if problem.place]
    assert files == ["a.yaml", "b.yaml", "c.yaml"]


def file_problem(path: Path, cwd: Path) -> tuple[str, str | None, Place | None]:
    with pytest.raises(ManifestError) as caught:
        load([path], CATALOG, cwd)
    (problem,) = caught.value.problems
    return problem.message, problem.hint, problem.place


def test_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(ASSET)
    message, hint, place = file_problem(Path("ap.yaml"), tmp_path)
    assert (message, hint, place) == ("ap.yaml does not exist", "did you mean `app.yaml`?", Place("ap.yaml"))
    assert file_problem(Path("no/app.yaml"), tmp_path)[1] == "there is no folder no either"


def test_a_missing_file_in_an_empty_folder(tmp_path: Path) -> None:
    assert file_problem(Path("app.yaml"), tmp_path)[1] == "`assetgen init` writes a first manifest"


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "app.yaml").write_text(ASSET)
    message, hint, _ = file_problem(Path("manifests"), tmp_path)
    assert (message, hint) == ("manifests is a folder", "name a manifest in it: manifests/app.yaml")


def test_a_fifo(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "app.yaml")
    assert file_problem(Path("app.yaml"), tmp_path)[0] == "app.yaml is not a regular file"


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    loop = tmp_path / "app.yaml"
    loop.symlink_to(loop)  # root may read everything, so permissions would not stop the test
    assert file_problem(Path("app.yaml"), tmp_path)[0] == "app.yaml cannot be read: Too many levels of symbolic links"


def test_a_huge_file(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_bytes(b"#" * (2 * 1024 * 1024 + 1))
    message, hint, _ = file_problem(Path("app.yaml"), tmp_path)
    assert (message, hint) == ("app.yaml is larger than 2 MiB", "split it into several manifests")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("version: 1\n".encode("utf-16"), "app.yaml is UTF-16, not UTF-8"),
        (b"version: 1\noutput: \xff\n", "2:9 byte 0xff is not UTF-8"),
        (b"version: 1\noutput: a\x00b\n", "2:10 the control character U+0000 is not text"),
        (b"output: \x1b[31m\n", "1:9 the control character U+001B is not text"),
    ],
)
def test_what_is_not_text(tmp_path: Path, data: bytes, message: str) -> None:
    (problem,) = problems(tmp_path, data)
    assert said(problem) == message


def test_an_alias_bomb(tmp_path: Path) -> None:
    lines = ["vars:", "  a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (problem,) = problems(tmp_path, "\n".join(lines))
    assert problem.message == "aliases stand for more than 100,000 values"
    assert problem.place is not None
    assert problem.place.line == 6


@pytest.mark.parametrize("line", ["output: link/x", "publish: link"])
def test_a_symbolic_link_out_of_the_project(tmp_path: Path, line: str) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    (problem,) = problems(root, f"{line}\n{ASSET}")
    assert problem.message == f"`{line.partition(': ')[2]}` leaves the project through a symbolic link"


def test_a_file_name_through_a_symbolic_link(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "output" / "app").mkdir(parents=True)
    (root / "output" / "app" / "sub").symlink_to(tmp_path)
    (problem,) = problems(root, ASSET + "    filename: sub/{{ name }}.png\n")
    assert said(problem) == "4:15 `output/app/sub` leaves the project through a symbolic link"


def test_a_symbolic_link_inside_the_project_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "output").symlink_to("real")
    assert problems(tmp_path, ASSET) == ()
