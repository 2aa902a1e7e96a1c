"""What went wrong is said as text: a ValidationError printed as it is reads "['…']"."""

import ast
import importlib

from django.core.exceptions import ValidationError

from tests.architecture.test_house import ROOT, SOURCES


def caught(handler, names):
    """The name that an `except` gives to an error of validation; "" for every other."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    for kind in kinds if handler.name else ():
        try:
            found = eval(ast.unparse(kind), names)
        except NameError:
            continue  # Imported inside a function.
        if isinstance(found, type) and issubclass(found, ValidationError):
            return handler.name
    return ""


def printed(handler, name):
    """The lines on which the error itself becomes text: str(), an f-string, or %."""
    for node in ast.walk(handler):
        match node:
            case ast.Call(func=ast.Name(id="str" | "format"), args=[ast.Name(id=used), *_]):
                pass
            case ast.FormattedValue(value=ast.Name(id=used)):
                pass
            case ast.BinOp(op=ast.Mod(), right=ast.Name(id=used)):
                pass
            case _:
                continue
        if used == name:
            yield node.lineno


def test_no_error_of_validation_is_printed_as_a_list():
    wrong = []
    for path in SOURCES:
        text = path.read_text()
        handlers = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ExceptHandler)]
        named = [one for one in handlers if one.name and one.type]
        if not named:
            continue
        module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        names = vars(importlib.import_module(module.removesuffix(".__init__")))
        for handler in named:
            if name := caught(handler, names):
                wrong += [f"{path}:{line}" for line in printed(handler, name)]
    assert not wrong, wrong
