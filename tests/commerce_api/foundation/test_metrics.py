"""Figures of a process: what they count, how they are told, and that nobody can fill the memory with them."""

from commerce_api.foundation.metrics import MOST_SERIES, Counter, Histogram


def test_a_counter_tells_each_set_of_labels_in_the_text_format() -> None:
    counter = Counter("shop_orders_total", "Orders.", ("outcome",))
    counter.add("placed")
    counter.add("placed", amount=2)
    counter.add('a "b"\n\\c')

    assert counter.lines() == [
        "# HELP shop_orders_total Orders.",
        "# TYPE shop_orders_total counter",
        'shop_orders_total{outcome="placed"} 3',
        'shop_orders_total{outcome="a \\"b\\"\\n\\\\c"} 1',
    ]


def test_a_counter_without_labels_is_told_before_anything_happened() -> None:
    assert Counter("shop_incidents_total", "Incidents.").lines()[-1] == "shop_incidents_total 0"


def test_a_bucket_of_a_histogram_includes_the_smaller_ones() -> None:
    waits = Histogram("wait_seconds", "Waits.", ("pool",), buckets=(0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 30.0):
        waits.observe(seconds, "a")

    assert waits.lines()[2:] == [
        'wait_seconds_bucket{pool="a",le="0.1"} 2',
        'wait_seconds_bucket{pool="a",le="1.0"} 3',
        'wait_seconds_bucket{pool="a",le="+Inf"} 4',
        'wait_seconds_sum{pool="a"} 30.65',
        'wait_seconds_count{pool="a"} 4',
    ]


def test_what_visitors_make_up_cannot_fill_the_memory() -> None:
    counter, histogram = Counter("a", "A.", ("route",)), Histogram("b", "B.", ("route",))
    for number in range(MOST_SERIES + 100):
        counter.add(f"/{number}")
        histogram.observe(0.1, f"/{number}")

    assert counter.read("other") == histogram.count("other") == 100
    assert len(counter.values) == len(histogram.counts) == MOST_SERIES + 1
