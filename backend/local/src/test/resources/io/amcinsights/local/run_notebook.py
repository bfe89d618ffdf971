"""Runs a notebook by Jupyter's client, or where that is not installed its code, cell by cell.

python3 run_notebook.py NOTEBOOK RESULTS: writes what each cell has shown, as JSON by its id: the
text, and how many pictures.
"""

import ast
import contextlib
import io
import json
import os
import pathlib
import sys
import traceback


def by_jupyter(notebook):
    import ipykernel  # noqa: F401, is what the client starts
    import nbclient
    import nbformat

    cells = nbformat.read(notebook, as_version=4)
    folder = str(pathlib.Path(notebook).parent)
    try:
        nbclient.NotebookClient(
            cells, timeout=240, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
    except nbclient.exceptions.CellExecutionError as e:
        sys.exit(str(e))
    return {
        cell["id"]: {
            "text": "".join(map(_text, cell["outputs"])),
            "pictures": sum("image/png" in output.get("data", {}) for output in cell["outputs"]),
        }
        for cell in cells["cells"]
        if cell["cell_type"] == "code"
    }


def _text(output):
    if output["output_type"] == "stream":
        return output["text"] if output["name"] == "stdout" else ""
    data = output["data"]
    return "" if "image/png" in data else data["text/plain"] + "\n"


def by_python(notebook):
    os.environ["MPLBACKEND"] = "agg"
    variables = {"__name__": "__main__"}
    sys.path.insert(0, str(pathlib.Path(notebook).parent))
    shown = {}
    for cell in json.loads(pathlib.Path(notebook).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        output = io.StringIO()
        try:
            with contextlib.redirect_stdout(output):
                _run("".join(cell["source"]), cell["id"], variables)
        except Exception:
            sys.exit(f"The cell “{cell['id']}” failed.\n{output.getvalue()}{traceback.format_exc()}")
        shown[cell["id"]] = {"text": output.getvalue(), "pictures": 0}
    return shown


def _run(source, name, variables):
    """Runs a cell; what its last expression gives is shown, as in Jupyter."""
    body = ast.parse(source, name).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), name, "exec"), variables)
    value = last and eval(compile(ast.Expression(last.value), name, "eval"), variables)
    if value is not None:
        print(repr(value))


def main(notebook, results):
    try:
        shown = by_jupyter(notebook)
    except ImportError:
        shown = by_python(notebook)
    pathlib.Path(results).write_text(json.dumps(shown), encoding="utf-8")


main(*sys.argv[1:])
