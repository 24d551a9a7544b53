"""What is wrong with a statement, told so that its author can mend it: file, line, clause, what, hint."""

from dataclasses import dataclass

from amanat.errors import MalformedError


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding. `level` is `error` (the statement is not put in force) or `warning`."""

    line: int
    clause: str
    code: str
    message: str
    hint: str = ""
    level: str = "error"

    def render(self, file: str) -> str:
        clause = f" clause {self.clause}:" if self.clause else ""
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{file}:{self.line}:{clause} {self.level} {self.code}: {self.message}{hint}"


class StatementError(MalformedError):
    """The statement has errors and is not put in force."""

    def __init__(self, file: str, diagnostics: list[Diagnostic]) -> None:
        self.file = file
        self.diagnostics = sorted(diagnostics)
        super().__init__("\n".join(one.render(file) for one in self.diagnostics))
