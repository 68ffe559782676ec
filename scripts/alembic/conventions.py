"""What can be had of Python files without running them, and what env.py would have done for Alembic."""

import ast
import importlib
import os


def of_tree(tree):
    """The one naming convention that the repository's code writes down, and how many different ones there are."""
    found = []
    for folder, folders, files in os.walk(tree):
        folders[:] = sorted(name for name in folders if name not in ("tests", "test", "versions", "node_modules"))
        for name in sorted(files):
            if name.endswith(".py"):
                for convention in _in_file(os.path.join(folder, name)):
                    if convention not in found:
                        found.append(convention)
    return (found[0] if len(found) == 1 else None), len(found)


def _in_file(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    if "naming_convention" not in text:
        return []
    try:
        module = ast.parse(text)
    except SyntaxError:
        return []
    names = {
        target.id: node.value
        for node in ast.walk(module)
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    given = [
        keyword.value
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "naming_convention"
    ]
    return [
        literal
        for value in given
        if (literal := _literal(names.get(value.id) if isinstance(value, ast.Name) else value)) is not None
    ]


def _literal(node):
    value = _evaluated(node)
    return value if isinstance(value, dict) and all(isinstance(key, str) for key in value) else None


def _evaluated(node):
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        return None


def literals(path):
    """The names that a module gives to literals."""
    with open(path, encoding="utf-8") as file:
        module = ast.parse(file.read())
    found = {}
    for node in module.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    found[target.id] = _evaluated(node.value)
    return found


def imports(env):
    """Imports what env.py imports at its top: packages that add operations, and modules that revisions find imported."""
    try:
        with open(env, encoding="utf-8") as file:
            module = ast.parse(file.read())
    except (OSError, SyntaxError):
        return
    for node in module.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                _tried(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            _tried(node.module)
            for alias in node.names:
                _tried(f"{node.module}.{alias.name}")


def _tried(name):
    try:
        importlib.import_module(name)
    except ImportError:
        # Most of them are no modules.
        pass
