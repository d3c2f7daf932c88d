"""The shape of a record: what its model says against it, as findings at the nodes that it speaks of.

Pydantic says what is wrong in words for programmers; here it becomes a rule, a place and what to do. No more is told of one
record than of one file. Opens nothing. May import whatever stands before `shape` in the order of modules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from .findings import Finding, did_you_mean, shown
from .records import Kind
from .syntax import MAX_FAULTS, JsonFile, Pointer
from .values import FORMS, UnknownTermError


def shape_findings(
    error: ValidationError, file: JsonFile, pointer: Pointer, kind: Kind, context: Mapping[str, Any]
) -> Iterator[Finding]:
    """Turn what Pydantic says into findings at the nodes that it speaks of."""
    for fault in error.errors(include_url=False)[:MAX_FAULTS]:
        at = (*pointer, *fault["loc"])
        given, told = fault["type"], fault.get("ctx", {})
        name, value = _named(fault["loc"]), fault["input"]
        if given == "missing":
            yield file.at(at, "required-fields-are-present", f"the field {name!r} is missing", "add it")
        elif given == "extra_forbidden":
            known = _fields_at(kind, fault["loc"][:-1])
            message = f"no field {shown(name)} here"
            yield file.at(at, "fields-are-known", message, did_you_mean(name, known, "fields"), key=True)
        elif isinstance(told.get("error"), UnknownTermError):
            scheme = told["error"].scheme
            known = context["vocabularies"].get(scheme, ())
            message = f"{shown(value)} is no term of the vocabulary {scheme}"
            yield file.at(at, "terms-are-defined", message, did_you_mean(str(value), known, "terms"))
        elif given == "too_short" and len(value) >= told["min_length"]:
            continue  # Pydantic counts only the items without a fault, and each of those has its own finding.
        elif given.endswith("_type") or given in ("int_from_float", "none_required"):
            expected = _EXPECTED.get(given) or fault["msg"].removeprefix("Input should be ")
            yield file.at(at, "values-have-their-type", f"{name!r} is {shown(value)}", f"expected {expected}")
        else:
            yield file.at(at, "values-have-their-form", f"{name!r} is {shown(value)}", _form(fault))


_EXPECTED = {"tuple_type": "a list", "model_type": "an object", "dict_type": "an object", "int_from_float": "a whole number"}


def _named(path: tuple[str | int, ...]) -> str:
    """Name a field as people write it: the last key, with the place in its list."""
    keys = [part for part in path if isinstance(part, str)]
    index = f"[{path[-1]}]" if path and isinstance(path[-1], int) else ""
    return (keys[-1] if keys else "") + index


def _form(fault: Mapping[str, Any]) -> str:
    told = fault.get("ctx", {})
    if "error" in told:
        return str(told["error"])
    if "pattern" in told:
        return FORMS.get(told["pattern"], f"it must match {told['pattern']}")
    message: str = fault["msg"]
    return message[:1].lower() + message[1:]


def _fields_at(kind: Kind, path: tuple[str | int, ...]) -> Iterable[str]:
    model: Any = kind.model
    for part in path:
        if isinstance(part, str):
            seen = [model.model_fields[part].annotation]
            while seen:
                one = seen.pop()
                if hasattr(one, "model_fields"):
                    model = one
                    break
                seen.extend(getattr(one, "__args__", ()))
    return list(model.model_fields)
