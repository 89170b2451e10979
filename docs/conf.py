"""The documentation site: `./site` builds it from these pages and from the docstrings of the installed package."""

import atexit
import os
import pkgutil
import re
import shutil
import tempfile
from pathlib import Path

import lookalike

HERE = Path(__file__).resolve().parent
REPOSITORY = "https://github.com/lookalike-data/lookalike"

#: Pages that are files at the root of the repository.
PROJECT = {
    "project/architecture": "ARCHITECTURE.md",
    "project/changelog": "CHANGELOG.md",
    "project/contributing": "CONTRIBUTING.md",
}

project = "lookalike"
author = "The lookalike developers"
copyright = author
release = version = lookalike.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]
# Names in docstrings stand in single backticks: a link where they are ours, code elsewhere.
default_role = "py:obj"
templates_path = ["_templates"]

# Headings can be linked to as they can on GitHub.
myst_heading_anchors = 3
myst_enable_extensions = ["fieldlist"]
# What begins a line with a word and a colon is text, not the beginning of another scheme.
myst_url_schemes = ("http", "https", "mailto")

# Notebooks are kept without outputs, and run here.
nb_execution_mode = "force"
nb_execution_timeout = 600
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True
# Warnings would show where the notebook was run; what they say is shown by `warnings_`.
nb_output_stderr = "remove"
# No page needs these, and they would come from the network.
nb_ipywidgets_js = {}

autosummary_generate = True
autosummary_ignore_module_all = False
# Beside lookalike.Audit, where file systems do not tell cases apart.
autosummary_filename_map = {"lookalike.audit": "lookalike.audit-function"}
# Docstrings number their sources without referring to each.
suppress_warnings = ["ref.footnote"]
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
# Types are words ("table or path"), and no names to be linked.
napoleon_use_param = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"lookalike {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"


def public_modules():
    """The modules of the package that are for users, below `lookalike` itself.

    What is further down has its place in SDV's calls alone, and is what a module above it has too.
    """
    found = []
    for one in pkgutil.walk_packages(lookalike.__path__, "lookalike."):
        names = one.name.split(".")
        if len(names) <= 4 and not any(name.startswith("_") for name in names):
            found.append(one.name)
    return sorted(found)


def write_modules():
    """A page that lists the modules, for autosummary to follow."""
    lines = ["Modules", "=======", "", ".. autosummary::", "   :toctree:", "   :template: autosummary/module.rst", ""]
    text = "\n".join([*lines, *(f"   {name}" for name in public_modules())]) + "\n"
    folder = HERE / "python" / "generated"
    folder.mkdir(exist_ok=True)
    path = folder / "modules.rst"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def link_sources(app, docname, source):
    """Makes links lead where they lead in the repository.

    Pages of the project are the files at the root (`docs/project/changelog.md` is `CHANGELOG.md`). Links to what is not on
    the site, such as examples, lead to the repository.
    """
    if docname.startswith(("python/generated", "notebooks/")):
        return
    here = origin = (HERE / docname).parent
    if docname in PROJECT:
        origin = HERE.parent
        source[0] = (origin / PROJECT[docname]).read_text(encoding="utf-8")
        app.env.note_dependency(str(origin / PROJECT[docname]))
    shown = {origin / name: HERE / f"{page}.md" for page, name in PROJECT.items()} if docname in PROJECT else {}

    def lead(link):
        target, mark, anchor = link[1].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return link[0]
        path = Path(os.path.normpath(origin / target))
        path = shown.get(path, path)
        if path.is_relative_to(HERE) and not path.is_dir():
            return f"]({os.path.relpath(path, here)}{mark}{anchor})"
        kind = "tree" if path.is_dir() else "blob"
        return f"]({REPOSITORY}/{kind}/main/{os.path.relpath(path, HERE.parent)})" if path.exists() else link[0]

    source[0] = re.sub(r"\]\(([^)\s]+)\)", lead, source[0])


def keep_bars(app, what, name, obj, options, lines):
    """Vertical bars in docstrings are those of formulas, and not of substitutions."""
    for number, line in enumerate(lines):
        if not line.lstrip().startswith((">>>", "...")):
            lines[number] = re.sub(r"(?<!\S)\|(?=\S)", r"\|", line)


def quiet_kernels():
    """Notebooks are run where nobody watches: on a slow machine, too, no bar is kept among what they show."""
    folder = Path(tempfile.mkdtemp(prefix="lookalike-site-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "quiet.py").write_text(
        "from lookalike import _progress\n_progress.PATIENCE = float('inf')\n", encoding="utf-8"
    )
    os.environ["IPYTHONDIR"] = str(folder)


def setup(app):
    write_modules()
    quiet_kernels()
    app.connect("source-read", link_sources)
    app.connect("autodoc-process-docstring", keep_bars)
