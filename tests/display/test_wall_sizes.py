"""How large letters must be: from the screen's size and the farthest seat (standards 2.1)."""

from __future__ import annotations

import pytest

from display.sizes import Needs
from queue_server.config import DisplaySection


def needs(diagonal_inch=55, viewing_distance_m=6):
    return Needs.of(
        DisplaySection(
            key="hall", diagonal_inch=diagonal_inch, viewing_distance_m=viewing_distance_m
        )
    )


@pytest.mark.parametrize(
    ("metres", "number_cm", "history_cm"),
    [(3, 3.7, 1.9), (4, 4.9, 2.6), (6, 7.3, 3.9), (8, 9.8, 5.2), (10, 12.2, 6.5)],
)
def test_a_number_is_read_from_the_farthest_seat(metres, number_cm, history_cm):
    """A-D2: the table of standards 2.1"""
    found = needs(viewing_distance_m=metres)
    assert round(found.number_cm, 1) == number_cm
    assert round(found.history_cm, 1) == history_cm


def test_the_page_knows_the_real_size_of_its_screen():
    """A-D2: centimetres become pixels by the diagonal"""
    assert needs(diagonal_inch=55).diagonal_cm == 139.7
