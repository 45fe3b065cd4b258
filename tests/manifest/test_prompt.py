"""Templates: the fast path gives what Jinja gives, and nothing that a template does can hurt."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.manifest.prompt import Templates, fill_in
from assetgen.manifest.prompt_jinja import FILTERS, Sandbox
from assetgen.manifest.template import LONGEST_TEXT, Scope, TemplateError, seen_by_templates
from assetgen.manifest.template_files import TemplateFolders
from assetgen.manifest.template_words import TAGS

DATA = {
    "brand": {"name": "Acme", "colors": {"primary": "#EC4899", "ink": "#0F172A"}, "style": ["clean", "calm"]},
    "vars": {
        "items": "mine",
        "number": 3,
        "my-var": 4,
        "half": 0.5,
        "yes": True,
        "nothing": None,
        "long": "x" * 1000,
        "mixed": [1, "a"],
    },
    "asset": {"name": "coin"},
}
SCOPE: Scope = {name: seen_by_templates(value, name) for name, value in DATA.items()}
SANDBOX = Sandbox(TemplateFolders())


RULES = "write `{{ name }}`; see the template rules"
KNOWN_TAGS = "known: " + ", ".join(TAGS)
NO_FOLDER = "write `templates: FOLDER` at the top of the manifest"


def render(text: str) -> str:
    return Templates().render(text, SCOPE)


def refusal(text: str) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        render(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Plain {text} with % and # and }}", "Plain {text} with % and # and }}"),
        ("{{ brand.name }}, {{brand.colors.primary}}", "Acme, #EC4899"),
        ('{{ brand.style | join(", ") }}.', "clean, calm."),
        ("{{ brand.style|join(' and ') }}", "clean and calm"),
        ("{{ vars.number }} {{ vars.half }} {{ vars.yes }}", "3 0.5 true"),
        ("{{ vars.items }}", "mine"),
        ("a\r\n{{ asset.name }}\rb\n", "a\ncoin\nb\n"),
        ("{{ brand['name'] | upper }}", "ACME"),
        ("{% if vars.yes %}A{% else %}B{% endif %}", "A"),
        ("{% for color in brand.colors.values() %}{{ color }};{% endfor %}", "#0F172A;#EC4899;"),
        ("{% for name, color in brand.colors.items() %}{{ loop.index }}{{ name }} {% endfor %}", "1ink 2primary "),
        ("{{ vars.mixed | join }}", "1a"),
        ("{{ missing | default('none') }}{{ vars.nothing | default('x', true) }}", "nonex"),
        ("{{ 'a' ~ vars.number ~ brand.name }}", "a3Acme"),
        ("{{ 'a-b' | replace('-', '+') }}{{ 2.567 | round(1) }}{{ true | string }}", "a+b2.6true"),
        ("{# note #}{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice(asset.name) }}", "coincoin"),
        ("{% set words = brand.style %}{{ words | map('title') | join('/') }}", "Clean/Calm"),
    ],
)
def test_templates(text: str, rendered: str) -> None:
    assert render(text) == rendered


def test_the_order_of_keys_does_not_show() -> None:
    text = "{% for name in colors %}{{ name }} {% endfor %}"
    one = {"colors": seen_by_templates({"a": "1", "b": "2"}, "colors")}
    other = {"colors": seen_by_templates({"b": "2", "a": "1"}, "colors")}
    assert Templates().render(text, one) == Templates().render(text, other) == "a b "


def test_every_filter_promised_is_there() -> None:
    known = [name for name in FILTERS if render(f"{{% if '{name}' is filter %}}yes{{% endif %}}")]
    assert known == list(FILTERS)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("{{ brand.colors.primry }}", "`brand.colors` has no `primry`", "did you mean `primary`?"),
        ("{{ brnd.name }}", "`brnd` is not defined", "did you mean `brand`?"),
        ("{{ now() }}", "`now` is not defined", "known: brand, vars, asset"),
        ("{{ brand.style[7] }}", "`brand.style` has no entry `7`", "it has 2, from 0"),
        ("{{ brand.style }}", "`brand.style` is a list, not text", 'join it: `{{ ... | join(", ") }}`'),
        ("{{ brand.colors }}", "`brand.colors` is a mapping, not text", "name one of its entries: ink, primary"),
        ("{{ vars.nothing }}", "this value is empty (null)", "give it a value, or use `default`"),
        ("{{ vars.keys }}", "this is not text", "a method is called with `()`"),
        ("{{ brand.style | map('upper') }}", "this is a list, not text", 'join it: `{{ ... | join(", ") }}`'),
        ("{{ brand.name | uper }}", "there is no filter `uper`", "did you mean `upper`?"),
        ("{{ ['a'] | random }}", "templates have no randomness: every run would make a new picture", None),
        ("{% foo %}", "there is no tag `foo`", "did you mean `for`? " + KNOWN_TAGS),
        ("{% fi %}", "there is no tag `fi`", KNOWN_TAGS),
        ("{% endif %}", "`{% endif %}` belongs to no `{% if %}`", "delete it"),
        ("{% if brand.name %}a", "`{% if %}` is never closed", "write `{% endif %}`"),
        ("{% for x in brand.style %}a", "`{% for %}` is never closed", "write `{% endfor %}`"),
        ("{{ brand.name } and", "`{{` is never closed", "write `}}` behind it"),
        ("{{ brand.name and {{ brand.name }}", "`{{` is never closed", "write `}}` behind it"),
        ("{# a note", "`{#` is never closed", "write `#}` behind it"),
        ("{% if brand.name", "`{%` is never closed", "write `%}` behind it"),
        ("{{ }}", "there is nothing between the braces", RULES),
        ("{{ brand. }}", "a name is missing behind a `.`", RULES),
        ("{{ brand.name ? }}", "`?` means nothing in a template", RULES),
        (
            "{{ brand name }}",
            "`name` cannot stand where it does",
            "write one name between the braces, and filters behind `|`",
        ),
        ("{{ 1 is evn }}", "there is no test `evn`", "did you mean `even`?"),
        ("{{ brand.name + 1 }}", "`+` cannot put text and a number together", "write `~` instead"),
        ("{{ vars.my-var }}", "`vars` has no `my`", 'write `vars["my-var"]`: `-` means less'),
        ("{{ 1 / 0 }}", "it fails: division by zero", None),
        ("{% include 'x' %}", "`{% include %}` has no folder to read from", NO_FOLDER),
        ("{% import 'x' as y %}", "`{% import %}` has no folder to read from", NO_FOLDER),
        ("{% from 'x' import y %}", "`{% from %}` has no folder to read from", NO_FOLDER),
        ("{% extends 'x' %}", "`{% extends %}` cannot be used here", "write `{% include %}`"),
    ],
)
def test_mistakes(text: str, message: str, hint: str | None) -> None:
    error = refusal(text)
    assert (error.message, error.hint) == (message, hint)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a\nb {{ brand.nme }}", 2, "nme"),
        ("a\n\n{{ vars", 3, "vars"),
        ("a\n{{ brand.name }}\n{{ brand.name\nb {{ brand.name }}", 3, "brand.name"),
        ("a\n{% if true %}\nb\nc", 2, "if"),
        ("a\n{% endfor %}", 2, "endfor"),
        ("{% if true %}\n\n{{ brand.name | uper }}\n{% endif %}", 3, "uper"),
        ("a\n{% for x in brand.style %}\n{{ x.y }}{% endfor %}", 3, "y"),
        ("a\n{{ 1 / 0 }}", 2, ""),
    ],
)
def test_mistakes_know_their_line(text: str, line: int, word: str) -> None:
    error = refusal(text)
    assert (error.line, error.word) == (line, word)


ATTACKS = [
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ brand.__init__.__globals__ }}",
    "{{ vars.mixed.__class__.__base__.__subclasses__() }}",
    "{{ self.__init__ }}",
    "{{ range.__name__ }}",
    "{{ 'a'.format_map }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ ''.join(['a'] * 100000000) }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 1000000000 * 'a' }}",
    "{{ [[]] * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'x' | center(1000000000) }}",
    "{{ 'x' | indent(1000000000) }}",
    "{{ 1.5 | round(1000000000, 'ceil') }}",
    "{% for i in range(1000000000) %}{% endfor %}",
    "{% for i in range(1000) %}{% for j in range(1000) %}{% endfor %}{% endfor %}",
    "{% for i in range(1000) %}{% for j in range(1000) %}x{% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "{% set n = namespace(x='ab') %}{% for i in range(100) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "{% set n = namespace(x='ab') %}{% for i in range(100) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "{% set n = namespace(x='ab') %}{% for i in range(100) %}{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "{% set n = namespace(x=3) %}{% for i in range(1000) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "{% set n = namespace(x=[1]) %}{% for i in range(100) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "{{ vars.long | replace('x', vars.long) | replace('x', vars.long) }}",
    "{{ range(1000) | join(vars.long * 10) }}",
    "{% for i in range(1000) %}" + "y" * 90_000 + "{% endfor %}",
    "{% set x %}{% for i in range(1000) %}" + "y" * 90_000 + "{% endfor %}{% endset %}",
    "{% macro m() %}" + "y" * 90_000 + "{% endmacro %}{% for i in range(1000) %}{{ m() }}{% endfor %}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "-" * 5000 + "1 }}",
    "{% if true %}" * 300 + "{% endif %}" * 300,
    "{% for x in [1] %}" * 40 + "{% endfor %}" * 40,
    "{{ 'x'.upper ~ '' }}",
    "{{ 'x'.upper | string }}",
    "{{ [vars.keys] | join }}",
    "{{ lipsum() }}",
    "{{ cycler }}",
    "{{ url_for.__globals__ }}",
    "{{ config }}",
    "{{ os.environ }}",
    "{% include '/etc/passwd' %}",
    "a" * (LONGEST_TEXT + 1),
    "{{ vars.long }}" * 101,
    "{% set x = vars.long %}" + "{{ x }}" * 101,
]


@pytest.mark.parametrize("text", ATTACKS, ids=[text[:40] for text in ATTACKS])
def test_attacks_are_refused_in_plain_words(text: str) -> None:
    message = refusal(text).message
    assert message
    assert "0x" not in message
    assert "object" not in message


def test_a_template_cannot_change_what_others_see() -> None:
    for text in ("{{ brand.colors.clear() }}", "{{ brand.style.append('x') }}", "{{ brand.update({'name': 'x'}) }}"):
        assert refusal(text).message.endswith("cannot be used in a template")
    assert render("{{ brand.name }} {{ brand.style | join }}") == "Acme cleancalm"


PIECES = st.sampled_from(
    [
        *("a", " ", "\n", "{", "}", "{{", "}}", "{%", "%}", "{#", "#}", "|", "-", '"', "'", ".", "join", '(", ")'),
        *("{{ brand.name }}", "{{brand.colors.primary}}", "{{ vars.number }}", "{{  vars.half}}", "{{ vars.yes }}"),
        *(
            "{{ vars.items }}",
            "{{ brand.style | join('/') }}",
            '{{ brand.style|join("}}") }}',
            "{{ vars.mixed | join('-') }}",
        ),
        *(
            "{{- brand.name -}}",
            "{{ brand.nme }}",
            "{{ vars.nothing }}",
            "{{ brand.style }}",
            "{{ brand.name.upper() }}",
        ),
        *("{% if vars.yes %}x{% endif %}", "{# no #}", "{{ 'text' }}", "\r\n", "\t", "é", "{{\tasset.name\t}}"),
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_the_fast_path_gives_what_jinja_gives(text: str) -> None:
    text = text.replace("\r\n", "\n")
    quick = fill_in(text, SCOPE)
    if quick is not None:
        assert quick == SANDBOX.render(text, SCOPE)


def test_the_fast_path_takes_what_prompts_are_made_of() -> None:
    assert (
        fill_in('In {{ brand.colors.primary }}, {{ brand.style | join(", ") }}.', SCOPE) == "In #EC4899, clean, calm."
    )
    assert fill_in("{{ brand.name | upper }}", SCOPE) is None
    assert fill_in("{{ brand.nme }}", SCOPE) is None


def test_jinja_is_imported_only_when_a_text_needs_it() -> None:
    code = """
import sys
from assetgen.manifest.prompt import Templates
from assetgen.manifest.template import seen_by_templates
templates = Templates()
templates.render("{{ a }} {{ b | join(', ') }}", {"a": "x", "b": seen_by_templates([], "b")})
assert "jinja2" not in sys.modules
templates.render("{{ a | upper }}", {"a": "x"})
assert "jinja2" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
