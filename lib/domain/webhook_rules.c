/* The schedule is the one that Standard Webhooks gives as an example. */
#include "domain/webhook_rules.h"
#include <stddef.h>
#include "base/attr.h"

static const int32_t waits_s[] = {5,         5 * 60,    30 * 60,
                                  2 * 3600,  5 * 3600,  10 * 3600,
                                  14 * 3600, 20 * 3600, 24 * 3600};
_Static_assert(ARRAY_LEN(waits_s) == WEBHOOK_TRIES - 1, "one before each try");

/* Answers of a receiver, or of what stands before it, that has too much to do;
 * for how long it is left alone when it does not say. */
static const struct {
    int status, slow_s;
} slow[] = {{429, 60}, {502, 60}, {503, 0}, {504, 60}};

enum { OK_FIRST = 200, OK_LAST = 299, GONE = 410 };

static int64_t least(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

static int slow_s(const struct webhook_outcome *o)
{
    for (size_t i = 0; i < ARRAY_LEN(slow); i++)
        if (slow[i].status == o->status)
            return o->retry_after_s > 0
                       ? (int)least(o->retry_after_s, WEBHOOK_SLOW_MOST_S)
                       : slow[i].slow_s;
    return 0;
}

static int64_t delay_ms(const struct webhook_outcome *o, int attempt,
                        uint32_t luck)
{
    const int64_t wait_ms = (int64_t)waits_s[attempt - 1] * 1000;
    const int64_t spread =
        (int64_t)((uint64_t)luck * (uint64_t)(wait_ms / 5) >> 32);
    const int64_t mine = wait_ms - wait_ms / 10 + spread;
    const int64_t asked = least(o->retry_after_s, WEBHOOK_LATER_MOST_S) * 1000;
    return asked > mine ? asked + spread : mine;
}

struct webhook_verdict webhook_rules_judge(const struct webhook_outcome *o,
                                           int attempt, uint32_t luck)
{
    if (!o->error && o->status >= OK_FIRST && o->status <= OK_LAST)
        return (struct webhook_verdict){.word = "delivered"};
    if (!o->error && o->status == GONE)
        return (struct webhook_verdict){.word = "gone"};
    const int pause_s = o->error ? 0 : slow_s(o);
    if (attempt >= WEBHOOK_TRIES)
        return (struct webhook_verdict){.word = "given_up", .slow_s = pause_s};
    return (struct webhook_verdict){
        .word = "failed",
        .slow_s = pause_s,
        .delay_ms = delay_ms(o, attempt < 1 ? 1 : attempt, luck)};
}
