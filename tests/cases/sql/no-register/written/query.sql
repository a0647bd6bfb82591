-- Факт против плана: резолюция 2025, период 2025-12. Написано aleysk sql.
-- Те же числа, что у aleysk check; таблица — выгрузка aleysk export, в любом числе частей.
-- Тот же отчёт в двух частях считается один раз, два разных не входят никуда, уточнённый
-- заменяет прежний. Правила форм проверены при выгрузке: сверить поля, попавшие в разные
-- части, уже нельзя, поэтому отчёты одной организации за период выгружают вместе.
-- DuckDB считает целыми до 1,7·10^38 (HUGEINT) и десятичными до 38 цифр; число длиннее
-- останавливает запрос ошибкой, неверного числа не бывает.
WITH

-- Строки ответа: пункты резолюции по порядку, у каждого цели, затем справочные показатели.
answer(row_number, proposal, indicator) AS (
  VALUES
    (1, '1', 'share'),
    (2, '2', 'each')
),

-- Какие отчёты видны из окна показателя: nearness 0 — внутри окна; если их нет, берётся один
-- с наименьшим nearness: период которого содержит проверяемый, а после всех — новейший прежний
-- (earlier). covers — за какие из ожидаемых периодов отчёт, по биту на период.
sights(look, form, period, nearness, covers) AS (
  VALUES
    ('garden period', 'garden', '2025-12', 0, 1),
    ('garden period', 'garden', '2025-Q4', 1, 1),
    ('garden period', 'garden', '2025-H2', 2, 1),
    ('garden period', 'garden', '2025', 3, 1),
    ('garden period', 'garden', '2025/26', 4, 1)
),

-- Какие формы нужны показателю. must_owe — бит последнего периода: что берётся на дату, того не
-- спрашивают с закрытых к этой дате.
uses(indicator, form, look, must_owe) AS (
  VALUES
    ('share', 'garden', 'garden period', 0),
    ('each', 'garden', 'garden period', 0)
),

-- Ячейки отчётов, которые видны хотя бы одному показателю.
seen AS (
  SELECT organisation, form, period, first_day, last_day, field, value, left_out, found, correction
  FROM (
    SELECT
      coalesce(CAST(organisation AS VARCHAR), '') AS organisation,
      coalesce(CAST(form AS VARCHAR), '') AS form,
      coalesce(CAST(period AS VARCHAR), '') AS period,
      CAST(first_day AS DATE) AS first_day,
      CAST(last_day AS DATE) AS last_day,
      coalesce(CAST(field AS VARCHAR), '') AS field,
      CAST(value AS DECIMAL(38, 15)) AS value,
      coalesce(CAST(left_out AS VARCHAR), '') AS left_out,
      coalesce(CAST(found AS VARCHAR), '') AS found,
      CAST(correction AS INTEGER) AS correction
    FROM read_parquet('facts.parquet')
  ) parts
  WHERE (form = 'garden' AND period IN ('2025', '2025-H2', '2025/26', '2025-Q4', '2025-12'))
),

-- Каждая ячейка один раз, в скольких бы частях она ни пришла; differs = 1 — пришло разное.
-- correction: 0 — обычный отчёт, 1 — уточнённый, 2 — назван при выгрузке (--supersede).
cells AS (
  SELECT organisation, form, period, first_day, last_day, field, correction,
    min(value) AS figure, max(left_out) AS reason,
    CASE WHEN min(value) <> max(value) OR min(left_out) <> max(left_out) OR min(found) <> max(found)
      OR max(left_out) = 'conflicting-report' THEN 1 ELSE 0 END AS differs
  FROM seen
  GROUP BY organisation, form, period, first_day, last_day, field, correction
),

-- Уточнённое заменяет прежнее. disputed = 1 — отчёты (или те, что их уточняют) противоречат друг
-- другу; newest — насколько уточнён отчёт, newest_of_field — это поле.
placed AS (
  SELECT cells.*,
    max(correction) OVER (PARTITION BY organisation, form, period) AS newest,
    max(correction) OVER (PARTITION BY organisation, form, period, field) AS newest_of_field,
    max(differs) OVER (
      PARTITION BY organisation, form, period ORDER BY correction
      RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS disputed
  FROM cells
),

-- Отчёт — одна строка. Счётные поля — целые числа; дробные — целые числа в 10^-15. taken = 0 — отчёты
-- противоречат друг другу, или не принято ни одно значение; faulty = 1 — что-то исключено.
reports AS (
  SELECT organisation, form, period, first_day, last_day,
    CASE WHEN max(CASE WHEN correction = newest THEN disputed ELSE 0 END) = 0
      AND max(CASE WHEN disputed = 0 AND figure IS NOT NULL THEN 1 ELSE 0 END) = 1 THEN 1 ELSE 0 END AS taken,
    max(CASE WHEN (disputed = 1 OR reason NOT IN ('', 'empty', 'empty-required', 'text')) THEN 1 ELSE 0 END) AS faulty,
    max(CASE WHEN form = 'garden' AND field = 'children' AND disputed = 0 THEN CAST(figure AS HUGEINT) END) AS "garden.children",
    max(CASE WHEN form = 'garden' AND field = 'covered' AND disputed = 0 THEN CAST(figure AS HUGEINT) END) AS "garden.covered"
  FROM placed
  WHERE correction = newest_of_field
  GROUP BY organisation, form, period, first_day, last_day
),

-- Что видно из окон, ближайшее впереди.
sighted AS (
  SELECT s.look AS look, r.organisation AS organisation, r.first_day AS first_day, r.last_day AS last_day,
    s.nearness AS nearness, s.covers AS covers,
    row_number() OVER (
      PARTITION BY s.look, r.organisation ORDER BY s.nearness, r.first_day DESC, r.last_day DESC
    ) AS place,
    r."garden.children" AS "garden.children",
    r."garden.covered" AS "garden.covered"
  FROM reports r
  JOIN sights s ON s.form = r.form
  WHERE r.taken = 1 AND (s.period = r.period)
),

-- Все отчёты внутри окна, а если их нет — один ближайший. Месяцы рядом со своим кварталом
-- не складываются и не усредняются второй раз.
chosen AS (
  SELECT look, organisation, nearness,
    row_number() OVER (PARTITION BY look, organisation ORDER BY last_day, first_day) AS age,
    "garden.children",
    CASE WHEN "garden.children" IS NOT NULL THEN covers ELSE 0 END AS "garden.children covers",
    "garden.covered",
    CASE WHEN "garden.covered" IS NOT NULL THEN covers ELSE 0 END AS "garden.covered covers"
  FROM sighted
  WHERE nearness = 0 OR place = 1
),

-- Отчёты окна сложены по over_time: последнее, сумма, среднее, наибольшее.
folded AS (
  SELECT look, organisation, max(nearness) AS nearness,
    arg_max("garden.children", age) AS "garden.children", bit_or("garden.children covers") AS "garden.children covers",
    arg_max("garden.covered", age) AS "garden.covered", bit_or("garden.covered covers") AS "garden.covered covers"
  FROM chosen
  GROUP BY look, organisation
),

-- Реестра нет: берутся все, кто отчитался, и никто ничего не должен. У кого из присланного
-- ничего не принято, тот тоже назван: данных не хватает.
owing AS (
  SELECT look, organisation, 0 AS owed, 0 AS last_owed FROM folded
  UNION DISTINCT
  SELECT s.look AS look, r.organisation AS organisation, 0 AS owed, 0 AS last_owed
  FROM reports r
  JOIN sights s ON s.form = r.form AND s.period = r.period
  WHERE s.nearness = 0 AND r.faulty = 1
),

-- Что организация даёт показателю по одной форме. gives = 0 — не хватает хотя бы одного нужного
-- поля: числитель никогда не входит без знаменателя. gap = 1 — чего-то нет или взято прежнее.
parts AS (
  SELECT u.indicator AS indicator, u.form AS form, o.organisation AS organisation,
    CASE WHEN f.organisation IS NULL THEN 0 ELSE CASE
      WHEN u.indicator = 'share' AND u.form = 'garden' THEN CASE WHEN f."garden.children" IS NULL OR f."garden.covered" IS NULL THEN 0 ELSE 1 END
      WHEN u.indicator = 'each' AND u.form = 'garden' THEN CASE WHEN f."garden.children" IS NULL THEN 0 ELSE 1 END
      ELSE 1
    END END AS gives,
    CASE
      WHEN u.indicator = 'share' AND u.form = 'garden' THEN CASE WHEN f.nearness = 100 OR f."garden.children" IS NULL OR (f."garden.children covers" & o.last_owed) <> o.last_owed OR f."garden.covered" IS NULL OR (f."garden.covered covers" & o.last_owed) <> o.last_owed THEN 1 ELSE 0 END
      WHEN u.indicator = 'each' AND u.form = 'garden' THEN CASE WHEN f.nearness = 100 OR f."garden.children" IS NULL OR (f."garden.children covers" & o.last_owed) <> o.last_owed THEN 1 ELSE 0 END
      ELSE 0
    END AS gap,
    f."garden.children" AS "garden.children",
    f."garden.covered" AS "garden.covered"
  FROM uses u
  JOIN owing o ON o.look = u.look
  LEFT JOIN folded f ON f.look = o.look AND f.organisation = o.organisation
  WHERE u.must_owe = 0 OR o.last_owed = u.must_owe
),

-- Кто отчитался.
register AS (
  SELECT row_number() OVER (ORDER BY organisation) AS position, organisation, organisation AS id, '' AS kind, 1 AS is_open
  FROM (SELECT DISTINCT organisation FROM owing) known
),

-- То же по всем формам показателя вместе.
given AS (
  SELECT p.indicator AS indicator, p.organisation AS organisation, count(*) AS forms, min(p.gives) AS gives, max(p.gap) AS gap,
    max(CASE WHEN p.form = 'garden' THEN 1 ELSE 0 END) AS "garden owes",
    max(CASE WHEN 1 = 0 THEN CAST(0 AS HUGEINT) END) AS "organisations(garden)",
    max(CASE WHEN p.gives = 1 THEN p."garden.children" END) AS "garden.children",
    max(CASE WHEN p.gives = 1 THEN p."garden.covered" END) AS "garden.covered"
  FROM parts p
  GROUP BY p.indicator, p.organisation
),

-- Организация, у которой часть больше целого (share), в показатель не входит.
entering AS (
  SELECT indicator, organisation, CASE WHEN exceeds = 1 THEN 1 ELSE gap END AS gap, "garden owes",
    CASE WHEN exceeds = 0 THEN "garden.children" END AS "garden.children",
    CASE WHEN exceeds = 0 THEN "garden.covered" END AS "garden.covered"
  FROM (
    SELECT given.*, coalesce(CASE
      WHEN indicator = 'share' THEN CASE WHEN gives = 1 AND forms = 1 AND "garden.covered" > "garden.children" THEN 1 ELSE 0 END
    END, 0) AS exceeds
    FROM given
  ) checked
),

-- Уровни: part 0 — все организации вместе, part 1 — строки разбивки.
members AS (
  SELECT 0 AS part, 0 AS position, '' AS level, r.organisation AS organisation, r.kind AS kind, r.is_open AS is_open
  FROM register r
  UNION ALL
  SELECT 1 AS part, r.position AS position, r.kind AS level, r.organisation AS organisation, r.kind AS kind, r.is_open AS is_open
  FROM register r
),

-- Суммы по уровням: формула считается от сумм, среднее из долей не берётся нигде.
sums AS (
  SELECT i.indicator AS indicator, m.part AS part, m.level AS level,
    min(m.position) AS position,
    max(coalesce(e.gap, 0)) AS gap,
    max(CASE WHEN e.organisation IS NOT NULL THEN 1 ELSE 0 END) AS owes,
    max(coalesce(e."garden owes", 0)) AS "garden owes",
    sum(CASE WHEN 1 = 0 THEN CAST(0 AS HUGEINT) END) AS "organisations(garden)",
    sum(e."garden.children") AS "garden.children",
    sum(e."garden.covered") AS "garden.covered"
  FROM members m
  CROSS JOIN (
    SELECT 'share' AS indicator
    UNION ALL SELECT 'each' AS indicator
  ) i
  LEFT JOIN entering e ON e.indicator = i.indicator AND e.organisation = m.organisation
  GROUP BY i.indicator, m.part, m.level
  HAVING m.part = 0 OR max(CASE WHEN e.organisation IS NOT NULL OR (i.indicator = 'each' AND m.is_open = 1 AND m.kind = 'garden') THEN 1 ELSE 0 END) = 1
),

-- Числитель и знаменатель по формулам показателей. Нет слагаемого — нет и значения.
ratios AS (
  SELECT indicator, part, level, position, gap,
    CASE
      WHEN indicator = 'share' THEN "garden.covered"
      WHEN indicator = 'each' THEN "garden.children"
    END AS numerator,
    CASE
      WHEN indicator = 'share' THEN "garden.children"
      WHEN indicator = 'each' THEN "organisations(garden)"
    END AS denominator
  FROM (
    SELECT indicator, part, level, position, gap, "garden.children", "garden.covered", "organisations(garden)"
    FROM sums
  ) operands
),

-- Значение показателя — дробь top / bottom, точно. Доля всех вместе больше целого (share) —
-- ошибка: значения нет.
actuals AS (
  SELECT indicator, part, level, position, gap, numerator, denominator,
    CASE WHEN bottom < 0 THEN -top ELSE top END AS top,
    CASE WHEN bottom < 0 THEN -bottom ELSE bottom END AS bottom
  FROM (
    SELECT indicator, part, level, position, gap, numerator, denominator,
    CASE WHEN part = 0 AND coalesce(CASE
      WHEN indicator = 'share' THEN CASE WHEN "numerator" > "denominator" THEN 1 ELSE 0 END
    END, 0) = 1 THEN NULL ELSE "numerator" * 100 END AS top,
    nullif("denominator", 0) AS bottom
    FROM ratios
  ) signed
),

-- Значение, каким его печатают: округлено до знаков показателя, половина — от нуля.
printed AS (
  SELECT rounded.*, CASE WHEN top < 0 THEN -size ELSE size END AS printed
  FROM (
    SELECT actuals.*, ((CASE WHEN top < 0 THEN -top ELSE top END) * CASE
      WHEN indicator = 'share' THEN 20
      WHEN indicator = 'each' THEN 200
    END + bottom) // (bottom * 2) AS size
    FROM actuals
  ) rounded
),

-- Что показать, целыми числами последних знаков. У чего нет конечной десятичной записи, то стоит
-- дробью (…_fraction).
shown AS (
  SELECT indicator, part, level, position, gap, top, bottom, printed,
    numerator AS numerator_digits,
    CASE WHEN 1 = 0 THEN '' END AS numerator_fraction,
    denominator AS denominator_digits,
    CASE WHEN 1 = 0 THEN '' END AS denominator_fraction,
    CASE
      WHEN indicator = 'share' THEN printed * 10
      WHEN indicator = 'each' THEN printed
    END AS actual_digits
  FROM printed
)

-- Ответ. У строк разбивки нет вывода, если цель — количество: она поставлена всем вместе.
SELECT
  a.proposal AS proposal,
  CASE WHEN a.indicator <> '' THEN a.indicator END AS indicator,
  CAST(v.numerator_digits AS DECIMAL(38, 0)) AS numerator,
  CAST(v.denominator_digits AS DECIMAL(38, 0)) AS denominator,
  CAST(v.actual_digits AS DECIMAL(38, 0)) * CAST('0.01' AS DECIMAL(2, 2)) AS actual,
  CASE
    WHEN v.part = 1 AND a.row_number IN (2) THEN NULL
    WHEN a.row_number IN (2) THEN 'watch'
    WHEN a.row_number = 1 THEN -- не меньше 50
      CASE WHEN v.top IS NULL OR v.bottom IS NULL THEN 'no_data' WHEN v.top >= v.bottom * 50 THEN 'met' ELSE 'open' END
  END AS status,
  coalesce(v.gap, 0) = 1 AS provisional,
  CASE WHEN v.part = 1 THEN v.level END AS kind,
  v.numerator_fraction AS numerator_fraction,
  v.denominator_fraction AS denominator_fraction
FROM answer a
LEFT JOIN shown v ON v.indicator = a.indicator
ORDER BY a.row_number, coalesce(v.part, 0), v.position;
