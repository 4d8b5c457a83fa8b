"""Short times with a suitable unit."""


def width_text(width_s: float) -> str:
    """Duration as text with its unit."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if width_s * factor >= 1.0:
            return f"{width_s * factor:.4g} {unit}"
    return f"{width_s * 1e6:.4g} µs"
