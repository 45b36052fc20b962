"""Which columns, and which texts, may be personal."""

import pytest

from regulars.gates.personal import is_personal, looks_personal

PERSONAL = [
    *("first_name", "last_name", "full_name", "name", "birth_date", "email", "work_email", "EMAIL"),
    *("phone", "mobile_phone", "address", "street", "postcode", "city", "identifier_value"),
    *("attributes", "properties", "row_content", "ip_address", "mail", "birthday", "zip_code"),
]
IMPERSONAL = [
    *("customer_id", "source_record_id", "item_name", "source_name", "offer_name", "feature_name"),
    *("channel", "country", "amount", "as_of_date", "shipping_count", "description"),
    *("rfm_segment", "campaign_id", "emails_count"),
]


@pytest.mark.parametrize("column", PERSONAL)
def test_personal_columns_are_known_by_name(column: str) -> None:
    assert is_personal(column)


@pytest.mark.parametrize("column", IMPERSONAL)
def test_other_columns_are_not(column: str) -> None:
    assert not is_personal(column)


@pytest.mark.parametrize("text", ["ana@mail.example", "+49 151 2345678", '{"a": 1}', "[1]"])
def test_texts_that_look_personal_are_known(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize("text", ["web", "DE", "at_risk", "2026", "A-10"])
def test_other_texts_do_not(text: str) -> None:
    assert not looks_personal(text)
