/* splitmix64: any seed is as good as another. */
#include "dice.h"

static uint64_t next(struct dice *d)
{
    uint64_t z = d->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

struct dice dice_of(uint32_t seed, uint32_t topic)
{
    return (struct dice){(uint64_t)seed << 32 | topic};
}

int64_t dice_roll(struct dice *d, int64_t lo, int64_t hi)
{
    return lo + (int64_t)(next(d) % (uint64_t)(hi - lo + 1));
}

const char *dice_pick(struct dice *d, const char *const *list, size_t n)
{
    return list[dice_roll(d, 0, (int64_t)n - 1)];
}
