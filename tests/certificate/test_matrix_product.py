"""Matrix products in pieces: what one product gives, whatever the sizes, and no piece larger than one core does alone."""

from __future__ import annotations

import numpy as np
import pytest

from allocate.certificate import matrix_product
from allocate.certificate.matrix_product import product


@pytest.mark.parametrize(
    "shapes", [((7, 3), (3, 5)), ((4, 9, 3), (4, 3, 5)), ((0, 3), (3, 5)), ((6, 0), (0, 4)), ((1, 8), (8, 9))]
)
def test_a_product_in_pieces_is_the_product(
    shapes: tuple[tuple[int, ...], ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces of two rows, of one, and the whole at once."""
    left, right = (np.random.default_rng(3).integers(-9, 9, shape).astype(np.float64) for shape in shapes)
    for most in (1, 2 * shapes[1][-1] * shapes[1][-2], matrix_product.ONE_CORE):
        monkeypatch.setattr(matrix_product, "ONE_CORE", most)
        assert np.array_equal(product(left, right), left @ right)
