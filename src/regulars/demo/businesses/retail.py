"""A shop for consumer goods: ten categories, forty products in each."""

from regulars.demo.businesses.business import Business, Category

RETAIL = Business(
    name="retail",
    categories=(
        Category("Kitchen", 0.14, 24.0, 0.04, (
            ("Cookware", ("Frying Pan", "Saucepan", "Casserole", "Wok")),
            ("Coffee & Tea", ("Teapot", "Coffee Press", "Milk Frother", "Mug Set")),
        )),
        Category("Home", 0.13, 29.0, 0.06, (
            ("Textiles", ("Cushion", "Throw", "Bed Linen", "Towel Set")),
            ("Lighting", ("Table Lamp", "Lantern", "Reading Light", "Candle Holder")),
        )),
        Category("Personal Care", 0.13, 11.0, 0.02, (
            ("Skin", ("Face Cream", "Hand Balm", "Body Lotion", "Sun Milk")),
            ("Hair", ("Shampoo", "Conditioner", "Hair Oil", "Brush")),
        )),
        Category("Clothing", 0.15, 38.0, 0.17, (
            ("Tops", ("T-Shirt", "Shirt", "Jumper", "Cardigan")),
            ("Accessories", ("Scarf", "Belt", "Beanie", "Gloves")),
        )),
        Category("Garden", 0.08, 21.0, 0.04, (
            ("Plants", ("Planter", "Herb Kit", "Seed Box", "Watering Can")),
            ("Tools", ("Pruner", "Hand Trowel", "Rake", "Garden Gloves")),
        )),
        Category("Toys", 0.08, 19.0, 0.05, (
            ("Games", ("Board Game", "Card Game", "Puzzle", "Dice Game")),
            ("Wooden Toys", ("Train Set", "Building Blocks", "Pull Toy", "Stacking Tower")),
        )),
        Category("Stationery", 0.08, 9.0, 0.02, (
            ("Paper", ("Notebook", "Planner", "Sketchbook", "Card Set")),
            ("Writing", ("Fountain Pen", "Pencil Set", "Brush Pen", "Ink Bottle")),
        )),
        Category("Food", 0.09, 8.0, 0.01, (
            ("Pantry", ("Olive Oil", "Spice Mix", "Pasta", "Honey")),
            ("Drinks", ("Ground Coffee", "Green Tea", "Cocoa", "Syrup")),
        )),
        Category("Outdoor", 0.07, 47.0, 0.10, (
            ("Camping", ("Sleeping Bag", "Camp Stove", "Headlamp", "Flask")),
            ("Bags", ("Daypack", "Dry Bag", "Hip Pack", "Bike Bag")),
        )),
        Category("Electronics", 0.05, 69.0, 0.09, (
            ("Audio", ("Headphones", "Speaker", "Earbuds", "Radio")),
            ("Gadgets", ("Power Bank", "Charger", "Alarm Clock", "Kitchen Scale")),
        )),
    ),
    brands=(
        "Alder & Ash", "Nordhav", "Petit Jour", "Lumo", "Casa Vento", "Ostwind", "Fjellro", "Marlo",
    ),
    variants=(
        "Classic", "Linea", "Studio", "Terra", "Aurora", "Pure", "Atlas", "Mono", "Vita", "Solo",
    ),
    months=(0.92, 0.86, 0.92, 0.95, 0.98, 0.93, 0.88, 0.86, 0.96, 1.05, 1.45, 1.60),
    is_dated=False,
    months_ahead=(1.0,),
    price_spread=0.55,
    lines_per_order=1.5,
)  # fmt: skip
