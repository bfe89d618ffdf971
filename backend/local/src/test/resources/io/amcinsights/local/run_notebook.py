"""Runs the code of a notebook, cell by cell, as Jupyter would, and needs no Jupyter.

python3 run_notebook.py NOTEBOOK RESULTS: writes what each cell has shown, as JSON by its id.
"""

import ast
import contextlib
import io
import json
import pathlib
import sys
import traceback


def run(source, name, variables):
    """Runs a cell; what its last expression gives is shown, as in Jupyter."""
    body = ast.parse(source, name).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), name, "exec"), variables)
    value = last and eval(compile(ast.Expression(last.value), name, "eval"), variables)
    if value is not None:
        print(repr(value))


def main(notebook, results):
    variables = {"__name__": "__main__"}
    sys.path.insert(0, str(pathlib.Path(notebook).parent))
    shown = {}
    for cell in json.loads(pathlib.Path(notebook).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        output = io.StringIO()
        try:
            with contextlib.redirect_stdout(output):
                run("".join(cell["source"]), cell["id"], variables)
        except Exception:
            sys.exit(f"The cell “{cell['id']}” failed.\n{output.getvalue()}{traceback.format_exc()}")
        shown[cell["id"]] = output.getvalue()
    pathlib.Path(results).write_text(json.dumps(shown), encoding="utf-8")


main(*sys.argv[1:])
