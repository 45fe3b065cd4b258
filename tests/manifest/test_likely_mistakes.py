"""What people bring from other tools, or write by habit: one mistake each, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifest.support import problems, said

ASSET = "assets:\n  coin:\n    prompt: A coin.\n"

FIELDS = [
    ("crop: true", "4:5 unknown key `crop` in asset `coin`", "`crop` belongs in `removeBg`"),
    ("rows: 2", "4:5 unknown key `rows` in asset `coin`", "`rows` belongs in `grid`"),
    ("webp: 80", "4:5 unknown key `webp` in asset `coin`", "`webp` belongs in `quality`"),
    ("factor: 2", "4:5 unknown key `factor` in asset `coin`", "`factor` belongs in `upscale`"),
    ("inset: 0.1", "4:5 unknown key `inset` in asset `coin`", "`inset` belongs in `presets`"),
    (
        "max_bytes: 200KB",
        "4:16 `max_bytes` in asset `coin` must be a whole number, not text",
        "write the number of bytes: `200000`",
    ),
    (
        'max_bytes: "200 kB"',
        "4:16 `max_bytes` in asset `coin` must be a whole number, not text",
        "write the number of bytes: `200000`",
    ),
    (
        "max_bytes: 1.5MB",
        "4:16 `max_bytes` in asset `coin` must be a whole number, not text",
        "write the number of bytes: `1500000`",
    ),
    (
        "max_bytes: 200_000",
        "4:16 `max_bytes` in asset `coin` must be a whole number, not text",
        "write the number of bytes: `200000`",
    ),
    (
        "formats: [svg]",
        (
            "4:15 an entry of `formats` in asset `coin` must be `png`, `webp`, `avif`, `jpg`, `mp4`, `webm` or "
            "`gif`, not `svg`"
        ),
        "pictures are made of pixels here: take `png` or `webp`",
    ),
    ("formats: png", "4:14 `formats` in asset `coin` must be a list, not text", "write it as a list: `[png]`"),
    (
        "formats: png, webp",
        "4:14 `formats` in asset `coin` must be a list, not text",
        "write it as a list: `[png, webp]`",
    ),
    (
        "formats: [.png]",
        (
            "4:15 an entry of `formats` in asset `coin` must be `png`, `webp`, `avif`, `jpg`, `mp4`, `webm` or "
            "`gif`, not `.png`"
        ),
        "did you mean `png`?",
    ),
    ("format: png", "4:5 unknown key `format` in asset `coin`", "did you mean `formats`?"),
    (
        "formats: [gif]",
        "4:15 `gif` is a format of videos (`formats` in asset `coin`)",
        "a picture can be png, webp, avif or jpg",
    ),
    (
        "formats: [ico]",
        (
            "4:15 an entry of `formats` in asset `coin` must be `png`, `webp`, `avif`, `jpg`, `mp4`, `webm` or "
            "`gif`, not `ico`"
        ),
        "write `presets: [favicon]`, which makes `favicon.ico`",
    ),
    (
        "formats: [pdf]",
        (
            "4:15 an entry of `formats` in asset `coin` must be `png`, `webp`, `avif`, `jpg`, `mp4`, `webm` or "
            "`gif`, not `pdf`"
        ),
        "pictures are made of pixels here: take `png`",
    ),
    (
        "fit: crop",
        "4:10 `fit` in asset `coin` must be `cover`, `contain` or `inside`, not `crop`",
        "write `cover`: it fills the box and cuts off what is beyond",
    ),
    (
        "fit: fill",
        "4:10 `fit` in asset `coin` must be `cover`, `contain` or `inside`, not `fill`",
        "write `cover`, which fills the box and crops: nothing is distorted here",
    ),
    (
        "fit: stretch",
        "4:10 `fit` in asset `coin` must be `cover`, `contain` or `inside`, not `stretch`",
        "write `cover`, which crops, or `contain`, which pads: nothing is distorted here",
    ),
    (
        "fit: scale-down",
        "4:10 `fit` in asset `coin` must be `cover`, `contain` or `inside`, not `scale-down`",
        "write `inside`: it keeps within the box",
    ),
    (
        'quality: {webp: "80"}',
        "4:21 `quality.webp` in asset `coin` must be a number from 1 to 100, or `lossless`, not `80`",
        "write 80 without quotes",
    ),
    (
        "quality: {webp: 80%}",
        "4:21 `quality.webp` in asset `coin` must be a number from 1 to 100, or `lossless`, not `80%`",
        "write `80`, without a unit",
    ),
    ("quality: {jpeg: 80}", "4:15 unknown key `jpeg` in `quality` in asset `coin`", "did you mean `jpg`?"),
    (
        "quality: {webp: 0.8}",
        "4:21 `quality.webp` in asset `coin` must be a whole number, not `0.8`",
        "write `80`: quality goes from 1 to 100",
    ),
    (
        "quality: high",
        "4:14 `quality` in asset `coin` must be a mapping of formats to quality, or `lossless`, not `high`",
        "write `quality: {webp: 80, avif: 60, jpg: 85}`",
    ),
    (
        "quality: {avif: lossless}",
        "4:21 `quality.avif` in asset `coin` must be a whole number, not text",
        "only `webp` can be lossless; png always is",
    ),
    (
        "sizes: 2x",
        "4:12 `sizes` in asset `coin` must be a list of sizes, or a mapping of labels to sizes, not text",
        'write pixels, and the densities as labels: `sizes: {"@1x": 64, "@2x": 128}`',
    ),
    (
        'sizes: ["@2x"]',
        ("4:13 an entry of `sizes` in asset `coin` must be a width in pixels, or a box such as `1280x720`, not `@2x`"),
        'write pixels, and the densities as labels: `sizes: {"@1x": 64, "@2x": 128}`',
    ),
    (
        "sizes: 640, 1280",
        "4:12 `sizes` in asset `coin` must be a list of sizes, or a mapping of labels to sizes, not text",
        "write `sizes: [640, 1280]`",
    ),
    (
        "sizes: [[640, 480]]",
        ("4:13 an entry of `sizes` in asset `coin` must be a width in pixels, or a box such as `1280x720`, not a list"),
        "write `640x480`",
    ),
    (
        "sizes: {hero: {width: 640, height: 480}}",
        ("4:19 `sizes.hero` in asset `coin` must be a width in pixels, or a box such as `1280x720`, not a mapping"),
        "write `640x480`",
    ),
    (
        "sizes: [640w]",
        ("4:13 an entry of `sizes` in asset `coin` must be a width in pixels, or a box such as `1280x720`, not `640w`"),
        "write `640`, without a unit",
    ),
    (
        "sizes: [640X480]",
        (
            "4:13 an entry of `sizes` in asset `coin` must be a width in pixels, or a box such as `1280x720`, "
            "not `640X480`"
        ),
        "write `640x480`",
    ),
    ("size: 64", "4:5 unknown key `size` in asset `coin`", "did you mean `sizes`?"),
    ("width: 64", "4:5 unknown key `width` in asset `coin`", "did you mean `sizes`?"),
    (
        "aspect_ratio: 16/9",
        "4:19 `aspect_ratio` in asset `coin` cannot be `16/9`: the model `nano-banana-pro` does not know it",
        "did you mean `16:9`? known: 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 9:16, 16:9, 21:9, auto",
    ),
    (
        "aspect_ratio: 16x9",
        "4:19 `aspect_ratio` in asset `coin` cannot be `16x9`: the model `nano-banana-pro` does not know it",
        "did you mean `16:9`? known: 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 9:16, 16:9, 21:9, auto",
    ),
    (
        "aspect_ratio: 1.5",
        "4:19 `aspect_ratio` in asset `coin` must be text, not `1.5`",
        'write the shape as a ratio: `"3:2"`',
    ),
    (
        "aspect_ratio: square",
        ("4:19 `aspect_ratio` in asset `coin` cannot be `square`: the model `nano-banana-pro` does not know it"),
        "did you mean `1:1`? known: 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 9:16, 16:9, 21:9, auto",
    ),
    (
        "aspect_ratio: landscape",
        ("4:19 `aspect_ratio` in asset `coin` cannot be `landscape`: the model `nano-banana-pro` does not know it"),
        "did you mean `16:9`? known: 1:1, 2:3, 3:2, 3:4, 4:3, 4:5, 5:4, 9:16, 16:9, 21:9, auto",
    ),
    (
        "aspect_ratio: 1",
        "4:19 `aspect_ratio` in asset `coin` must be text, not a number",
        'write the shape as a ratio: `"1:1"`',
    ),
    ("aspect_ratio: [16, 9]", "4:19 `aspect_ratio` in asset `coin` must be text, not a list", 'write `"16:9"`'),
    ("ratio: 16:9", "4:5 unknown key `ratio` in asset `coin`", "did you mean `aspect_ratio`?"),
    ("aspect: 16:9", "4:5 unknown key `aspect` in asset `coin`", "did you mean `aspect_ratio`?"),
    (
        "resolution: 2k",
        "4:17 `resolution` in asset `coin` cannot be `2k`: the model `nano-banana-pro` does not know it",
        "did you mean `2K`? known: 1K, 2K, 4K",
    ),
    ("resolution: 2048", "4:17 `resolution` in asset `coin` must be text, not a number", "write `2K`"),
    (
        "resolution: 1024x1024",
        ("4:17 `resolution` in asset `coin` cannot be `1024x1024`: the model `nano-banana-pro` does not know it"),
        "did you mean `1K`? known: 1K, 2K, 4K",
    ),
    (
        "resolution: HD",
        "4:17 `resolution` in asset `coin` cannot be `HD`: the model `nano-banana-pro` does not know it",
        "known: 1K, 2K, 4K",
    ),
    ("bg: remove", "4:5 unknown key `bg` in asset `coin`", "did you mean `removeBg`?"),
    (
        "background: transparent",
        "4:17 `transparent` is not a colour (`background` in asset `coin`)",
        "delete the line: without a colour behind it, a picture stays as transparent as `removeBg` makes it",
    ),
    (
        "background: none",
        "4:17 `none` is not a colour (`background` in asset `coin`)",
        "delete the line: without a colour behind it, a picture stays as transparent as `removeBg` makes it",
    ),
    (
        "background: false",
        "4:17 `background` in asset `coin` must be text, not false",
        "delete the line: without a colour behind it, a picture stays as transparent as `removeBg` makes it",
    ),
    ("background: white", "4:17 `white` is not a colour (`background` in asset `coin`)", 'write `"#FFFFFF"`'),
    ("removeBackground: true", "4:5 unknown key `removeBackground` in asset `coin`", "did you mean `removeBg`?"),
    ("remove_background: true", "4:5 unknown key `remove_background` in asset `coin`", "did you mean `removeBg`?"),
    ("transparent: true", "4:5 unknown key `transparent` in asset `coin`", "did you mean `removeBg`?"),
    (
        "removeBg: key",
        "4:15 `removeBg` in asset `coin` must be true, false or a mapping, not text",
        "write `removeBg: {remover: key}`",
    ),
    (
        "removeBg: differnce",
        "4:15 `removeBg` in asset `coin` must be true, false or a mapping, not text",
        "write `removeBg: {remover: difference}`",
    ),
    (
        "removeBg: {remover: rembgg}",
        (
            "4:25 `removeBg.remover` in asset `coin` must be `key`, `service`, `rembg`, `kie` or `difference`, "
            "not `rembgg`"
        ),
        "did you mean `rembg`?",
    ),
    ("removeBg: 1", "4:15 `removeBg` in asset `coin` must be true, false or a mapping, not a number", "write `true`"),
    ("negative_prompt: text", "4:5 unknown key `negative_prompt` in asset `coin`", "did you mean `exclude`?"),
    ("negativePrompt: text", "4:5 unknown key `negativePrompt` in asset `coin`", "did you mean `exclude`?"),
    (
        "exclude: text, logos",
        "4:14 `exclude` in asset `coin` must be a list, not text",
        "write it as a list: `[text, logos]`",
    ),
    (
        "references: brand/a.png",
        "4:17 `references` in asset `coin` must be a list, not text",
        "write it as a list: `[brand/a.png]`",
    ),
    ("reference: brand/a.png", "4:5 unknown key `reference` in asset `coin`", "did you mean `references`?"),
    ("image: brand/a.png", "4:5 unknown key `image` in asset `coin`", "did you mean `references`?"),
    ("n: 3", "4:5 unknown key `n` in asset `coin`", "did you mean `variants`?"),
    ("count: 3", "4:5 unknown key `count` in asset `coin`", "did you mean `variants`?"),
    ('variants: "3"', "4:15 `variants` in asset `coin` must be a whole number, not text", "write 3 without quotes"),
    ("presets: favicon", "4:14 `presets` in asset `coin` must be a list, not text", "write it as a list: `[favicon]`"),
    ("preset: favicon", "4:5 unknown key `preset` in asset `coin`", "did you mean `presets`?"),
    (
        "presets: [ios]",
        "4:15 unknown preset `ios`",
        (
            "did you mean `ios-appicon`? known: ios-appicon, ios-imageset, macos, android-launcher, "
            "android-drawable, favicon, pwa, web, og, windows, react-native, flutter"
        ),
    ),
    (
        "presets: [android]",
        "4:15 unknown preset `android`",
        (
            "did you mean `android-launcher`? known: ios-appicon, ios-imageset, macos, android-launcher, "
            "android-drawable, favicon, pwa, web, og, windows, react-native, flutter"
        ),
    ),
    (
        "presets: {favicon: {}}",
        "4:14 `presets` in asset `coin` must be a list, not a mapping",
        "write a list: `[favicon]`",
    ),
    ("desc: hi", "4:5 unknown key `desc` in asset `coin`", "did you mean `description`?"),
    ("alt: hi", "4:5 unknown key `alt` in asset `coin`", "did you mean `description`?"),
    ("type: photo", "4:11 `type` in asset `coin` must be `image` or `video`, not `photo`", "write `image`"),
    ("type: img", "4:11 `type` in asset `coin` must be `image` or `video`, not `img`", "write `image`"),
    ("outputs: x", "4:5 unknown key `outputs` in asset `coin`", "did you mean `output`?"),
    (
        "matrix: [light, dark]",
        "4:13 `matrix` in asset `coin` must be a mapping, not a list",
        "give the values a name: `matrix: {theme: [light, dark]}`",
    ),
    (
        "matrix: {theme: light}",
        "4:21 `matrix.theme` in asset `coin` must be a list, not text",
        "write it as a list: `[light]`",
    ),
    (
        "grid: 2x3",
        "4:11 `grid` in asset `coin` must be a mapping, not text",
        "write `grid: {rows: 2, columns: 3, cells: [...]}`",
    ),
    (
        "grid: {rows: 1, cols: 2, cells: [a, b]}",
        "4:21 unknown key `cols` in `grid` in asset `coin`",
        "did you mean `columns`?",
    ),
    (
        "upscale: 2",
        "4:14 `upscale` in asset `coin` must be true, false or a mapping, not a number",
        "write `upscale: {model: topaz/image-upscale, factor: 2}`, or `true`",
    ),
    (
        "upscale: 2x",
        "4:14 `upscale` in asset `coin` must be true, false or a mapping, not text",
        "write `upscale: {model: topaz/image-upscale, factor: 2}`, or `true`",
    ),
    ("filename: coin", "4:15 `filename` of asset `coin`: `coin` would hold a png", "end `filename` with `.{{ ext }}`"),
    (
        'filename: "{name}.{ext}"',
        "4:15 `filename` of asset `coin`: `{name}.{ext}` would hold a png",
        "names stand in two braces: `{{ name }}.{{ ext }}`",
    ),
    (
        'filename: "{{ nam }}.{{ ext }}"',
        "4:19 `filename` in asset `coin`: `nam` is not defined",
        "did you mean `name`?",
    ),
    (
        "filename: ../x.png",
        "4:15 `filename` of asset `coin`: `../x.png` leaves the project",
        "nothing is written outside it: delete the `..`",
    ),
    ("output: out\\x", "4:13 `out\\x` has a backslash", "separate folders with `/`"),
    ('frozen: "true"', "4:13 `frozen` in asset `coin` must be true or false, not text", "write `true`"),
    ("prompt2: x", "4:5 unknown key `prompt2` in asset `coin`", "did you mean `prompt`?"),
    (
        "background: transparent",
        "4:17 `transparent` is not a colour (`background` in asset `coin`)",
        "delete the line: without a colour behind it, a picture stays as transparent as `removeBg` makes it",
    ),
]
"""One line of an asset."""

FILES = [
    ("colors: {a: '#000'}\n", "1:1 unknown key `colors`", "`colors` belongs in `brand`"),
    ("usd: 5\n", "1:1 unknown key `usd`", "`usd` belongs in `budget`"),
    (
        'brand: {colors: {primary: "#EC4899"}}\nassets:\n  coin:\n    prompt: A coin.\n    background: primary\n',
        "5:17 `primary` is not a colour (`background` in asset `coin`)",
        'write `"#EC4899"`: names of brand colours mean nothing here',
    ),
    (
        (
            'brand: {colors: {primary: "#EC4899"}}\nassets:\n  coin:\n    prompt: A coin.\n    background: "{{ '
            'brand.colors.primary }}"\n'
        ),
        "5:17 `{{ brand.colors.primary }}` is not a colour (`background` in asset `coin`)",
        'write `"#EC4899"`: names of brand colours mean nothing here',
    ),
    ("assets:\n  coin:\n    promt: A coin.\n", "3:5 unknown key `promt` in asset `coin`", "did you mean `prompt`?"),
    ("outdir: x\n" + ASSET, "1:1 unknown key `outdir`", "did you mean `output`?"),
    (
        "assets:\n  - name: coin\n    prompt: A coin\n",
        "2:3 `assets` must be a mapping of names, not a list",
        "write each name as a key: `coin: {prompt: ...}`",
    ),
    ('brand: {color: {primary: "#EC4899"}}\n' + ASSET, "1:9 unknown key `color` in `brand`", "did you mean `colors`?"),
    (
        "brand: {colors: {primary: EC4899}}\n" + ASSET,
        "1:27 `EC4899` is not a colour (`brand.colors.primary`)",
        'write `"#EC4899"`',
    ),
    (
        "brand: {colors: {primary: 123456}}\n" + ASSET,
        "1:27 `brand.colors.primary` must be text, not a number",
        'write `"#123456"`',
    ),
    (
        "brand: {colors: {primary: 1e1000}}\n" + ASSET,
        "1:27 `1e1000` is not a colour (`brand.colors.primary`)",
        'write `"#1e1000"`',
    ),
    (
        "brand:\n  colors:\n    primary: rgb(236, 72, 153)\n" + ASSET,
        "3:14 `rgb(236, 72, 153)` is not a colour (`brand.colors.primary`)",
        'write `"#EC4899"`',
    ),
    (
        "brand:\n  colors:\n    primary: rgba(236, 72, 153, 0.5)\n" + ASSET,
        "3:14 `rgba(236, 72, 153, 0.5)` is not a colour (`brand.colors.primary`)",
        'write `"#EC4899"`',
    ),
    (
        "brand:\n  colors:\n    primary: hsl(330, 81%, 60%)\n" + ASSET,
        "3:14 `hsl(330, 81%, 60%)` is not a colour (`brand.colors.primary`)",
        'write `"#EC4699"`',
    ),
    (
        'brand:\n  colors: ["#EC4899"]\n' + ASSET,
        "2:11 `brand.colors` must be a mapping, not a list",
        'give each colour a name: `colors: {primary: "#EC4899"}`',
    ),
    (
        "brand:\n  colors: {primary: [236, 72, 153]}\n" + ASSET,
        "2:21 `brand.colors.primary` must be text, not a list",
        'write `"#EC4899"`',
    ),
    (
        'brand: {colors: {primary: "#EC489"}}\n' + ASSET,
        "1:27 `#EC489` is not a colour (`brand.colors.primary`)",
        "write it as `#RRGGBB`, in quotes",
    ),
    (
        'brand: {gradients: {a: "#000 to #fff"}}\n' + ASSET,
        "1:24 `brand.gradients.a` must be a list, not text",
        'write the colours as a list: `["#000", "#fff"]`',
    ),
    (
        "brand: {style: premium}\n" + ASSET,
        "1:16 `brand.style` must be a list, not text",
        "write it as a list: `[premium]`",
    ),
    ("brand: Acme\n" + ASSET, "1:8 `brand` must be a mapping, not text", "write `brand: {name: Acme}`"),
    (
        'brand: {primary-color: "#000000"}\n' + ASSET,
        "1:9 unknown key `primary-color` in `brand`",
        'did you mean `colors: {primary-color: "#EC4899"}`?',
    ),
    ("version: v1\n" + ASSET, "1:10 `version` must be the number 1, not text", "write `version: 1`"),
    ("budget: {eur: 5}\n" + ASSET, "1:10 unknown key `eur` in `budget`", "did you mean `usd`?"),
    (
        "lint: [no-hex-colour]\n" + ASSET,
        "1:7 `lint` must be a mapping, not a list",
        "write `lint: {off: [no-hex-colour]}`",
    ),
    (
        "lint: {disable: [no-hex-colour]}\n" + ASSET,
        "1:8 unknown key `disable` in `lint`",
        "did you mean `off`? It lists the warnings to silence",
    ),
    (
        "providers: {kie: {api_key: abc}}\n" + ASSET,
        "1:19 unknown key `api_key` in `providers.kie`",
        "keys and addresses come from the environment, such as `KIE_AI_API_KEY`: a manifest is committed",
    ),
    (
        "providers: {kie: {timeout: 5}}\n" + ASSET,
        "1:19 unknown key `timeout` in `providers.kie`",
        "did you mean `image_timeout`?",
    ),
    (
        "providers: {kie: {image_timeout: 10m}}\n" + ASSET,
        "1:34 `providers.kie.image_timeout` must be a number, not text",
        "write `600`, in seconds",
    ),
    ("assets:\n  coin:\n\tprompt: a\n", "3:1 a tab cannot indent YAML", "indent with spaces"),
    (
        "assets: {film: {type: video, model: bytedance/v1-pro-text-to-video, prompt: a, duration: 5s}}\n",
        "1:90 `duration` in asset `film` must be a whole number, not text",
        "write `5`, in seconds",
    ),
    (
        "assets: {film: {type: video, model: bytedance/v1-pro-text-to-video, prompt: a, duration: '5'}}\n",
        "1:90 `duration` in asset `film` must be a whole number, not text",
        "write 5 without quotes",
    ),
    (
        "assets: {film: {type: video, model: bytedance/v1-pro-text-to-video, prompt: a, resolution: 720}}\n",
        "1:92 `resolution` in asset `film` must be text, not a number",
        "write `720p`",
    ),
    (
        "assets: {film: {type: video, model: bytedance/v1-pro-text-to-video, prompt: a, resolution: 720P}}\n",
        (
            "1:92 `resolution` in asset `film` cannot be `720P`: the model `bytedance/v1-pro-text-to-video` does "
            "not know it"
        ),
        "did you mean `720p`? known: 480p, 720p, 1080p",
    ),
    (
        "assets: {film: {type: video, model: bytedance/v1-pro-text-to-video, prompt: a, poster: true}}\n",
        "1:88 `poster` in asset `film` must be a mapping, not true",
        "write `poster: {sizes: [640]}`",
    ),
    (
        ASSET + "  film: {type: video, prompt: a, source: coin}\n",
        "4:42 the reference `coin` does not exist",
        "did you mean `asset:coin`?",
    ),
    (
        ASSET + "  gem: {prompt: a, references: [coin]}\n",
        "4:33 the reference `coin` does not exist",
        "did you mean `asset:coin`?",
    ),
    (
        ASSET + "  gem: {prompt: a, references: [{asset: coyn}]}\n",
        "4:41 there is no asset `coyn` to show",
        "did you mean `coin`?",
    ),
    (
        ASSET + "  gem: {prompt: a, references: [/etc/passwd]}\n",
        "4:33 an entry of `references` in asset `gem`: `/etc/passwd` is absolute",
        "write it relative to the project root",
    ),
    (
        ASSET + "  gem: {prompt: a, references: ['asset:gem']}\n",
        "4:33 asset `gem` shows itself",
        "delete this reference; to vary its own picture, make a second asset that shows this one",
    ),
    (
        ASSET + "  gem: {prompt: a, references: [asset:coin #cutout]}\n",
        "4:44 `#cutout` begins a comment: a `#` behind a space does",
        "put the text in quotes, or leave the space out",
    ),
    (
        "templates: promts\n" + ASSET,
        "1:12 `templates`: `promts` does not exist",
        "name a folder, relative to the file that this stands in",
    ),
    ("emit: src/assets.ts\n" + ASSET, "1:7 `emit` must be a list, not text", "write it as a list: `[src/assets.ts]`"),
    (
        "emit: [src/assets.tsx]\n" + ASSET,
        "1:8 `src/assets.tsx` has no ending that an index file can have",
        "end it with one of .json, .ts, .swift, .dart, .kt, .py",
    ),
    (
        "assets:\n  coin:\n    prompt: “A coin.”\n    removeBg: ”true”\n",
        "4:15 `removeBg` in asset `coin` must be true, false or a mapping, not text",
        "write `true`",
    ),
    (
        "assets:\n\xa0\xa0coin:\n    prompt: a\n",
        "2:1 the space U+00A0 is no indent in YAML",
        "indent with plain spaces",
    ),
    ("output: /out\n" + ASSET, "1:9 `/out` is absolute", "write it relative to the project root"),
    ('{"version": 1 "assets": {}}\n', "1:1 this mapping is never closed", "write `}` at its end, `,` between its keys"),
]
"""Whole files."""

CASES = [*((f"{ASSET}    {line}\n", message, hint) for line, message, hint in FIELDS), *FILES]


@pytest.mark.parametrize(("text", "message", "hint"), CASES)
def test_each_is_one_mistake_with_its_fix(tmp_path: Path, text: str, message: str, hint: str) -> None:
    assert [(said(problem), problem.hint) for problem in problems(tmp_path, text)] == [(message, hint)]
