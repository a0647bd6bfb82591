"""The data folder that aleysk reads the made-up reports by."""

from places import WORK

_FIELDS = [
    ("children_total", "Всего детей", "count"),
    ("children_enrolled", "Зачислено детей", "count"),
    ("children_waiting", "В очереди", "count"),
    ("children_5_18", "Детей 5-18 лет", "count"),
    ("children_in_dop", "Охвачено ДОП", "count"),
    ("teachers_total", "Педагогов всего", "number"),
    ("teachers_trained", "Педагогов обучено", "count"),
    ("target_contracts", "Целевых договоров", "count"),
    ("has_parent_programme", "Программа для родителей", "flag"),
]
_TEXTS = """
[[field]]
id = "region_code"
header = "Код региона"
type = "text"
pattern = "[0-9][0-9]"

[[field]]
id = "kind"
header = "Вид"
type = "text"
one_of = ["kindergarten", "school"]

[[field]]
id = "note"
header = "Примечание"
type = "text"
"""
_RULES = [
    ("children_enrolled", "children_total", "зачислено больше, чем детей всего"),
    ("children_in_dop", "children_5_18", "охвачено больше, чем детей этого возраста"),
    ("teachers_trained", "teachers_total", "обучено больше, чем педагогов"),
]
_SHARES = [
    ("access", "children_enrolled", "report.children_enrolled + report.children_waiting"),
    ("dop-coverage", "children_in_dop", "report.children_5_18"),
    ("teachers-trained", "teachers_trained", "report.teachers_total"),
]


def write(copies, name="data"):
    """Writes the folder for files with so many copies of the columns, and gives its path."""
    folder = WORK / f"{name}-{copies}"
    indicators = [f"sum-{field.replace('_', '-')}" for field, _, _ in _columns(copies)]
    texts = {
        "forms/report.toml": _form(copies),
        "indicators.toml": _indicators(copies),
        "resolutions/made-up.toml": _resolution(indicators),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _columns(copies):
    for copy in range(1, copies + 1):
        end = "" if copy == 1 else f"_{copy}"
        for field, header, kind in _FIELDS:
            yield field + end, header + end, kind


def _form(copies):
    text = 'id = "report"\ntitle = "Ежемесячный отчёт"\nevery = "month"\n' + _TEXTS
    for field, header, kind in _columns(copies):
        least = "" if kind == "flag" else "min = 0\n"
        text += (
            f'\n[[field]]\nid = "{field}"\nheader = "{header}"\ntype = "{kind}"\n'
            f'required = true\nover_time = "last"\nmissing = "exclude"\n{least}'
        )
    for part, whole, message in _RULES:
        text += (
            f'\n[[rule]]\nid = "{part.replace("_", "-")}-within"\nassert = "{part} <= {whole}"\n'
            f'severity = "error"\nmessage = "{message}"\n'
        )
    return text


def _indicators(copies):
    text = ""
    for name, part, whole in _SHARES:
        text += (
            f'[[indicator]]\nid = "{name}"\nname = "Доля: {name}"\nunit = "percent"\n'
            f'numerator = "report.{part}"\ndenominator = "{whole}"\ndecimals = 2\n'
            'better = "higher"\nwindow = "period"\nmethod = "Часть / целое × 100"\n\n'
        )
    for field, header, _ in _columns(copies):
        text += (
            f'[[indicator]]\nid = "sum-{field.replace("_", "-")}"\nname = "{header}"\n'
            f'unit = "count"\nnumerator = "report.{field}"\ndecimals = 2\nbetter = "higher"\n'
            'window = "period"\nmethod = "Сумма"\n\n'
        )
    return text


def _resolution(sums):
    watched = ", ".join(f'"{name}"' for name in ["dop-coverage", "teachers-trained", *sums])
    return f"""id = "made-up"
title = "Придуманная резолюция"
event = "Измерение скорости"
date = 2017-01-15
status = "adopted"
source = "Придумана для измерения скорости"
preamble = "Участники предлагают:"

[[proposal]]
number = 1
topic = "Места"
text = "Сохранить 100% доступности"

[[proposal.target]]
indicator = "access"
at_least = 100
maintain = true
quote = "Сохранить 100% доступности"

[[proposal]]
number = 2
topic = "Прочее"
text = "Вести учёт"
watch = [{watched}]
"""
