"""The queries of `queries/`, filled in for a file."""

import string

from places import HERE, OUTPUTS

TEXTS = ["period", "region_code", "org_id", "org_name", "kind"]
FIGURES = [
    "children_total",
    "children_enrolled",
    "children_waiting",
    "children_5_18",
    "children_in_dop",
    "teachers_total",
    "teachers_trained",
    "target_contracts",
    "has_parent_programme",
]
_SIGNS = {"utf-8": (",", "\\n"), "windows-1251": (";", "\\r\\n")}


def write(name, spec, path=None, periods=()):
    """Writes a query over a file in UTF-8 and gives its path; `path`: the file, where
    it is not the spec's own."""
    decimal_comma = spec.dialect != "utf-8"
    teachers = "replace(teachers_total, ',', '.')" if decimal_comma else "teachers_total"
    text = (HERE / "queries" / f"{name}.sql").read_text(encoding="utf-8")
    text = string.Template(text).substitute(
        path=spec.path,
        columns=", ".join(f"{column} String" for column in _columns(spec)),
        source=_source(spec, path or spec.path, typed=name == "sums"),
        teachers=teachers,
        periods=", ".join(f"'{period}'" for period in periods),
    )
    OUTPUTS.mkdir(parents=True, exist_ok=True)
    out = OUTPUTS / f"{name}-{spec.path.stem}.sql"
    out.write_text(text, encoding="utf-8")
    return out


def _columns(spec):
    columns = [*TEXTS, *FIGURES]
    for copy in range(2, spec.copies + 1):
        columns += [f"{name}_{copy}" for name in FIGURES]
    return [*columns, "note"]


def _source(spec, path, typed):
    """Everything that DuckDB would otherwise have to guess."""
    separator, line_end = _SIGNS[spec.dialect]
    columns = {name: "varchar" for name in _columns(spec)}
    nothing = ["", "н/д"]
    if typed:
        columns |= {name: "bigint" for name in FIGURES if name != "has_parent_programme"}
        columns["teachers_total"] = "double"
        nothing.append("много")
    listed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    nulls = ", ".join(f"'{text}'" for text in nothing)
    return (
        f"read_csv('{path}', header = true, auto_detect = false, delim = '{separator}', "
        f"quote = '\"', escape = '\"', new_line = '{line_end}', nullstr = [{nulls}], "
        f"columns = {{{listed}}})"
    )
