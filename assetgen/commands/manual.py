"""The words of `--help`: the manual page, and each command's own. Text only, so that help is there at once.

`\\b` keeps a block as it is written; other paragraphs are wrapped to the terminal.
"""

from __future__ import annotations

GROUPS = {
    "Make": ("init", "validate", "plan", "build", "check"),
    "Look": ("review", "explain", "models", "doctor"),
    "Hand over": ("accept", "reject", "pick", "publish", "rollback"),
    "Care": ("adopt", "clean", "schema"),
    "Serve": ("emulator",),
}
"""Every command, under the heading that people look for it."""

ABOUT = """
A build tool for generated brand assets. A YAML manifest beside your code says which pictures your app needs; `build`
generates only what changed, makes every size and format here on your machine, and records in a lockfile what came
from what. You never pay twice for a picture, and no picture changes that nobody asked to change.
"""

QUICK_START = (
    ("assetgen init", "Write a starter manifest, manifests/app.yaml"),
    ("assetgen build manifests/app.yaml", "Make its pictures in output/app: free drafts, until you choose a service"),
)

ENVIRONMENT = (
    ("KIE_AI_API_KEY", "your key for the kie provider"),
    ("KIE_AI_BASE_URL", "another address of the service, such as an emulator's"),
    ("BG_REMOVE_URL", "the service that removes backgrounds, for `removeBg: {remover: service}`"),
    ("ASSETGEN_PROVIDER", "who makes pictures when neither manifest nor command line names a provider"),
    ("NO_COLOR", "set: no colour"),
    ("CI", "set: plain lines instead of a moving display"),
)

ENVIRONMENT_NOTE = """
.env and then .env.local in the project root are read too; the real environment wins over both.
"""

EXIT_CODES = (
    ("0", "done; for `plan` also when there is work to do"),
    ("1", "one or more assets failed; everything else is finished and kept"),
    ("2", "wrong use, or an invalid manifest: nothing was sent, nothing was written"),
    ("3", "`check` found something out of date"),
    ("4", "the budget would be exceeded"),
    ("70", "a bug in assetgen; one line names a file to report it with"),
    ("130", "interrupted; the same command goes on where it stopped"),
)

EXAMPLES = (
    ("assetgen plan manifests/app.yaml", "What would be made, why, and what it costs"),
    ("assetgen build manifests/*.yaml --max-cost 2", "Stop before the first paid call if it costs more than $2"),
    ("assetgen build manifests/app.yaml --only 'hero-*'", "Some assets only"),
    ("assetgen build manifests/app.yaml --regenerate coin", "Another picture for an asset that did not please"),
    ("assetgen check manifests/*.yaml", "In CI: exit code 3 unless everything is up to date"),
)

INIT = """Write a commented starter manifest, manifests/app.yaml, into DIR.

DIR is the current folder by default. Other templates have their own names, such as manifests/icons.yaml, and all of
them get along in one project. An existing file is never overwritten.

\b
Examples:
  assetgen init
  assetgen init mobile --template icons
"""

VALIDATE = """Check manifests, and do nothing else.

Every mistake is reported with its file, line, column and what to do about it, all of them at once. Warnings are about
what is allowed and seldom meant; they change no exit code. Nothing is sent and nothing is written.

\b
Examples:
  assetgen validate manifests/app.yaml
  assetgen validate manifests/*.yaml --json
"""

PLAN = """Show what `build` would do to each asset, why, and what it costs.

Nothing is sent and nothing is written. A build does exactly what its plan says. Assets that are up to date, and
warnings about the manifest, are only counted; -v shows them too.

\b
Examples:
  assetgen plan manifests/app.yaml
  assetgen plan manifests/app.yaml --provider kie
  assetgen plan manifests/*.yaml --json
"""

BUILD = """Make what is out of date, and nothing else.

Each asset is generated only if what it asks for changed, then scaled and encoded here on this machine, written to the
output folder and recorded in the lockfile beside the manifest. What fails does not stop the rest. After an
interruption, a crash or a failure the same command goes on where it stopped: what was ordered is collected, never
ordered again.

An output that is missing but stands where `assetgen publish` puts it counts as present, and is copied back.

\b
Examples:
  assetgen build manifests/app.yaml
  assetgen build manifests/app.yaml --only coin --only 'icon-*'
  assetgen build manifests/app.yaml --provider kie --max-cost 1.50
  assetgen build manifests/app.yaml --draft
  assetgen build manifests/app.yaml --regenerate coin
  assetgen build manifests/app.yaml --callback-url https://hooks.example.com/kie --callback-port 8099
"""

CHECK = """Exit with code 3 unless everything is up to date. For CI.

Nothing is sent and nothing is written; it works on a fresh clone, without keys and without .assetgen.

With --published it looks at the app instead: its files must be those of the accepted pictures.

\b
Examples:
  assetgen check manifests/*.yaml
  assetgen check manifests/*.yaml --published
  assetgen check manifests/app.yaml --quiet
"""

EXPLAIN = """Show all about one asset: its prompt, its request, its keys, and what changed.

Its variants, too, each with its own key, and which of them is picked. NAME may also be a cell of a sheet. Nothing is
sent and nothing is written.

\b
Examples:
  assetgen explain manifests/app.yaml coin
  assetgen explain manifests/app.yaml badges/star
"""

REVIEW = """Write a page to look at every picture on, and to decide about them.

One HTML file that opens from the disk, by default .assetgen/review/NAME/index.html; its path is printed. Each picture
is shown beside the one that was accepted before, with every file at its real size, the prompt with what changed in it,
what it cost and what to look at twice. Press ? on the page for its keys. Nothing is sent, and no lock changes.

With --serve the page is served on this machine instead, until Ctrl-C: what is decided there is in the lock at once, and
it can publish, and ask for new pictures, which may cost something.

\b
Examples:
  assetgen review manifests/app.yaml
  assetgen review manifests/*.yaml --only 'icon-*' --out review.html
  assetgen review manifests/app.yaml --serve --by Ann
  assetgen review manifests/*.yaml --markdown --junit review.xml

\b
What was decided on the page, into the lock:
  assetgen accept --from decisions.json
"""

DOCTOR = """Look at the installation, the service and the project, and say what is wrong. Changes nothing.

The key and whether the service accepts it, the credits that are left and how many of the pictures that the given
manifests would order they pay for, the store with what was ordered and is not collected yet, formats, env files, and
whether files can be written. Keys are never shown. Works offline and without a key, and says what works then.

\b
Examples:
  assetgen doctor
  assetgen doctor manifests/*.yaml
  assetgen doctor manifests/app.yaml --provider kie --json
"""

ACCEPT = """Accept pictures as they now are.

A decision is about the picture, not about the name: it stays when sizes or formats change, and a picture that is made
anew is undecided again. It is recorded in the lockfile. NAME may be a glob.

\b
Examples:
  assetgen accept manifests/app.yaml coin 'icon-*'
  assetgen accept manifests/app.yaml --all --by Ann
  assetgen accept --from decisions.json
"""

REJECT = """Reject pictures as they now are: they are never published.

Nothing is generated and nothing is paid for; ask for another picture with `build --regenerate NAME`, or change the
prompt. NAME may be a glob.

\b
Example:
  assetgen reject manifests/app.yaml coin --by Ann --note "too dark"
"""

PICK = """Pick the variant that an asset's files are made from.

For assets with `variants`. The next build makes the files from it, which costs nothing; the other variants are kept,
and can be picked later. Where the manifest says `pick`, that counts, and this command refuses.

\b
Example:
  assetgen pick manifests/app.yaml hero 2
"""

PUBLISH = """Copy accepted pictures into the app: to the `publish` folders of their assets.

Only files whose bytes differ are written. A picture that was rejected is never published, and one that nobody decided
about, or a draft, only if you say so. A published file that somebody edited, or that is not ours, is never replaced
unasked.

\b
Examples:
  assetgen publish manifests/app.yaml --dry-run
  assetgen publish manifests/*.yaml
  assetgen publish manifests/app.yaml --all --prune
"""

ROLLBACK = """Bring back into the app the picture that was published before.

The picture that the asset has now is rejected by that, so that the next `publish` does not put it back; accept it
again if you want it after all. Generates nothing.

\b
Example:
  assetgen rollback manifests/app.yaml coin
"""

ADOPT = """Take files or inputs as they now are as correct, without generating.

For an output that you edited or made yourself and want to keep, for files that were there before assetgen, and for a
changed prompt whose picture is to stay. Costs nothing.

\b
Examples:
  assetgen adopt manifests/app.yaml coin
  assetgen adopt manifests/app.yaml coin hero
"""

CLEAN = """Remove files that no asset makes any more.

Only files that assetgen wrote and nobody changed since are removed; others are named and kept.

\b
Examples:
  assetgen clean manifests/app.yaml --dry-run
  assetgen clean manifests/app.yaml
"""

SCHEMA = """Print a JSON Schema, of the manifest or of the lockfile.

Editors complete and check manifests with it: write it beside the manifests, and name it in their first line.

\b
Examples:
  assetgen schema > manifests/manifest.schema.json
  assetgen schema lock

\b
First line of a manifest:
  # yaml-language-server: $schema=manifest.schema.json
"""

MODELS = """Show the models that are known: parameters, limits and prices.

With the ID of one, all about it: what it takes and under which names, how many pictures it may be shown, what it costs
and when that was read. Needs no key and no network. A manifest may also name a model that is not listed.

\b
Examples:
  assetgen models
  assetgen models seedream/4.5-text-to-image
  assetgen models --json
"""

EMULATOR = """Run a local server that speaks the KIE protocol. For tests, demos and CI.

It checks requests as strictly as the service does, and its pictures cost nothing. It prints two lines to set in the
shell that builds, and runs until Ctrl-C. What it makes counts as a draft: a build with the real service makes it anew.

\b
Examples:
  assetgen emulator --port 8765
  assetgen emulator --latency 2.5 --rate-limit 20
  assetgen emulator --fault create:2:http-500 --fault 'poll:~coin:fail?code=501'
  assetgen emulator --fault 'create:*:code-401'    any key is taken; this is how a wrong one is tried

\b
In another shell:
  export KIE_AI_BASE_URL=http://127.0.0.1:8765 KIE_AI_API_KEY=emulator
  assetgen build manifests/app.yaml --provider kie

\b
A fault is CALL:WHEN:WHAT.
  CALL   create, poll, download, refresh, credit
  WHEN   2, 2-4, 2+, *; ~words@2 counts only requests whose prompt holds these words
  WHAT   reset, hang, empty, html, invalid-json, half, drip, code-429, http-503; for create with -after at its end,
         reused-id, no-id; for poll fail, state-NAME, result-empty; for download expired, corrupt, bomb, size-8x8
"""
