"""Jinja for prompts, kept in a sandbox: the part of `prompt` that needs jinja2, imported only when a text does.

A template cannot read the clock, randomness, the environment or any file but those it is given, nor reach into Python
objects, and everything that it does costs from a fixed allowance, so that no template can take for ever or fill the
memory. What it prints is text and numbers only: an object's address in a prompt would make a new picture with every
run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError, TemplatesNotFound
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer

from assetgen.manifest.prompt_include import Includes, NotFoundError
from assetgen.manifest.suggest import did_you_mean
from assetgen.manifest.template import LONGEST_TEXT, Names, Scope, Series, TemplateError, printed
from assetgen.manifest.template_files import TemplateFolders
from assetgen.manifest.template_words import in_plain_words

ALLOWANCE = 2_000_000
"""What one rendering may cost: 1 for each character handled, `STEP` for each turn of a loop and each call."""

STEP = 20
LONGEST_RANGE = 1000
LARGEST_NUMBER = 2**63

FILTERS = (
    *("abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "join", "last"),
    *("length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round", "select"),
    *("selectattr", "sort", "string", "sum", "title", "trim", "truncate", "unique", "upper", "wordcount"),
)
"""The filters that templates may use: those whose result depends on nothing else and is not larger than its input."""

_TEXT_METHODS = frozenset(
    ("capitalize", "endswith", "lower", "lstrip", "rstrip", "split", "startswith", "strip", "title", "upper")
)
_MAPPING_METHODS = frozenset(("get", "items", "keys", "values"))
_NO_FILTER = re.compile("No filter named '([^']*)'")
"""What Jinja says of an unknown filter: while compiling, or inside a condition only when it gets there."""

_ADDRESS = re.compile(r"<[^<>]* at 0x[0-9a-fA-F]+>")


class Sandbox:
    """Compiles each template once and renders it with limits."""

    def __init__(self, folders: TemplateFolders) -> None:
        self._includes = Includes(folders)
        self._environment = _Environment(self._includes)
        self._compiled: dict[str, Any] = {}

    def render(self, text: str, scope: Scope) -> str:
        """Raises TemplateError for whatever is wrong with the template or happens in it."""
        self._includes.scope = scope
        try:
            template = self._compiled.get(text)
            if template is None:
                template = self._compiled[text] = self._environment.from_string(text)
            self._environment.allowance = ALLOWANCE
            rendered: str = template.render(scope)
        except Exception as error:  # a template can fail in any way that Python can
            raise self._includes.located(_explained(error, scope), error) from None
        return _checked(rendered)


def _checked(rendered: str) -> str:
    if len(rendered) > LONGEST_TEXT:
        raise TemplateError(f"what it becomes is longer than {LONGEST_TEXT:,} characters")
    if _ADDRESS.search(rendered):
        raise TemplateError("it prints an object, not text", "call the method, or join the list")
    return rendered


def _explained(error: Exception, scope: Scope) -> TemplateError:
    """What went wrong, in our words."""
    if isinstance(error, _UnknownNameError):
        error.hint = did_you_mean(error.word, scope)
    if isinstance(error, TemplateError):
        return error
    if isinstance(error, NotFoundError):
        return error.reason
    return _syntax_error(error) if isinstance(error, TemplateSyntaxError) else _failure(error)


def _syntax_error(error: TemplateSyntaxError) -> TemplateError:
    words = error.message or ""
    missing = _NO_FILTER.match(words)
    found = _no_filter(missing[1]) if missing else in_plain_words(words, error.source or "", error.lineno)
    found.line = error.lineno if missing else found.line
    return found


def _no_filter(name: str) -> TemplateError:
    if name == "random":
        return TemplateError("templates have no randomness: every run would make a new picture", word=name)
    return TemplateError(f"there is no filter `{name}`", did_you_mean(name, FILTERS), word=name)


def _failure(error: Exception) -> TemplateError:
    missing = _NO_FILTER.match(str(error))
    if missing:
        return _no_filter(missing[1])
    if isinstance(error, RecursionError):
        return TemplateError("it calls itself without end, or is nested too deeply")
    if isinstance(error, SyntaxError):
        return TemplateError("it is nested too deeply")
    if isinstance(error, TemplatesNotFound):
        return TemplateError("there is none of the files " + ", ".join(f"`{name}`" for name in error.templates))
    if isinstance(error, TypeError) and "concatenate" in str(error):
        return TemplateError("`+` cannot put text and a number together", "write `~` instead")
    return TemplateError(f"it fails: {error}")


class _UnknownNameError(TemplateError):
    """A name that the template's scope does not have."""


class _Missing(StrictUndefined):
    """A name that is not there: any use of it is a TemplateError that says which names are."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: Any = None, exc: Any = UndefinedError
    ) -> None:
        super().__init__(hint, obj, name, exc)
        self._undefined_exception = lambda _message: _missing_name(obj, name, exc)  # type: ignore[assignment]


def _missing_name(holder: Any, name: Any, reason: type[Exception]) -> TemplateError:
    word = str(name)
    if reason is SecurityError:
        return TemplateError(f"`{word}` cannot be used in a template", word=word)
    if holder is missing:
        return _UnknownNameError(f"`{word}` is not defined", word=word)
    if isinstance(holder, Names):
        hint = _dashed(word, holder) or (did_you_mean(word, holder) if holder else f"`{holder.path}` is empty")
        return TemplateError(f"`{holder.path}` has no `{word}`", hint, word=word)
    if isinstance(holder, Series):
        hint = f"it has {len(holder)}, from 0" if holder else f"`{holder.path}` is empty"
        return TemplateError(f"`{holder.path}` has no entry `{word}`", hint, word=word)
    return TemplateError(f"there is no `{word}` here", word=word)


def _dashed(word: str, holder: Names) -> str | None:
    """`vars.my-var` means `vars.my` less `var`."""
    name = next((name for name in holder if str(name).startswith(f"{word}-")), None)
    return f'write `{holder.path}["{name}"]`: `-` means less' if name else None


class _Metered(NodeTransformer):
    """Makes each text, each turn of a loop and each call of a macro pay, and `~` too. Files are included only where
    there is a folder to read them from, and know the names that the including text knows."""

    def __init__(self, *, reads_files: bool) -> None:
        self._reads_files = reads_files

    def visit_Template(self, node: nodes.Template) -> nodes.Node:  # noqa: N802 - jinja2 names its visitors so
        return self._with_toll(node)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        return self._with_toll(node)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802
        return self._with_toll(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        return self._with_toll(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _own_call("joined", node.nodes, node.lineno)

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802
        return self._reading("include", node)

    def visit_Import(self, node: nodes.Import) -> nodes.Node:  # noqa: N802
        return self._reading("import", node)

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node:  # noqa: N802
        return self._reading("from", node)

    def visit_Extends(self, node: nodes.Extends) -> nodes.Node:  # noqa: N802
        raise TemplateError("`{% extends %}` cannot be used here", "write `{% include %}`", node.lineno, "extends")

    def _reading(self, tag: str, node: nodes.Include | nodes.Import | nodes.FromImport) -> nodes.Node:
        if not self._reads_files:
            message = f"`{{% {tag} %}}` has no folder to read from"
            raise TemplateError(message, "write `templates: FOLDER` at the top of the manifest", node.lineno, tag)
        node.with_context = True
        return self.generic_visit(node)

    def _with_toll(self, node: nodes.Template | nodes.For | nodes.Macro | nodes.CallBlock) -> nodes.Node:
        characters = sum(len(text.data) for text in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        toll = _own_call("spend", [nodes.Const(STEP + characters, lineno=node.lineno)], node.lineno)
        node.body.insert(0, nodes.ExprStmt(toll, lineno=node.lineno))
        return node


def _own_call(method: str, arguments: list[nodes.Expr], line: int) -> nodes.Call:
    function = nodes.EnvironmentAttribute(method, lineno=line)
    return nodes.Call(function, arguments, [], None, None, lineno=line)


class _Environment(SandboxedEnvironment):
    """Jinja with nothing in it but what prompts need; `allowance` is what the rendering under way may still cost."""

    intercepted_binops = frozenset(("+", "-", "*", "**", "%"))

    def __init__(self, includes: Includes) -> None:
        super().__init__(
            undefined=_Missing,
            finalize=self._finalize,
            keep_trailing_newline=True,
            optimized=False,
            loader=includes,
            auto_reload=False,
        )
        self._includes = includes
        self.allowance = ALLOWANCE
        self.globals = {"range": _short_range, "namespace": Namespace}
        self.filters = {name: self._metered(self.filters[name]) for name in FILTERS}
        self.filters |= {"join": self._join, "replace": self._replace, "round": _rounded, "string": self._finalize}

    def spend(self, cost: int) -> None:
        self.allowance -= cost
        if self.allowance < 0:
            raise TemplateError("it does too much", "write the text out, or loop over less")

    def joined(self, *values: Any) -> str:
        """What `~` does."""
        return "".join(self._finalize(value) for value in values)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        self.spend(STEP)
        return self._paid(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TemplateError(f"`{operator}` cannot be used here", "use `~` to put texts together")
        if operator == "*":
            self.spend(_length(left) * _count(right) + _length(right) * _count(left))
        result = self._paid(super().call_binop(context, operator, left, right))
        if isinstance(result, int) and abs(result) > LARGEST_NUMBER:
            raise TemplateError("a number becomes too large")
        return result

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Entries of mappings come before Python's methods: `vars.items` is the user's `items`."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002 - Jinja's signature
        if isinstance(obj, LoopContext | Namespace | TemplateModule):
            return not attr.startswith("_")
        if isinstance(obj, str):
            return attr in _TEXT_METHODS
        return isinstance(obj, Mapping) and attr in _MAPPING_METHODS

    def wrap_str_format(self, value: Any) -> None:
        """`str.format` is not among the methods allowed: a width in it could ask for any amount of memory."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        metered = _Metered(reads_files=bool(self._includes.folders.folders))
        try:
            tree: nodes.Template = metered.visit(super()._parse(source, name, filename))
        except TemplateError as error:
            error.file = self._includes.file(filename)
            raise
        tree.set_environment(self)
        return tree

    def _finalize(self, value: Any) -> str:
        text = str(value) if isinstance(value, Undefined) else printed(value)
        if text is None:
            raise _not_text(value)
        self.spend(len(text))
        return text

    def _paid(self, value: Any) -> Any:
        self.spend(_length(value))
        return value

    def _metered(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def metered(*args: Any, **kwargs: Any) -> Any:
            self.spend(STEP + sum(map(_length, args)))
            return self._paid(function(*args, **kwargs))

        return metered

    def _join(self, values: Iterable[Any], separator: str = "") -> str:
        texts = [self._finalize(value) for value in values]
        self.spend(len(texts) * (1 + len(str(separator))))
        return str(separator).join(texts)

    def _replace(self, value: Any, old: str, new: str, count: int = -1) -> str:
        text = self._finalize(value)
        self.spend(text.count(str(old)) * len(str(new)))
        return text.replace(str(old), str(new), count)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list | tuple | dict) else 0


def _count(value: Any) -> int:
    return max(value, 0) if isinstance(value, int) else 0


def _short_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise TemplateError(f"`range` makes more than {LONGEST_RANGE:,} numbers", word="range")
    return numbers


def _rounded(value: float, digits: int = 0) -> float:
    return round(float(value), max(-15, min(digits, 15)))


def _not_text(value: Any) -> TemplateError:
    if isinstance(value, Mapping):
        name = f"`{value.path}`" if isinstance(value, Names) else "this"
        return TemplateError(f"{name} is a mapping, not text", "name one of its entries: " + ", ".join(map(str, value)))
    if isinstance(value, list | tuple) or hasattr(value, "__next__"):
        name = f"`{value.path}`" if isinstance(value, Series) else "this"
        return TemplateError(f"{name} is a list, not text", 'join it: `{{ ... | join(", ") }}`')
    if value is None:
        return TemplateError("this value is empty (null)", "give it a value, or use `default`")
    return TemplateError("this is not text", "a method is called with `()`" if callable(value) else None)
