"""Where charts stand."""

import pytest

from advisor.dashboard.view.tiles import LEAST_HEIGHT, LEAST_WIDTH, tiles


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("size", [(40, 7), (80, 13), (120, 20), (88, 30), (236, 76)])
def test_charts_fill_the_room_without_touching_each_other(count, size):
    placed = tiles(count, 0, size, is_single=False)
    cells = [(x, y) for tile in placed for x in range(tile.x, tile.x + tile.width) for y in range(tile.y, tile.y + tile.height)]
    assert len(cells) == len(set(cells))
    assert all(x < size[0] and y < size[1] for x, y in cells)
    assert max(tile.y + tile.height for tile in placed) == size[1]
    if len(placed) > 1:
        assert all(tile.width >= LEAST_WIDTH - 1 and tile.height >= LEAST_HEIGHT for tile in placed)


def test_where_one_is_over_the_first_has_a_row_of_its_own():
    assert [tile.width for tile in tiles(5, 0, (100, 30), is_single=False)] == [100, 49, 50, 49, 50]


@pytest.mark.parametrize("chosen", range(7))
def test_the_chosen_chart_is_always_shown(chosen):
    assert chosen in {tile.index for tile in tiles(7, chosen, (100, 20), is_single=False)}
