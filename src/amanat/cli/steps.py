"""What a long command prints while it works: one line a step, with the seconds it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn


class Steps:
    """Steps on a console. A bar inside one is drawn through `report`."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        with self.console.status(name):
            yield
        self.done(name, began)

    @contextmanager
    def bars(self, name: str) -> Iterator[None]:
        """A step that reports how far it is; its bars appear with the first report and go when it is done."""
        began = time.monotonic()
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn())
        self._bars = Progress(*columns, console=self.console, transient=True)
        try:
            yield
        finally:
            self._bars.stop()
            self._bars, self._tasks = None, {}
        self.done(name, began)

    def report(self, label: str, done: int, total: int) -> None:
        """Say that `done` of `total` are done of what `label` names."""
        if self._bars is None:
            return
        if label not in self._tasks:
            self._bars.start()
            self._tasks[label] = self._bars.add_task(label, total=total)
        self._bars.update(self._tasks[label], completed=done, total=total)

    def done(self, name: str, began: float) -> None:
        self.console.print(f"[green]✓[/] {name} [dim]{time.monotonic() - began:.1f} s[/]", highlight=False)
