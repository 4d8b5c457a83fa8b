"""What is due in bench time happens strictly in its order, over a world that has advanced to it."""

from math import inf

from instruments.simulated.agenda import Agenda


def agenda_and_course():
    course = []
    return Agenda(course.append), course


def test_the_world_advances_to_each_action_before_it_happens():
    agenda, course = agenda_and_course()
    agenda.at(2.0, lambda: course.append("second"))
    agenda.at(1.0, lambda: course.append("first"))
    agenda.run_until(3.0)
    assert course == [1.0, "first", 2.0, "second", 3.0]


def test_what_is_due_at_the_same_time_is_done_in_the_order_of_asking():
    agenda, course = agenda_and_course()
    for name in "abc":
        agenda.at(1.0, lambda name=name: course.append(name))
    agenda.run_until(1.0)
    assert course == [1.0, "a", "b", "c"]


def test_an_action_may_ask_for_more_within_the_same_time():
    agenda, course = agenda_and_course()
    agenda.at(1.0, lambda: agenda.at(1.5, lambda: course.append("more")))
    agenda.run_until(2.0)
    assert course == [1.0, 1.5, "more", 2.0]


def test_what_is_not_yet_due_waits_and_what_is_never_due_is_forgotten():
    agenda, _ = agenda_and_course()
    agenda.at(inf, lambda: None)
    assert agenda.next_due_s == inf
    agenda.at(5.0, lambda: None)
    agenda.run_until(4.0)
    assert (agenda.now_s, agenda.next_due_s) == (4.0, 5.0)


def test_time_that_has_passed_does_not_come_back():
    agenda, course = agenda_and_course()
    agenda.run_until(2.0)
    agenda.at(1.0, lambda: course.append("late"))
    agenda.run_until(1.5)
    assert course == [2.0]
    agenda.run_until(2.0)
    assert course == [2.0, "late"]
