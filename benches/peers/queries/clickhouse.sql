-- Every cell checked, as in check.sql; «н/д» is no number and no value.
with
    ['', 'н/д'] as nothing,
    toInt64OrNull(children_total) as total,
    toInt64OrNull(children_enrolled) as enrolled,
    toInt64OrNull(children_waiting) as waiting,
    toInt64OrNull(children_5_18) as older,
    toInt64OrNull(children_in_dop) as dop,
    toDecimal64OrNull(teachers_total, 2) as teachers,
    toInt64OrNull(teachers_trained) as trained,
    toInt64OrNull(target_contracts) as contracts
select period, count() as rows,
    sum(total) as children_total_sum, sum(enrolled) as children_enrolled_sum,
    sum(waiting) as children_waiting_sum, sum(older) as children_5_18_sum,
    sum(dop) as children_in_dop_sum, sum(contracts) as target_contracts_sum,
    countIf(has_parent_programme = 'да') as has_parent_programme_sum,
    sum(
        has(nothing, children_total) + has(nothing, children_enrolled)
        + has(nothing, children_waiting) + has(nothing, children_5_18)
        + has(nothing, children_in_dop) + has(nothing, teachers_total)
        + has(nothing, teachers_trained) + has(nothing, target_contracts)
        + has(nothing, has_parent_programme)
    ) as `empty-required`,
    sum(
        (total is null) + (enrolled is null) + (waiting is null) + (older is null)
        + (dop is null) + (teachers is null) + (trained is null) + (contracts is null)
    ) + countIf(has(nothing, has_parent_programme)) - `empty-required` as `not-a-number`,
    countIf(total < 0) + countIf(enrolled < 0) + countIf(waiting < 0) + countIf(older < 0)
        + countIf(dop < 0) + countIf(teachers < 0) + countIf(trained < 0) + countIf(contracts < 0)
        as negative,
    countIf(enrolled > total and total >= 0) + countIf(dop > older and older >= 0)
        + countIf(trained > teachers and teachers >= 0) as `rule-broken`,
    countIf(not has(['да', 'нет', '', 'н/д'], has_parent_programme)) as `not-a-flag`,
    countIf(kind not in ('kindergarten', 'school'))
        + countIf(not match(region_code, '^[0-9][0-9]$$')) as `out-of-range`,
    countIf(not match(period, '^[0-9]{4}-(0[1-9]|1[0-2])$$'))
        + countIf(period = '' or org_id = '' or org_name = '') as `no-period`,
    count() - uniqExact(org_id) as `duplicate-report`
from file('$path', 'CSVWithNames', '$columns')
group by period
order by period
