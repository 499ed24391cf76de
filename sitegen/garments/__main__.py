"""`python -m sitegen.garments`: draws the masters that the products name and that are missing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from sitegen.garments.masters import draw_masters, plan_masters
from sitegen.garments.picture import TooHeavy
from sitegen.garments.products import BadData, read_orders

CATALOG = Path("content/catalog")

app = typer.Typer(add_completion=False)


@app.command()
def draw(
    catalog: Annotated[Path, typer.Option(help="Folder of the catalogue.")] = CATALOG,
    only: Annotated[str, typer.Option(help="Draw files whose path holds this text.")] = "",
    force: Annotated[bool, typer.Option(help="Draw again what was drawn before.")] = False,
) -> None:
    """Draw the product pictures that are missing; photos are never overwritten."""
    console = Console(stderr=True)
    try:
        plan = plan_masters(catalog, read_orders(catalog), only=only, force=force)
        with Progress(console=console) as progress:
            task = progress.add_task("drawing", total=len(plan.draw))
            for file in draw_masters(catalog, plan.draw):
                progress.update(task, advance=1, description=file)
    except (BadData, TooHeavy, OSError) as error:
        console.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    for file in plan.photos:
        console.print(f"{file}: not drawn here, left alone", markup=False, soft_wrap=True)
    console.print(f"{len(plan.draw)} drawn, {len(plan.present)} already there")


if __name__ == "__main__":
    app()
