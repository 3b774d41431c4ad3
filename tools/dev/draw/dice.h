/* Numbers that a seed decides. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/* Different topics of one seed give unrelated numbers. */
struct dice dice_of(uint32_t seed, uint32_t topic);
/* From lo to hi, both included. */
int64_t dice_roll(struct dice *d, int64_t lo, int64_t hi);
const char *dice_pick(struct dice *d, const char *const *list, size_t n);
#define DICE_PICK(d, ...)                            \
    dice_pick(d, (const char *const[]){__VA_ARGS__}, \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
