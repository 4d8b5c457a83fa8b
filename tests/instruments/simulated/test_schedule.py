"""What is due in bench time happens strictly in its order, over a world that has advanced to it."""

from math import inf

from instruments.simulated.schedule import Schedule


def schedule_and_course():
    course = []
    return Schedule(course.append), course


def test_the_world_advances_to_each_action_before_it_happens():
    schedule, course = schedule_and_course()
    schedule.at(2.0, lambda: course.append("second"))
    schedule.at(1.0, lambda: course.append("first"))
    schedule.run_until(3.0)
    assert course == [1.0, "first", 2.0, "second", 3.0]


def test_what_is_due_at_the_same_time_is_done_in_the_order_of_asking():
    schedule, course = schedule_and_course()
    for name in "abc":
        schedule.at(1.0, lambda name=name: course.append(name))
    schedule.run_until(1.0)
    assert course == [1.0, "a", "b", "c"]


def test_an_action_may_ask_for_more_within_the_same_time():
    schedule, course = schedule_and_course()
    schedule.at(1.0, lambda: schedule.at(1.5, lambda: course.append("more")))
    schedule.run_until(2.0)
    assert course == [1.0, 1.5, "more", 2.0]


def test_what_is_not_yet_due_waits_and_what_is_never_due_is_forgotten():
    schedule, _ = schedule_and_course()
    schedule.at(inf, lambda: None)
    assert schedule.next_due_s == inf
    schedule.at(5.0, lambda: None)
    schedule.run_until(4.0)
    assert (schedule.now_s, schedule.next_due_s) == (4.0, 5.0)


def test_time_that_has_passed_does_not_come_back():
    schedule, course = schedule_and_course()
    schedule.run_until(2.0)
    schedule.at(1.0, lambda: course.append("late"))
    schedule.run_until(1.5)
    assert course == [2.0]
    schedule.run_until(2.0)
    assert course == [2.0, "late"]
