{#
    The columns of an input and their types: what every staging model of that
    input must provide, in this order. Each row also names its source, the moment
    it was loaded and the file or batch it came from.

    Arguments:  input  'profiles', 'identifiers', 'events', 'items', 'consents',
                       'assignments' or 'offers'
    Result:     a dict of column name → 'text', 'timestamp', 'date', 'amount'
                (decimal(18,4)) or 'boolean'
#}
{% macro input_columns(input) %}
    {% set columns = {
        'profiles': {
            'source_record_id': 'text',
            'first_name': 'text',
            'last_name': 'text',
            'birth_date': 'date',
            'email': 'text',
            'phone': 'text',
            'address': 'text',
            'city': 'text',
            'postcode': 'text',
            'country': 'text',
            'created_at': 'timestamp',
            'updated_at': 'timestamp',
            'attributes': 'text',
        },
        'identifiers': {
            'source_record_id': 'text',
            'identifier_type': 'text',
            'identifier_value': 'text',
            'observed_at': 'timestamp',
        },
        'events': {
            'event_id': 'text',
            'source_record_id': 'text',
            'event_type': 'text',
            'occurred_at': 'timestamp',
            'time_zone': 'text',
            'channel': 'text',
            'item_id': 'text',
            'order_id': 'text',
            'campaign_id': 'text',
            'message_id': 'text',
            'quantity': 'amount',
            'unit_price': 'amount',
            'discount_amount': 'amount',
            'amount': 'amount',
            'currency': 'text',
            'properties': 'text',
        },
        'items': {
            'item_id': 'text',
            'item_name': 'text',
            'category': 'text',
            'subcategory': 'text',
            'brand': 'text',
            'list_price': 'amount',
            'launched_at': 'timestamp',
            'is_available': 'boolean',
            'attributes': 'text',
        },
        'consents': {
            'source_record_id': 'text',
            'channel': 'text',
            'purpose': 'text',
            'is_granted': 'boolean',
            'decided_at': 'timestamp',
        },
        'assignments': {
            'campaign_id': 'text',
            'source_record_id': 'text',
            'arm': 'text',
            'assigned_at': 'timestamp',
        },
        'offers': {
            'offer_id': 'text',
            'offer_name': 'text',
            'valid_from': 'timestamp',
            'valid_to': 'timestamp',
            'rule': 'text',
        },
    }[input] %}
    {% do columns.update({'loaded_at': 'timestamp', 'loaded_from': 'text'}) %}
    {{ return(columns) }}
{% endmacro %}
