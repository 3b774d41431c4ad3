/* lib/domain/webhook_rules.c: hours without waiting. */
#include "domain/webhook_rules.h"
#include <stddef.h>
#include "base/attr.h"
#include "tap.h"

static struct webhook_verdict judge(const char *error, int status,
                                    int64_t later_s, int attempt, uint32_t luck)
{
    const struct webhook_outcome o = {error, status, later_s};
    return webhook_rules_judge(&o, attempt, luck);
}

/* Seconds between one try and the next, as Standard Webhooks gives them. */
static const int waits_s[] = {5,     300,   1800,  7200, 18000,
                              36000, 50400, 72000, 86400};

static void schedule(void)
{
    int64_t shortest = 0, longest = 0;
    for (int i = 0; i < (int)ARRAY_LEN(waits_s); i++) {
        const int64_t ms = (int64_t)waits_s[i] * 1000;
        const struct webhook_verdict soon = judge("timeout", 0, 0, i + 1, 0),
                                     late = judge("timeout", 0, 0, i + 1,
                                                  UINT32_MAX);
        tap_is_str(soon.word, "failed", "try %d is not the last", i + 1);
        tap_is_int(soon.delay_ms, ms - ms / 10, "a tenth early at most");
        tap_ok(late.delay_ms > ms && late.delay_ms <= ms + ms / 10,
               "a tenth late at most");
        tap_is_int(judge("timeout", 0, 0, i + 1, 1U << 31).delay_ms, ms,
                   "%d s in the middle", waits_s[i]);
        shortest += soon.delay_ms;
        longest += late.delay_ms;
    }
    tap_ok(shortest > 68 * 3600000LL && longest < 84 * 3600000LL,
           "all tries take about three days");
    tap_is_str(judge("timeout", 0, 0, WEBHOOK_TRIES, 0).word, "given_up",
               "the tenth is the last");
    tap_is_str(judge(NULL, 500, 99, WEBHOOK_TRIES + 5, 0).word, "given_up",
               "what comes after it, too");
    tap_is_int(judge("timeout", 0, 0, 0, 0).delay_ms, 4500,
               "what comes before the first counts as it");
}

static void statuses(void)
{
    for (int s = 100; s < 600; s++) {
        const char *want = s >= 200 && s < 300 ? "delivered"
                           : s == 410          ? "gone"
                                               : "failed";
        const struct webhook_verdict v = judge(NULL, s, 0, 3, 7);
        const int slow = s == 429 || s == 502 || s == 504 ? 60 : 0;
        if (strcmp(v.word, want) != 0 || v.slow_s != slow)
            tap_ok(0, "status %d: %s, slow %d", s, v.word, v.slow_s);
    }
    tap_ok(1, "every status is judged");
    tap_is_str(judge("timeout", 200, 0, 1, 0).word, "failed",
               "a 200 that never ended is a failure");
    tap_is_str(judge("tls_failed", 410, 0, 1, 0).word, "failed",
               "a 410 by nobody known switches nothing off");
    tap_is_str(judge(NULL, 410, 0, WEBHOOK_TRIES, 0).word, "gone",
               "410 at the last try");
}

static void later(void)
{
    tap_is_int(judge(NULL, 500, 60, 1, 0).delay_ms, 60000,
               "a later time is kept to");
    tap_is_int(judge(NULL, 500, 60, 2, 1U << 31).delay_ms, 300000,
               "an earlier one is not");
    tap_is_int(judge(NULL, 500, 10000000, 1, 0).delay_ms,
               WEBHOOK_LATER_MOST_S * 1000LL, "nor one of months");
    tap_is_int(judge(NULL, 500, INT64_MAX, 9, UINT32_MAX).delay_ms <=
                   2 * 86400000LL,
               1, "nor one of ages");
    tap_is_int(judge(NULL, 500, -5, 1, 0).delay_ms, 4500,
               "nor one that is past");
    tap_is_int(judge(NULL, 429, 120, 1, 0).slow_s, 120,
               "429 with a time: the receiver is left alone for it");
    tap_is_int(judge(NULL, 429, 99999, 1, 0).slow_s, WEBHOOK_SLOW_MOST_S,
               "for an hour at most");
    tap_is_int(judge(NULL, 503, 30, 1, 0).slow_s, 30, "503 with a time");
    tap_is_int(judge(NULL, 500, 30, 1, 0).slow_s, 0, "500 slows nothing");
    tap_is_int(judge("timeout", 429, 30, 1, 0).slow_s, 0,
               "an answer that never ended neither");
}

int main(void)
{
    schedule();
    statuses();
    later();
    return tap_done();
}
