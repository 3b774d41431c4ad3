/* What becomes of a webhook after a try: pure, so that hours need no waiting.
 */
#pragma once
#include <stdint.h>

enum {
    WEBHOOK_TRIES = 10,           /* in all, over about three days */
    WEBHOOK_FAILURES = 10,        /* of a receiver in a row, then… */
    WEBHOOK_PAUSE_S = 3600,       /* …it is left alone for so long */
    WEBHOOK_DEAD_S = 5 * 86400,   /* nothing but failures: switched off */
    WEBHOOK_LATER_MOST_S = 86400, /* most that a Retry-After is believed */
    WEBHOOK_SLOW_MOST_S = 3600    /* most that it pauses a receiver for */
};

struct webhook_outcome {
    const char *error; /* a word of wire/outbound.h; NULL: there is a status */
    int status;
    int64_t retry_after_s; /* 0: not said */
};

struct webhook_verdict {
    const char *word; /* delivered; failed: later again; given_up; gone */
    int64_t delay_ms; /* until the next try, when failed */
    int slow_s;       /* the receiver wants to be left alone for so long */
};

/* After the attempt-th try (from 1). luck is 32 random bits: waits differ by a
 * tenth either way, so that those of one moment do not come back together. */
struct webhook_verdict webhook_rules_judge(const struct webhook_outcome *o,
                                           int attempt, uint32_t luck);
