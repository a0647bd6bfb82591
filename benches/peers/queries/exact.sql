-- The figures of aleysk: a report that comes twice counts once, a cell with a fault counts as not
-- reported, a broken rule leaves out the cells that it names.
with reports as (
    select distinct * from $source where period in ($periods)
),
typed as (
    select period, org_id, has_parent_programme as programme,
        try_cast(children_total as bigint) as total,
        try_cast(children_enrolled as bigint) as enrolled,
        try_cast(children_waiting as bigint) as waiting,
        try_cast(children_5_18 as bigint) as older,
        try_cast(children_in_dop as bigint) as dop,
        try_cast($teachers as decimal(12, 2)) as teachers,
        try_cast(teachers_trained as bigint) as trained,
        try_cast(target_contracts as bigint) as contracts
    from reports
),
ruled as (
    select *,
        coalesce(enrolled > total and total >= 0, false) as too_many_enrolled,
        coalesce(dop > older and older >= 0, false) as too_many_in_dop,
        coalesce(trained > teachers and teachers >= 0, false) as too_many_trained
    from typed
),
accepted as (
    select period, org_id,
        case when total >= 0 and not too_many_enrolled then total end as total,
        case when enrolled >= 0 and not too_many_enrolled then enrolled end as enrolled,
        case when waiting >= 0 then waiting end as waiting,
        case when older >= 0 and not too_many_in_dop then older end as older,
        case when dop >= 0 and not too_many_in_dop then dop end as dop,
        case when teachers >= 0 and not too_many_trained then teachers end as teachers,
        case when trained >= 0 and not too_many_trained then trained end as trained,
        case when contracts >= 0 then contracts end as contracts,
        case programme when 'да' then 1 when 'нет' then 0 end as programme
    from ruled
)
select period,
    count(distinct org_id) filter (
        where coalesce(
            total, enrolled, waiting, older, dop, teachers, trained, contracts, programme
        ) is not null
    ) as organisations,
    sum(total) as "sum-children-total", sum(enrolled) as "sum-children-enrolled",
    sum(waiting) as "sum-children-waiting", sum(older) as "sum-children-5-18",
    sum(dop) as "sum-children-in-dop", sum(teachers) as "sum-teachers-total",
    sum(trained) as "sum-teachers-trained", sum(contracts) as "sum-target-contracts",
    sum(programme) as "sum-has-parent-programme",
    sum(enrolled) filter (where waiting is not null) as "access",
    sum(enrolled + waiting) as "access/",
    sum(dop) filter (where older is not null) as "dop-coverage",
    sum(older) filter (where dop is not null) as "dop-coverage/",
    sum(trained) filter (where teachers is not null) as "teachers-trained",
    sum(teachers) filter (where trained is not null) as "teachers-trained/"
from accepted
group by period
order by period
