{#
    SQL: the population stability index between two histograms, an aggregate over their bins:
    0 when they are equal, above 0.25 by convention a major shift. Half a count is added to each
    bin, so that an empty one counts without being infinite; each term is rounded, so that the
    order of summing changes nothing.

    Arguments:  now, before              the counts of a bin
                total_now, total_before  the counts of all bins
                bins                     how many bins there are
    Source:     Siddiqi, Credit Risk Scorecards (2006); Laplace smoothing
#}
{% macro population_stability_index(now, before, total_now, total_before, bins) -%}
    {%- set number = column_type('number') -%}
    {%- set share_now =
        '((cast(' ~ now ~ ' as ' ~ number ~ ') + 0.5) / (' ~ total_now ~ ' + 0.5 * ' ~ bins ~ '))'
    -%}
    {%- set share_before =
        '((cast(' ~ before ~ ' as ' ~ number ~ ') + 0.5) / (' ~ total_before ~ ' + 0.5 * ' ~ bins ~ '))'
    -%}
    cast(sum(cast(
            ({{ share_now }} - {{ share_before }}) * ln({{ share_now }} / {{ share_before }})
            as {{ column_type('fraction') }}
        )) as {{ number }})
{%- endmacro %}
