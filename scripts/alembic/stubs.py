"""Lets revisions import what is not there, without letting what it would have said into their SQL."""

import importlib.machinery
import os
import sys
import types


class StubUsed(BaseException):
    """Something depends on a value that a stub cannot have. No `except Exception` of a revision may catch it."""


class Calls:
    """Calls of stubs that may have sent something, since the last `forget`."""

    names = []

    @classmethod
    def forget(cls):
        cls.names = []

    @classmethod
    def refuse(cls):
        if cls.names:
            raise StubUsed(f"{cls.names[0]} is not there (call)")


# Calling these sends nothing, whatever they are.
HARMLESS = {
    "debug", "info", "warning", "warn", "error", "exception", "critical", "log",
    "getLogger", "get_logger", "setup_logger", "bind",
}  # fmt: skip


class Stub:
    """Has every attribute, can be called, subclassed and subscripted; refuses to be a value."""

    def __init__(self, name):
        object.__setattr__(self, "_stub_name", name)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Stub(f"{self._stub_name}.{name}")

    def __setattr__(self, name, value):
        pass

    def __call__(self, *args, **kwargs):
        last = self._stub_name.rpartition(".")[2]
        if last not in HARMLESS:
            Calls.names.append(self._stub_name)
        return Stub(f"{self._stub_name}()")

    def __getitem__(self, key):
        return Stub(f"{self._stub_name}[]")

    def __or__(self, other):
        return Stub(f"{self._stub_name} | …")

    __ror__ = __or__

    def __mro_entries__(self, bases):
        return (type(self._stub_name.rpartition(".")[2] or "Stub", (StubBase,), {}),)

    def __enter__(self):
        Calls.names.append(self._stub_name)
        return self

    def __exit__(self, *_):
        return False

    def __hash__(self):
        return id(self)


class StubBase:
    """What a class that is not there passes on: everything but values."""

    def __init__(self, *args, **kwargs):
        pass

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__()

    def __class_getitem__(cls, key):
        return cls

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Stub(f"{type(self).__name__}().{name}")


def _refusing(operation):
    def refuse(self, *_, **__):
        name = object.__getattribute__(self, "_stub_name")
        raise StubUsed(f"{name} is not there ({operation})")

    return refuse


for _name in (
    "str repr format bytes bool int float index complex iter next len contains reversed "
    "eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv mod rmod and rand neg pos abs "
    "await fspath setitem delitem"
).split():
    setattr(Stub, f"__{_name}__", _refusing(_name))


class StubModule(types.ModuleType):
    """A module that is not there, or that could not be imported: what it has is real, the rest is stubs."""

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Stub(f"{self.__name__}.{name}")


class _StubLoader:
    def create_module(self, spec):
        module = StubModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


# Modules of the tree that could not be imported, and why.
failures = {}


class _TreeLoader(importlib.machinery.SourceFileLoader):
    """Imports a module of the repository; from where it fails on, it is a stub."""

    def exec_module(self, module):
        try:
            super().exec_module(module)
        except passing:
            raise
        except BaseException as error:
            failures[module.__name__] = f"{type(error).__name__}: {said(error)}"
            module.__class__ = StubModule


# What must not be taken for the failure of a module; the driver puts its own in.
passing = ()


def said(error):
    try:
        return str(error)[:300]
    except BaseException:
        return "…"


class Finder:
    """First of all finders: wraps modules of the tree, and has stubs for what only code of the tree asks for."""

    def __init__(self, tree):
        self.tree = tree.rstrip(os.sep) + os.sep
        self.stubbed = set()

    def find_spec(self, name, path=None, target=None):
        parent = sys.modules.get(name.rpartition(".")[0])
        if isinstance(parent, StubModule) and not list(parent.__dict__.get("__path__") or []):
            return self._stub(name)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None:
            return self._stub(name) if self._mayStub(name) else None
        if isinstance(spec.loader, importlib.machinery.SourceFileLoader) and self._inTree(spec.origin):
            spec.loader = _TreeLoader(spec.loader.name, spec.loader.path)
            return spec
        return None

    def _stub(self, name):
        self.stubbed.add(name)
        return importlib.machinery.ModuleSpec(name, _StubLoader(), is_package=True)

    def _mayStub(self, name):
        """Not the optional parts that installed packages look for, nor what an installed package no longer has."""
        if name in sys.builtin_module_names or not self._askedByTree():
            return False
        top = sys.modules.get(name.partition(".")[0])
        if "." not in name or top is None or isinstance(top, StubModule):
            return name.partition(".")[0] not in sys.stdlib_module_names
        places = [top.__dict__.get("__file__") or "", *map(str, top.__dict__.get("__path__") or [])]
        return any(self._inTree(place) for place in places if place)

    def _askedByTree(self):
        frame = sys._getframe(1)
        while frame is not None:
            file = frame.f_code.co_filename
            inner = file == __file__ or file.startswith("<frozen importlib") or file == importlib.__file__
            if not inner:
                return self._inTree(file)
            frame = frame.f_back
        return False

    def _inTree(self, place):
        return place is not None and place.startswith(self.tree)
