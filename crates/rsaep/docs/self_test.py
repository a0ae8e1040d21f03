"""Prints the known answers of `src/self_test.rs`: Python's `pow`, for numbers that SplitMix64 makes."""

MASK = 2**64 - 1


def number(bits, seed):
    """The words of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators), the highest first."""
    value = 0
    for _ in range(bits // 64):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        word = ((seed ^ seed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        word = ((word ^ word >> 27) * 0x94D049BB133111EB) & MASK
        value = value << 64 | word ^ word >> 31
    return value


def digest(value, bits):
    """FNV-1a on words of 64 bits, the highest first: no change of a single word leaves it as it was."""
    state = 0
    for at in range(bits - 64, -1, -64):
        state = ((state ^ value >> at & MASK) * 0x100000001B3) & MASK
    return state


for bits in [1024, 1984, 2048, 2240, 3008, 3072, 4032, 4096, 4224, 14080]:
    n = number(bits, 0) | 1 << bits - 1 | 1
    print(f"    Case {{ bits: {bits}, answers: [")
    for seed in range(1, 10):
        m = number(bits, seed) % 2 ** (bits - 1)
        print(f"        0x{digest(pow(m, 11, n), bits):016x},")
    print("    ] },")
