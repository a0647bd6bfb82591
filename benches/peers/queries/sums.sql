-- Only adding up: what is written, by month, with what is no number passed over unseen.
select period, count(*) as rows,
    sum(children_total) as children_total, sum(children_enrolled) as children_enrolled,
    sum(children_waiting) as children_waiting, sum(children_5_18) as children_5_18,
    sum(children_in_dop) as children_in_dop, sum(target_contracts) as target_contracts,
    count(*) filter (where has_parent_programme = 'да') as has_parent_programme
from $source
group by period
order by period
