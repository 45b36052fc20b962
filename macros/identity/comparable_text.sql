{#
    SQL: a text as it is compared: small letters without accents, no punctuation; null when nothing is left.

    Usage:   {{ comparable_text('last_name') }}  →  'oneill' for ' O''Neill'
#}
{% macro comparable_text(column) -%}
    {%- set accents = 'àáâãäåāăąçćčďđèéêëēėęěğìíîïīıłĺľñńňòóôõöøőřśşšťţùúûüūůűýÿźżžß' -%}
    {%- set letters = 'aaaaaaaaacccddeeeeeeeegiiiiiilllnnnooooooorsssttuuuuuuuyyzzzs' -%}
    {%- set dropped = ".,;:''\"`´’_-–/()[]!?*#+&§°¡¢£¤¥¦¨©ª«¬®¯±²³¶·¸¹º»¼½¾¿€‚ƒ„…†‡" -%}
    {#- translate takes most of the time, and most names are plain -#}
    nullif(trim(
            case
                when {{ consists_of('lower(' ~ column ~ ')', 'a-z0-9 ') }} then lower({{ column }})
                else translate(lower({{ column }}), '{{ accents }}{{ dropped }}', '{{ letters }}')
            end
        ), '')
{%- endmacro %}
