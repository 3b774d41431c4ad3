/* The arithmetic of limits, pure: two counters of clock windows give a
 * sliding one (decision 0007). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct limit_window {
    int64_t count, window_ms;
    int64_t elapsed_ms; /* since the present window began */
    int64_t previous;   /* accepted in the window before */
    int64_t current;    /* accepted in this one, this request included */
};

/* True when this request still fits. */
bool limit_fits(const struct limit_window *w);
/* Requests that would still fit now. */
int64_t limit_remaining(const struct limit_window *w);
/* Milliseconds until one more request can fit, given that current does not
 * count the one refused. */
int64_t limit_wait_ms(const struct limit_window *w);
/* What process slot of so many may accept alone of a count: the shares of all
 * processes add up to the count exactly, so some may have none. */
int64_t limit_share(int64_t count, int64_t processes, int64_t slot);
