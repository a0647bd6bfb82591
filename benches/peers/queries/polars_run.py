"""The queries of this folder in Polars: polars_run.py check|sums|exact FILE [PERIOD…].

Prints the rows as JSON.
"""

import sys

import polars as pl
from polars import col

TEXTS = ["period", "region_code", "org_id", "org_name", "kind", "has_parent_programme"]
COUNTS = [
    "children_total",
    "children_enrolled",
    "children_waiting",
    "children_5_18",
    "children_in_dop",
    "teachers_trained",
    "target_contracts",
]
NUMBERS = [*COUNTS, "teachers_total"]
SUMMED = [name for name in COUNTS if name != "teachers_trained"]
# The first of each pair may not be more than the second.
WITHIN = [
    ("children_enrolled", "children_total"),
    ("children_in_dop", "children_5_18"),
    ("teachers_trained", "teachers_total"),
]
NOTHING = ["", "н/д"]


def type_of(name):
    """Of a figure."""
    return pl.Float64 if name == "teachers_total" else pl.Int64


def written():
    """Rows and sums of what stands in the file."""
    sums = [col(name).sum() for name in SUMMED]
    programmes = (col("has_parent_programme") == "да").sum()
    return [pl.len().alias("rows"), *sums, programmes]


def sums(path):
    """Only adding up: as `sums.sql`."""
    types = {name: type_of(name) for name in NUMBERS} | {name: pl.String for name in TEXTS}
    table = pl.scan_csv(
        path, schema_overrides=types, infer_schema=False, null_values=[*NOTHING, "много"]
    )
    return table.group_by("period").agg(written())


def typed(path):
    """Every cell as text, and the figures as numbers beside."""
    table = pl.scan_csv(path, infer_schema=False, null_values=NOTHING)
    return table.with_columns(col(name).alias(f"{name} text") for name in NUMBERS).with_columns(
        col(name).cast(type_of(name), strict=False) for name in NUMBERS
    )


def count(conditions):
    """How often any of them holds."""
    return sum(condition.sum() for condition in conditions)


def broken(part, whole):
    """The part is more than the whole."""
    return (col(part) > col(whole)) & (col(whole) >= 0)


def check(path):
    """Every cell checked: as `check.sql`."""
    faults = {
        "empty-required": count(
            col(name).is_null()
            for name in [*(f"{name} text" for name in NUMBERS), "has_parent_programme"]
        ),
        "not-a-number": count(
            col(name).is_null() & col(f"{name} text").is_not_null() for name in NUMBERS
        ),
        "negative": count(col(name) < 0 for name in NUMBERS),
        "rule-broken": count(broken(part, whole) for part, whole in WITHIN),
        "not-a-flag": count([~col("has_parent_programme").is_in(["да", "нет"])]),
        "out-of-range": count(
            [
                ~col("kind").is_in(["kindergarten", "school"]),
                ~col("region_code").str.contains("^[0-9][0-9]$"),
            ]
        ),
        "no-period": count(
            [
                ~col("period").str.contains("^[0-9]{4}-(0[1-9]|1[0-2])$"),
                col("period").is_null() | col("org_id").is_null() | col("org_name").is_null(),
            ]
        ),
        "duplicate-report": pl.len() - col("org_id").n_unique(),
    }
    return (
        typed(path)
        .group_by("period")
        .agg(written() + [faults[name].alias(name) for name in faults])
    )


def total(values):
    """As in SQL: nothing where there is nothing to add up."""
    return pl.when(values.count() > 0).then(values.sum())


def exact(path, periods):
    """The figures of aleysk: as `exact.sql`."""
    table = typed(path).filter(col("period").is_in(periods)).unique()
    rules = {f"{part} rule": broken(part, whole).fill_null(False) for part, whole in WITHIN}
    table = table.with_columns(rule.alias(name) for name, rule in rules.items())
    rule_of = {name: f"{part} rule" for part, whole in WITHIN for name in (part, whole)}

    def accepted(name):
        holds = col(name) >= 0
        if name in rule_of:
            holds &= ~col(rule_of[name])
        return pl.when(holds).then(col(name)).alias(name)

    flag = (
        pl.when(col("has_parent_programme").is_in(["да", "нет"]))
        .then((col("has_parent_programme") == "да").cast(pl.Int64))
        .alias("has_parent_programme")
    )
    table = table.with_columns([accepted(name) for name in NUMBERS] + [flag])
    sums = {
        f"sum-{name.replace('_', '-')}": total(col(name))
        for name in [*NUMBERS, "has_parent_programme"]
    }
    shares = {
        "access": ("children_enrolled", "children_waiting"),
        "dop-coverage": ("children_in_dop", "children_5_18"),
        "teachers-trained": ("teachers_trained", "teachers_total"),
    }
    for name, (above, below) in shares.items():
        both = col(above).is_not_null() & col(below).is_not_null()
        part, whole = total(col(above).filter(both)), total(col(below).filter(both))
        sums[name] = part
        sums[f"{name}/"] = part + whole if name == "access" else whole
    accepted_any = pl.any_horizontal(
        col(name).is_not_null() for name in [*NUMBERS, "has_parent_programme"]
    )
    organisations = col("org_id").filter(accepted_any).n_unique().alias("organisations")
    return table.group_by("period").agg(
        [organisations] + [figure.alias(name) for name, figure in sums.items()]
    )


def main():
    """Asks one of them."""
    mode, path, *periods = sys.argv[1:]
    query = exact(path, periods) if mode == "exact" else {"check": check, "sums": sums}[mode](path)
    print(query.sort("period").collect(engine="streaming").write_json())


main()
