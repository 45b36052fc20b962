"""An airline: routes to eight regions, seats in five classes, a month of departure."""

from regulars.demo.businesses.business import Business, Category

TRAVEL = Business(
    name="travel",
    categories=(
        Category("City Breaks", 0.24, 96.0, 0.06, (
            ("North", ("Berlin-Oslo", "Berlin-Riga", "Paris-Dublin", "Paris-Malmö")),
            ("South", ("Berlin-Rome", "Berlin-Porto", "Paris-Seville", "Paris-Turin")),
        )),
        Category("Mediterranean", 0.20, 134.0, 0.07, (
            ("Islands", ("Berlin-Palma", "Berlin-Ibiza", "Paris-Corfu", "Paris-Malta")),
            ("Coast", ("Berlin-Malaga", "Berlin-Split", "Paris-Nice", "Paris-Antalya")),
        )),
        Category("Canaries", 0.10, 178.0, 0.07, (
            ("West", ("Berlin-La Palma", "Paris-La Palma", "Berlin-Gomera", "Paris-Gomera")),
            ("East", ("Berlin-Lanzarote", "Paris-Lanzarote", "Berlin-Tenerife", "Paris-Tenerife")),
        )),
        Category("Business Shuttle", 0.18, 142.0, 0.12, (
            ("Domestic", ("Berlin-Munich", "Berlin-Cologne", "Paris-Lyon", "Paris-Nantes")),
            ("Cross-Border", ("Berlin-Zurich", "Berlin-Vienna", "Paris-London", "Paris-Brussels")),
        )),
        Category("Alpine", 0.08, 118.0, 0.06, (
            ("Austria", ("Berlin-Innsbruck", "Paris-Innsbruck", "Berlin-Graz", "Paris-Salzburg")),
            ("Swiss", ("Berlin-Geneva", "Paris-Geneva", "Berlin-Bern", "Paris-Lugano")),
        )),
        Category("North Atlantic", 0.09, 520.0, 0.05, (
            ("America", ("Berlin-New York", "Paris-Boston", "Berlin-Chicago", "Paris-Toronto")),
            ("Nordic", ("Berlin-Reykjavik", "Paris-Reykjavik", "Berlin-Nuuk", "Paris-Nuuk")),
        )),
        Category("Asia", 0.07, 640.0, 0.05, (
            ("East Asia", ("Berlin-Tokyo", "Paris-Seoul", "Berlin-Osaka", "Paris-Taipei")),
            ("South Asia", ("Berlin-Bangkok", "Paris-Hanoi", "Berlin-Delhi", "Paris-Colombo")),
        )),
        Category("Africa", 0.04, 410.0, 0.05, (
            ("North Africa", ("Berlin-Tunis", "Paris-Agadir", "Berlin-Cairo", "Paris-Fez")),
            ("South of it", ("Berlin-Nairobi", "Paris-Dakar", "Berlin-Cape Town", "Paris-Accra")),
        )),
    ),
    brands=("Alder Air", "Nordhav Wings", "Petit Vol", "Lumo Jet", "Vento"),
    variants=("Saver Seat", "Economy Seat", "Comfort Seat", "Premium Seat", "Business Seat"),
    months=(1.35, 1.10, 1.05, 1.00, 1.05, 1.10, 1.05, 0.95, 0.90, 0.85, 0.80, 0.80),
    is_dated=True,
    months_ahead=(0.18, 0.24, 0.19, 0.13, 0.10, 0.08, 0.05, 0.03),
    price_spread=0.4,
    lines_per_order=0.8,
)  # fmt: skip
