-- Every cell checked: what is written, summed up by month, and the faults by the code of aleysk.
-- Everything is read as text, because a typed reading could not tell a missing cell from a wrong one.
with cells as (
    select * from $source
),
typed as (
    select period, region_code, org_id, org_name, kind, has_parent_programme as programme,
        children_total as total_text, try_cast(children_total as bigint) as total,
        children_enrolled as enrolled_text, try_cast(children_enrolled as bigint) as enrolled,
        children_waiting as waiting_text, try_cast(children_waiting as bigint) as waiting,
        children_5_18 as older_text, try_cast(children_5_18 as bigint) as older,
        children_in_dop as dop_text, try_cast(children_in_dop as bigint) as dop,
        $teachers as teachers_text, try_cast($teachers as decimal(12, 2)) as teachers,
        teachers_trained as trained_text, try_cast(teachers_trained as bigint) as trained,
        target_contracts as contracts_text, try_cast(target_contracts as bigint) as contracts
    from cells
)
select period, count(*) as rows,
    sum(total) as children_total, sum(enrolled) as children_enrolled,
    sum(waiting) as children_waiting, sum(older) as children_5_18, sum(dop) as children_in_dop,
    sum(contracts) as target_contracts,
    count(*) filter (where programme = 'да') as has_parent_programme,
    sum(
        (total_text is null)::int + (enrolled_text is null)::int + (waiting_text is null)::int
        + (older_text is null)::int + (dop_text is null)::int + (teachers_text is null)::int
        + (trained_text is null)::int + (contracts_text is null)::int + (programme is null)::int
    ) as "empty-required",
    sum(
        (total is null and total_text is not null)::int
        + (enrolled is null and enrolled_text is not null)::int
        + (waiting is null and waiting_text is not null)::int
        + (older is null and older_text is not null)::int
        + (dop is null and dop_text is not null)::int
        + (teachers is null and teachers_text is not null)::int
        + (trained is null and trained_text is not null)::int
        + (contracts is null and contracts_text is not null)::int
    ) as "not-a-number",
    sum(
        coalesce(total < 0, false)::int + coalesce(enrolled < 0, false)::int
        + coalesce(waiting < 0, false)::int + coalesce(older < 0, false)::int
        + coalesce(dop < 0, false)::int + coalesce(teachers < 0, false)::int
        + coalesce(trained < 0, false)::int + coalesce(contracts < 0, false)::int
    ) as negative,
    count(*) filter (where enrolled > total and total >= 0)
        + count(*) filter (where dop > older and older >= 0)
        + count(*) filter (where trained > teachers and teachers >= 0) as "rule-broken",
    count(*) filter (where programme not in ('да', 'нет')) as "not-a-flag",
    count(*) filter (where kind not in ('kindergarten', 'school'))
        + count(*) filter (where not regexp_full_match(region_code, '[0-9][0-9]'))
        as "out-of-range",
    count(*) filter (where not regexp_full_match(period, '[0-9]{4}-(0[1-9]|1[0-2])'))
        + count(*) filter (where period is null or org_id is null or org_name is null)
        as "no-period",
    count(*) - count(distinct org_id) as "duplicate-report"
from typed
group by period
order by period
