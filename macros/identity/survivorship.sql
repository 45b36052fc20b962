{#
    The groups of columns that survive together (var identity_survivorship), checked.

    Result:  a list of {name, columns, rule}; a group is named after its first column.
    Usage:   {% for group in survivorship() %} … {{ group.name }} … {% endfor %}
#}
{% macro survivorship() %}
    {% set known = [
        'first_name', 'last_name', 'birth_date', 'email', 'phone', 'address', 'city', 'postcode', 'country',
    ] %}
    {% set rules = ['most_recent', 'most_trusted', 'most_frequent'] %}
    {% set groups, seen = [], [] %}
    {% for entry in var('identity_survivorship') %}
        {% set columns = entry['columns'] if entry is mapping else none %}
        {% if not columns or columns is string or columns is not sequence %}
            {% do exceptions.raise_compiler_error(
                "The var identity_survivorship must be a list of entries such as"
                ~ " {columns: [email], rule: most_recent}."
            ) %}
        {% endif %}
        {% if entry['rule'] not in rules %}
            {% do exceptions.raise_compiler_error(
                "The var identity_survivorship gives " ~ columns | join(', ') ~ " the rule '" ~ entry['rule']
                ~ "': write " ~ rules | join(', ') ~ "."
            ) %}
        {% endif %}
        {% for column in columns %}
            {% if column not in known %}
                {% do exceptions.raise_compiler_error(
                    "The var identity_survivorship names the column '" ~ column ~ "': there are "
                    ~ known | join(', ') ~ "."
                ) %}
            {% endif %}
            {% if column in seen %}
                {% do exceptions.raise_compiler_error(
                    "The var identity_survivorship names the column " ~ column ~ " twice: leave one."
                ) %}
            {% endif %}
            {% do seen.append(column) %}
        {% endfor %}
        {% do groups.append({'name': columns[0], 'columns': columns, 'rule': entry['rule']}) %}
    {% endfor %}
    {% for column in known if column not in seen %}
        {% do exceptions.raise_compiler_error(
            "The var identity_survivorship has no rule for the column " ~ column ~ ": add it."
        ) %}
    {% endfor %}
    {{ return(groups) }}
{% endmacro %}

{#
    SQL: how far a source is trusted, 1 the most (var identity_trusted_sources); those that
    aren't named come last.

    Usage:   {{ trust_rank('source_name') }} as trust_rank
#}
{% macro trust_rank(column) -%}
    {%- set sources = var('identity_trusted_sources') -%}
    case
        {%- for source in sources %}
        when {{ column }} = {{ sql_text(source) }} then {{ loop.index }}
        {%- endfor %}
        when true then {{ sources | length + 1 }}
    end
{%- endmacro %}

{#
    SQL: the place of a record's value among those of its customer, the smallest survives; null
    where it has none. The rule comes first, then frequency, trust and recency; they share
    one number, a million for each, because one min() is a tenth of the work of a sort per column.

    Arguments:  group  one of survivorship()
    Usage:      {{ survival_order(group) }} as email_order
#}
{% macro survival_order(group) -%}
    {%- set rarity = '(1000000 - ' ~ group.name ~ '_agreeing_count)' -%}
    {%- set first, second = {
        'most_recent': ['recency_rank', rarity],
        'most_trusted': ['trust_rank', rarity],
        'most_frequent': [rarity, 'trust_rank'],
    }[group.rule] -%}
    case
            when {{ group.name }}_compared is not null
                then
                    case when {{ group.name }}_is_last_resort then 2000000000000000000 else 0 end
                    + {{ first }} * 1000000000000
                    + {{ second }} * 1000000
                    + record_rank
        end
{%- endmacro %}

{#
    SQL: the values of a group of columns as one text that is equal where they mean the same,
    null where all are missing. Case is ignored, and how a phone number is written.

    Usage:   {{ compared_text(['address', 'city']) }} as address_compared
#}
{% macro compared_text(columns) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- do texts.append("coalesce(nullif(digits, ''), lower(phone))" if column == 'phone' else 'lower(' ~ column ~ ')') -%}
    {%- endfor -%}
    {%- if texts | length == 1 -%}
        {{ texts[0] }}
    {%- else -%}
        {%- set parts = [] -%}
        {%- for part in texts -%}
            {%- do parts.extend([] if loop.first else ["'|'"]) -%}
            {%- do parts.append('coalesce(' ~ part ~ ", '')") -%}
        {%- endfor -%}
        case when coalesce({{ columns | join(', ') }}) is not null then {{ dbt.concat(parts) }} end
    {%- endif -%}
{%- endmacro %}

{#
    SQL: whether a text in lower case says nothing: one sign over and over, such as 0000000, or a missing value
    that was written out. That one can't stand in the seed junk_identifiers: dbt loads it as a missing value.
#}
{% macro says_nothing(text) -%}
    (
        {{ text }} = 'null'
        or length({{ text }}) >= 4 and replace({{ text }}, substring({{ text }}, 1, 1), '') = ''
    )
{%- endmacro %}
