{#
    The features that Regulars brings, by family: each family is a model feature_<family>. What is
    counted in windows stands once per window of the var feature_windows.

    Result:  a dict of family → list of {name, missing}; missing is 'zero' where nothing happened when
             the family has no row, 'null' where nothing can be said then
    Usage:   {% for family, features in feature_families().items() %} … {{ features[0].name }} …
#}
{% macro feature_families() %}
    {% set channels = var('feature_channels') %}
    {% set message_channels = var('feature_message_channels') %}
    {% set families = {
        'rfmt': {
            'zero': ['has_purchased', 'purchases_count', 'revenue_amount'],
            'null': ['days_since_last_purchase', 'days_since_first_purchase', 'average_order_amount',
                     'largest_order_amount', 'last_order_amount', 'last_order_over_average',
                     'average_order_lines_count', 'average_order_units_count', 'last_order_lines_count'],
        },
        'rhythm': {
            'null': ['mean_gap_days', 'gap_days_deviation', 'gap_variation', 'longest_gap_days', 'last_gap_days',
                     'last_gap_over_mean_gap', 'last_purchase_over_mean_gap'],
        },
        'season': {
            'null': ['purchases_count_next_30d_last_year', 'purchases_count_next_90d_last_year',
                     'purchases_count_90d_last_year', 'revenue_amount_next_90d_last_year'],
        },
        'sequence': {
            'zero': ['active_weeks_count_104w'],
            'null': ['longest_silence_weeks_104w', 'change_weeks_ago_104w', 'change_strength_104w',
                     'autocorrelation_4w', 'autocorrelation_52w', 'mean_weeks_ago_104w'],
        },
        'purchases': {
            'windows': ['purchases_count', 'purchase_days_count', 'purchase_lines_count', 'units_count',
                        'revenue_amount', 'discount_amount'],
            'zero': ['purchases_trend_30d', 'purchases_trend_90d', 'revenue_trend_30d', 'revenue_trend_90d'],
        },
        'products': {
            'windows': ['items_count'],
            'zero': ['items_bought_again_count'],
            'null': ['items_bought_again_share'],
        },
        'breadth': {
            'zero': ['categories_count_365d', 'brands_count_365d'],
            'null': ['top_category_share_365d', 'category_entropy_365d', 'top_brand_share_365d', 'brand_entropy_365d'],
        },
        'prices': {
            'null': ['mean_unit_price_365d', 'price_over_list_price_365d', 'discount_share_365d', 'discount_share_90d',
                     'discounted_lines_share_365d'],
        },
        'returns': {
            'windows': ['returns_count', 'returns_amount'],
            'null': ['days_since_last_return', 'returns_share_365d'],
        },
        'browsing': {
            'windows': ['browsing_days_count', 'page_views_count', 'searches_count', 'cart_adds_count'],
            'zero': ['page_views_since_purchase_count', 'searches_since_purchase_count',
                     'cart_adds_since_purchase_count'],
            'null': ['days_since_last_browsing'],
        },
        'engagement': {
            'windows': ['engagements_count', 'engaged_days_count'],
            'zero': ['tickets_count_90d', 'tickets_count_365d']
                + for_each(channels, ['_engagements_count_90d', '_engagements_count_365d']),
            'null': ['days_since_last_engagement'],
        },
        'channels': {
            'zero': for_each(channels, ['_purchases_count_90d', '_purchases_count_365d'])
                + ['purchase_channels_count_365d'],
            'null': ['top_channel_share_365d'],
        },
        'messages': {
            'zero': for_each(['messages_sent', 'messages_opened', 'messages_clicked'],
                             ['_count_7d', '_count_30d', '_count_90d', '_count_365d'])
                + for_each(message_channels, ['_sent_count_365d', '_opened_count_365d', '_clicked_count_365d'])
                + for_each(message_channels, ['_365d'], 'has_unsubscribed_')
                + ['messages_bounced_count_365d', 'messages_unanswered_count'],
            'null': ['days_since_message_sent', 'days_since_message_opened', 'days_since_message_clicked',
                     'open_rate_90d', 'open_rate_365d', 'click_rate_365d', 'message_pressure_30d'],
        },
        'habits': {
            'null': ['weekend_share_365d', 'morning_share_365d', 'evening_share_365d', 'night_share_365d',
                     'usual_weekday_share_365d'],
        },
        'identity': {
            'zero': ['records_count', 'sources_count', 'new_records_count_90d'],
            'null': ['days_since_new_record'],
        },
        'person': {
            'null': ['profiles_count', 'profile_changes_count', 'days_since_profile_changed',
                     'days_since_profile_created', 'age_years', 'country', 'has_email', 'has_phone', 'has_address'],
        },
    } %}
    {% set found = {} %}
    {% for family, features in families.items() %}
        {% set listed = [] %}
        {% for name in features.get('windows', []) %}
            {% for days in var('feature_windows') %}
                {% do listed.append({'name': name ~ '_' ~ days ~ 'd', 'missing': 'zero'}) %}
            {% endfor %}
        {% endfor %}
        {% for missing in ['zero', 'null'] %}
            {% for name in features.get(missing, []) %}
                {% do listed.append({'name': name, 'missing': missing}) %}
            {% endfor %}
        {% endfor %}
        {% do found.update({family: listed}) %}
    {% endfor %}
    {{ return(found) }}
{% endmacro %}

{# The names that each thing makes with each ending. #}
{% macro for_each(things, endings, beginning='') %}
    {% set names = [] %}
    {% for thing in things %}
        {% for ending in endings %}
            {% do names.append(beginning ~ thing ~ ending) %}
        {% endfor %}
    {% endfor %}
    {{ return(names) }}
{% endmacro %}
