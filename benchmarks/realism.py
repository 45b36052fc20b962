"""The made-up company beside a real shop: what their customers do, in figures and in a picture.

Usage:  python -m benchmarks.realism FILE… (Online Retail II: UCI's files) [--picture FILE]
        make bench-realism DATA="file file"

Makes the demo's world (20,000 people, 3 years), and loads Online Retail II by the project's own
staging rules: lines with a customer, a positive quantity and a positive price, once each. Prints
Markdown, and draws docs/images/realism.svg.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import duckdb
import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from benchmarks.made_up import made_up_world
from regulars.demo.settings import Settings
from regulars.project import project_folder

INK, SOFT, GRID = "#1f2933", "#616e7c", "#e4e7eb"
MADE_UP, REAL = "#0f766e", "#d97706"
MONTHS = "JFMAMJJASOND"
Numbers = NDArray[Any]

OF_RETAIL = """
create table orders as
select customer_id as customer, min(event_date) as day, sum(revenue_amount)::double as amount,
    sum(lines_count) as lines
from built.timeline.timeline_orders group by customer_id, source_name, order_id
"""


@dataclass(frozen=True)
class Shop:
    """What a shop's customers do.

    Attributes:
        name: as in the legend.
        orders_each: orders per customer, whole log.
        gaps: days between two order days of a customer.
        lines: lines per order.
        shares: cumulated share of revenue, best customers first, at every hundredth of them.
        months: orders per day in January … December, over the mean.
    """

    name: str
    orders_each: Numbers
    gaps: Numbers
    lines: Numbers
    shares: Numbers
    months: Numbers


def shop_of(name: str, connection: duckdb.DuckDBPyConnection) -> Shop:
    """Measures the table `orders` of a connection; seasons over whole years only."""

    def column(sql: str) -> Numbers:
        (values,) = connection.execute(sql).fetchnumpy().values()
        return np.asarray(values)

    spent = np.sort(column("select sum(amount) from orders group by customer"))[::-1]
    running = np.concatenate(([0.0], np.cumsum(spent) / spent.sum()))
    at = (np.arange(101) / 100 * len(spent)).round().astype(int)
    months = column(
        """
        with whole as (
            select * from orders
            where day >= (select max(day) + 1 - to_years(date_diff('year', min(day), max(day)))
                          from orders)
        ),
        days as (
            select unnest(range((select min(day) from whole), (select max(day) + 1 from whole),
                                interval 1 day))::date as day
        )
        select count(customer) / count(distinct days.day)
        from days left join whole using (day) group by month(days.day) order by month(days.day)
        """
    )
    return Shop(
        name,
        column("select count(*) from orders group by customer"),
        column(
            "select gap from (select day - lag(day) over (partition by customer order by day)"
            " as gap from (select distinct customer, day from orders)) where gap is not null"
        ),
        column("select lines from orders"),
        running[at],
        months / months.mean(),
    )


def made_up() -> tuple[Shop, list[tuple[str, int, float, float, float]]]:
    """The demo's world, and its messages: channel, sent, opened, clicked, unsubscribed."""
    connection = made_up_world(Settings(20_000, 3))
    messages = connection.execute(
        """
        with answers as (
            select channel, count(*) filter (kind = 'open') as opens,
                count(*) filter (kind = 'click') as clicks,
                count(*) filter (kind = 'unsubscribe') as leaves
            from raw_messages.responses group by all
        ),
        sent as (
            select channel, count(distinct message_id) as n from raw_messages.sends group by all
        )
        select channel, n, coalesce(opens / n, 0), coalesce(clicks / n, 0), coalesce(leaves / n, 0)
        from sent left join answers using (channel) order by n desc
        """
    ).fetchall()
    return shop_of("the demo, 20,000 people", connection), messages


def real(files: list[str]) -> Shop:
    """Online Retail II, loaded and built to its timeline by the project itself."""
    with tempfile.TemporaryDirectory() as home:
        where = {"REGULARS_HOME": home, "REGULARS_PROJECT": str(project_folder())}
        commands = Path(sys.executable).parent
        for command in (
            ["regulars", "load", "online-retail", *files],
            ["regulars", "build", "--target", "retail", "--select", "+timeline_orders"],
        ):
            subprocess.run(
                [str(commands / command[0]), *command[1:]],
                env=os.environ | where,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        connection = duckdb.connect()
        file = Path(home) / "warehouse" / "retail.duckdb"
        connection.execute(f"attach '{file}' as built (read_only)")
        connection.execute(OF_RETAIL)
        return shop_of("Online Retail II", connection)


def table(shops: tuple[Shop, Shop]) -> str:
    """Markdown: the figures of both, side by side."""

    def quantiles(values: Numbers) -> str:
        return " / ".join(f"{value:,.0f}" for value in np.quantile(values, (0.25, 0.5, 0.75, 0.9)))

    rows: dict[str, Callable[[Shop], str]] = {
        "customers who bought": lambda s: f"{len(s.orders_each):,}",
        "orders": lambda s: f"{len(s.lines):,}",
        "orders per customer: mean": lambda s: f"{s.orders_each.mean():.1f}",
        "… quartiles and 90%": lambda s: quantiles(s.orders_each),
        "bought once": lambda s: f"{(s.orders_each == 1).mean():.1%}",
        "days between orders: quartiles and 90%": lambda s: quantiles(s.gaps),
        "lines per order: quartiles and 90%": lambda s: quantiles(s.lines),
        "revenue of the best tenth": lambda s: f"{s.shares[10]:.1%}",
        "busiest month over the mean": lambda s: f"{s.months.max():.2f}",
        "quietest month over the mean": lambda s: f"{s.months.min():.2f}",
    }
    lines = [f"| | {shops[0].name} | {shops[1].name} |", "|---|---|---|"]
    lines += [f"| {name} | {show(shops[0])} | {show(shops[1])} |" for name, show in rows.items()]
    return "\n".join(lines)


def draw(
    shops: tuple[Shop, Shop], messages: list[tuple[str, int, float, float, float]], file: Path
) -> None:
    """Six panels, as SVG with its text as text."""
    mpl.rcParams.update({
        "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 9,
        "text.color": INK, "axes.labelcolor": SOFT, "xtick.color": SOFT, "ytick.color": SOFT,
        "axes.edgecolor": GRID, "axes.spines.top": False, "axes.spines.right": False,
        "svg.fonttype": "path", "svg.hashsalt": "regulars",
    })  # fmt: skip
    figure, panels = plt.subplots(2, 3, figsize=(11, 6.6))
    figure.set_layout_engine(ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.14))
    colours = (MADE_UP, REAL)
    (orders, gaps, lines), (revenue, months, mail) = panels

    _bars(orders, [_shares(s.orders_each, [1, 2, 3, 4, 6, 11, 21, 51]) for s in shops], colours)
    _label(orders, "Orders per customer", "% of customers")
    orders.set_xticks(range(8), ["1", "2", "3", "–5", "–10", "–20", "–50", "51+"])
    _bars(gaps, [_shares(s.gaps, [1, 8, 15, 31, 61, 91, 181]) for s in shops], colours)
    _label(gaps, "Days between orders", "% of gaps")
    gaps.set_xticks(range(7), ["1–7", "–14", "–30", "–60", "–90", "–180", "181+"])
    _bars(lines, [_shares(s.lines, [1, 2, 3, 5, 9, 17, 33]) for s in shops], colours)
    _label(lines, "Lines per order", "% of orders")
    lines.set_xticks(range(7), ["1", "2", "–4", "–8", "–16", "–32", "33+"])

    for shop, colour in zip(shops, colours, strict=True):
        revenue.plot(range(101), shop.shares * 100, color=colour, linewidth=2)
        months.plot(range(12), shop.months, color=colour, linewidth=2, marker="o", markersize=3.5)
    revenue.axvline(10, color=SOFT, linewidth=0.8, linestyle=(0, (3, 3)))
    _label(revenue, "Revenue by the best customers", "% of revenue")
    revenue.set(xlim=(0, 100), ylim=(0, 101), xlabel="% of customers, best first")
    _label(months, "Seasons", "orders per day over the mean")
    months.set_xticks(range(12), list(MONTHS))
    months.set_ylim(bottom=0)

    names = {"email": "e-mail", "sms": "SMS", "push": "push", "mail": "letters"}
    place = np.arange(len(messages))
    for shift, (share, label, colour) in enumerate(
        ((2, "opened", MADE_UP), (3, "clicked", "#5eead4"), (4, "unsubscribed", SOFT))
    ):
        height = [row[share] * 100 for row in messages]
        bars = mail.bar(place + (shift - 1) * 0.27, height, 0.25, color=colour, label=label)
        texts = [f"{value:.2g}" if value else "" for value in height]
        mail.bar_label(bars, texts, padding=1, fontsize=7, color=SOFT)
    _label(mail, "What comes of the demo's messages", "% of messages")
    mail.set_xticks(place, [names[row[0]] for row in messages])
    mail.legend(frameon=False, fontsize=8, loc="upper right")

    handles = [Line2D([], [], color=c, linewidth=6) for c in colours]
    figure.legend(
        handles, [s.name for s in shops], loc="outside upper left", ncols=2, frameon=False,
        fontsize=10,
    )  # fmt: skip
    figure.savefig(file, metadata={"Date": None})


def _shares(values: Numbers, edges: list[int]) -> Numbers:
    counts, _ = np.histogram(values, [*edges, np.inf])
    shares: Numbers = counts / counts.sum()
    return shares


def _bars(axes: Axes, both: list[Numbers], colours: tuple[str, str]) -> None:
    for shift, shares, colour in zip((-0.2, 0.2), both, colours, strict=True):
        axes.bar(np.arange(len(shares)) + shift, shares * 100, 0.38, color=colour)


def _label(axes: Axes, title: str, unit: str) -> None:
    axes.set_title(title, loc="left", fontsize=10.5, fontweight="bold", pad=16)
    axes.text(0, 1.03, unit, transform=axes.transAxes, fontsize=8, color=SOFT)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=8)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True))
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    default=project_folder() / "docs" / "images" / "realism.svg",
)
def main(files: tuple[str, ...], picture: Path) -> None:
    """Measures both shops, prints the figures and draws the picture."""
    demo, messages = made_up()
    shops = (demo, real([str(Path(file).resolve()) for file in files]))
    draw(shops, messages, picture)
    click.echo(table(shops))
    click.echo("\n| channel | messages | opened | clicked | unsubscribed |\n|---|---|---|---|---|")
    for channel, sent, opened, clicked, left in messages:
        click.echo(f"| {channel} | {sent:,} | {opened:.1%} | {clicked:.1%} | {left:.2%} |")


if __name__ == "__main__":
    main()
