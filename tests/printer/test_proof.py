"""An answer proves the job it belongs to, and no other one."""

from __future__ import annotations

import pytest

from printer.answers import Answer
from printer.outcome import printed
from printer.proof import ASK_POSITION, Proofs

HERE = Answer("position", b"\x00")


def name(job_id: int) -> Answer:
    return Answer("block", b"\x37\x22%04X\x00" % job_id)


@pytest.mark.parametrize("ack", ["auto", "gs_r"])
def test_one_answer_about_the_position_is_enough_for_a_printer_with_an_empty_memory(ack):
    assert Proofs(ack).next_for(1).is_complete(HERE)


def test_a_name_proves_its_own_job_only():
    proof = Proofs("process_id").next_for(2)
    assert not proof.is_complete(name(1))
    assert not proof.is_complete(HERE)
    assert proof.is_complete(name(2))


def test_a_job_is_not_proven_by_the_answer_that_an_unproven_one_still_gets():
    proofs = Proofs("gs_r")
    proofs.note(proofs.next_for(1))  # in vain; and the printer could not be made to forget it
    proof = proofs.next_for(2)
    assert proof.request == ASK_POSITION * 2
    assert [proof.is_complete(HERE) for _ in range(2)] == [False, True]


def test_however_many_jobs_stay_unproven_the_next_is_asked_for_once_more_often():
    proofs = Proofs("gs_r")
    to_come = 0
    for job in range(5):
        proof = proofs.next_for(job)
        assert proof.asked > to_come
        to_come += proof.asked
        proofs.note(proof)


def test_a_printer_that_has_forgotten_is_asked_once_again():
    proofs = Proofs("auto")
    proofs.expect_older(15)
    assert proofs.next_for(1).asked == 16
    proofs.forget_older()
    assert proofs.next_for(2).asked == 1


def test_a_printer_that_names_jobs_is_held_to_it():
    proofs = Proofs("auto")
    first = proofs.next_for(1)
    assert first.is_complete(name(1))
    proofs.note(first)
    second = proofs.next_for(2)
    assert not second.is_complete(HERE)
    assert second.is_complete(name(2))


def test_an_older_name_shows_that_positions_may_be_older_too():
    proof = Proofs("auto").next_for(2)
    assert not proof.is_complete(name(1))
    assert not proof.is_complete(HERE)
    assert proof.is_complete(name(2))


def test_another_model_at_the_same_place_may_answer_in_its_own_way():
    proofs = Proofs("auto")
    named = proofs.next_for(1)
    named.is_complete(name(1))
    proofs.note(named)
    nameless = proofs.next_for(2)
    assert not nameless.is_complete(HERE)
    proofs.note(nameless)
    third = proofs.next_for(3)
    assert [third.is_complete(HERE) for _ in range(third.asked)][-1]


def test_a_silent_failure_does_not_make_a_printer_forget_how_it_proves():
    proofs = Proofs("auto")
    named = proofs.next_for(1)
    named.is_complete(name(1))
    proofs.note(named)
    proofs.note(proofs.next_for(2))
    assert not proofs.next_for(3).is_complete(HERE)


def test_a_slip_behind_one_that_can_not_be_removed_is_not_printed_before_it_is(
    device, sender, job, next_job
):
    device.set_fault("no_buffer_clear")
    device.set_fault("slow")
    printer = sender(ack="gs_r", ack_timeout_s=0.1)
    assert printer.print_job(job, 1).state == "unknown"
    assert printer.print_job(next_job, 2).state == "unknown"
    assert device.sheets == []
    device.set_faults([])
    assert printer.print_job(next_job, 3) == printed()
    assert len(device.sheets) == 3
