{#
    SQL: at one bin of two histograms, how far the shares at or below it lie apart, as a window over their bins. The
    largest over the bins is the Kolmogorov-Smirnov statistic: 0 when they are equal, 1 when they don't overlap. Of bins
    that hold several values it is that of the bins: no more than that of the values. Rounded, so that 0.3 - 0.1 is 0.2.

    Arguments:  now, before              the counts of a bin
                total_now, total_before  the counts of all bins
                by                       the columns that say whose histogram it is
                bin                      what orders the bins
    Usage:      {{ kolmogorov_smirnov_at(…) }} as distance, and then max(distance)
    Source:     Smirnov (1948), Table for estimating the goodness of fit of empirical distributions
#}
{% macro kolmogorov_smirnov_at(now, before, total_now, total_before, by, bin) -%}
    {%- set number = column_type('number') -%}
    {%- set window = 'over (partition by ' ~ by ~ ' order by ' ~ bin ~ ' rows unbounded preceding)' -%}
    round(abs(
            cast(sum({{ now }}) {{ window }} as {{ number }}) / {{ total_now }}
            - cast(sum({{ before }}) {{ window }} as {{ number }}) / {{ total_before }}
        ), 12)
{%- endmacro %}
