"""Encoders besides the embedded one: any sentence-transformers model, and a cache on disk for any."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpusalign.encode import Encoder
from corpusalign.errors import AlignError

Floats = NDArray[np.float32]

_LABSE = "sentence-transformers/LaBSE"
# Keys asked of the database at a time: below its limit of variables a statement.
_ASKED = 500
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"


class SentenceTransformersEncoder:
    """A sentence-transformers model, by name or local folder; `labse` is LaBSE (Feng et al. 2022).

    Raises AlignError where the extra is not installed, or the model can be had neither locally nor by
    network.
    """

    def __init__(self, model: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise AlignError(
                f"encoder {model}", "needs sentence-transformers", "pip install 'corpusalign[labse]'"
            ) from error
        try:
            self._model: Any = SentenceTransformer(_LABSE if model.lower() == "labse" else model)
        except (OSError, ValueError) as error:
            raise AlignError(
                f"encoder {model}",
                "can be had neither from a local folder nor from the network",
                "give the folder of a downloaded model, or leave the encoder out to use the embedded one",
            ) from error
        self.name = f"sentence-transformers/{Path(model).name}"
        self.dimension = int(self._model.get_sentence_embedding_dimension())

    def encode(self, texts: list[str]) -> Floats:
        """Return one unit-length row a text, shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(
            texts, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)


class CachedEncoder:
    """An encoder whose vectors are kept in a SQLite file, by encoder, its version, and text.

    A run of sentences is then made from sentence vectors, as for any foreign encoder.
    """

    def __init__(self, encoder: Encoder, file: str | Path) -> None:
        self._encoder = encoder
        self._file = Path(file)
        self.name = encoder.name
        self.dimension = encoder.dimension
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as store, store:
                store.execute(_TABLE)
        except (OSError, sqlite3.DatabaseError) as error:
            raise AlignError(
                str(self._file),
                f"cannot hold a vector cache ({error})",
                "name another file, or remove this one",
            ) from error

    def encode(self, texts: list[str]) -> Floats:
        """Return what the encoder returns, from the file where it is there, and put the rest there."""
        keys = [self._key(text) for text in texts]
        with closing(self._open()) as store, store:
            known = self._known(store, list(set(keys)))
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if missing:
                fresh = np.asarray(self._encoder.encode(list(missing.values())), dtype=np.float32)
                known |= dict(zip(missing, fresh, strict=True))
                rows = [(key, known[key].tobytes()) for key in missing]
                store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            vectors[row] = known[key]
        return vectors

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=30)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self.name}\0{text}".encode("utf-8", "surrogatepass")).digest()

    @staticmethod
    def _known(store: sqlite3.Connection, keys: list[bytes]) -> dict[bytes, Floats]:
        known: dict[bytes, Floats] = {}
        for start in range(0, len(keys), _ASKED):
            asked = keys[start : start + _ASKED]
            marks = ",".join("?" * len(asked))
            found = store.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", asked)
            known |= {key: np.frombuffer(vector, dtype=np.float32) for key, vector in found}
        return known
