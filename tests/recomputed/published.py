"""What a pack says: the internal edition's files as they lie in its folder, and the words of its page."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

_CODES = dict.fromkeys(("insee", "territory", "local_id", "commune_insee", "demarche_id"), str)
_UNSEEN = re.compile(r"<(style|script|svg)\b.*?</\1>", re.DOTALL)


@dataclass(frozen=True)
class Pack:
    """One published folder; `read` gives a file's bytes by its name, or None where the pack has no such file."""

    read: Callable[[str], bytes | None]

    def table(self, name: str, **where: object) -> pd.DataFrame:
        """The rows of a CSV or Parquet file for which each column of `where` has its value; none where it is absent."""
        content = self.read(name)
        if content is None:
            return pd.DataFrame(columns=list(where))
        stream = io.BytesIO(content)
        rows = pd.read_parquet(stream) if name.endswith(".parquet") else pd.read_csv(stream, dtype=_CODES)
        for column, value in where.items():
            rows = rows[rows[column] == value]
        return rows

    def column(self, name: str, column: str, **where: object) -> list[object]:
        """One column of `table`; [] where the pack has no such file."""
        rows = self.table(name, **where)
        return rows[column].tolist() if len(rows) else []

    def figure(self, key: str, dimension: str | None = None, column: str = "value") -> float | str | None:
        """A figure of indicateurs.csv, or what `column` says of it; None where it is not computed."""
        rows = self.table("indicateurs.csv", key=key)
        asked = rows["dimension"].isna() if dimension is None else rows["dimension"] == dimension
        (found,) = rows.loc[asked, column]
        return None if pd.isna(found) else found

    def access(self, column: str, threshold: int) -> float:
        """A figure of parts-acces.csv, of fixed France services."""
        (found,) = self.column("parts-acces.csv", column, service="france_services", threshold=threshold)
        return float(str(found))

    def says(self, *phrases: str) -> bool:
        """Whether the page says each of these words, spaces of any kind being one."""
        page = self.read("dossier.html")
        assert page is not None
        seen = html.unescape(re.sub(r"<[^>]+>", " ", _UNSEEN.sub("", page.decode())))
        seen = " ".join(seen.split())
        return all(phrase in seen for phrase in phrases)
