#include "web/limit_window.h"
#include <math.h>
#include <stdlib.h>
#include "base/encode.h"
#include "tap.h"

static void arithmetic(void)
{
    struct limit_window w = {.count = 5, .window_ms = 60000,
                             .elapsed_ms = 10000, .current = 5};
    tap_ok(limit_fits(&w), "the fifth of five fits");
    tap_is_int(limit_remaining(&w), 0, "and leaves none");
    tap_is_int(limit_wait_ms(&w), 50000 + 12000,
               "the next: this window's rest, then a fifth slides out");
    w.current = 6;
    tap_ok(!limit_fits(&w), "the sixth does not");
    w = (struct limit_window){.count = 10, .window_ms = 60000,
                              .elapsed_ms = 30000, .previous = 10,
                              .current = 5};
    tap_ok(limit_fits(&w), "half of ten still slides: five more fit");
    w.current = 6;
    tap_ok(!limit_fits(&w), "not six");
    w.current = 5;
    tap_is_int(limit_wait_ms(&w), 6000, "a tenth of the window later");
    w = (struct limit_window){.count = 1, .window_ms = 1000, .current = 1};
    tap_is_int(limit_wait_ms(&w), 2000, "one a second: two clock windows");
}

/* Against a model: a client as greedy as can be, for many windows. After the
 * wait it was told it passes, a millisecond before it does not. */
static void greedy_client(void)
{
    unsigned char seed[64];
    encode_random(seed, sizeof seed);
    int early = 0, late = 0, over = 0;
    for (int k = 0; k < 64; k++) {
        struct limit_window w = {.count = 1 + seed[k] % 50,
                                 .window_ms = 60000};
        int64_t now = seed[(k + 7) % 64] * 200, no = now / 60000;
        for (int steps = 0; steps < 400; steps++) {
            if (now / 60000 != no) {
                w.previous = now / 60000 == no + 1 ? w.current : 0;
                w.current = 0;
                no = now / 60000;
            }
            w.elapsed_ms = now % 60000;
            struct limit_window next = w;
            next.current++;
            if (limit_fits(&next)) {
                w = next;
                over += w.current > w.count;
                continue;
            }
            int64_t wait = limit_wait_ms(&w);
            early += wait <= 0;
            struct limit_window then = w;
            int64_t at = w.elapsed_ms + wait;
            if (at >= 60000) {
                then = (struct limit_window){w.count, 60000, at - 60000,
                                             w.current, 0};
                if (at >= 120000)
                    then = (struct limit_window){w.count, 60000, 0, 0, 0};
            } else {
                then.elapsed_ms = at;
            }
            then.current++;
            late += !limit_fits(&then);
            now += wait > 0 ? wait : 1;
        }
    }
    tap_is_int(over, 0, "never more than the count in a clock window");
    tap_is_int(early, 0, "a refusal always names a wait");
    tap_is_int(late, 0, "after the wait a request passes");
}

/* ---- uniform arrivals, by a clock of our own ----------------------------- */

enum { WINDOW_MS = 60000, WINDOWS = 8, ACCEPTED_MAX = 1 << 14 };

struct run {
    int64_t count;
    double rate;      /* arrivals as a multiple of the limit */
    double from_ms;   /* first one, since a clock window began */
    bool random;      /* at random moments, else evenly spaced */
    int64_t skip_ms;  /* acceptances before this are not looked at */
    /* results */
    double at[ACCEPTED_MAX];
    int n;
    int most; /* accepted in any 60 s, wherever they begin */
    int fewest; /* in any clock window but the first and the last */
};

static double gap_ms(const struct run *r)
{
    double even = WINDOW_MS / (r->rate * (double)r->count);
    return r->random ? -log(1 - drand48()) * even : even;
}

static void accept_all(struct run *r)
{
    struct limit_window w = {.count = r->count, .window_ms = WINDOW_MS};
    int64_t no = 0;
    for (double t = r->from_ms; t < (double)WINDOWS * WINDOW_MS;
         t += gap_ms(r)) {
        int64_t now = (int64_t)t;
        if (now / WINDOW_MS != no) {
            w.previous = now / WINDOW_MS == no + 1 ? w.current : 0;
            w.current = 0;
            no = now / WINDOW_MS;
        }
        w.elapsed_ms = now % WINDOW_MS;
        w.current++;
        if (limit_fits(&w))
            r->at[r->n++] = t;
        else
            w.current--;
    }
}

static void look_at(struct run *r)
{
    int first = 0, per_window[WINDOWS] = {0};
    for (int i = 0; i < r->n; i++) {
        per_window[(int)(r->at[i] / WINDOW_MS)]++;
        while (r->at[first] <= r->at[i] - WINDOW_MS ||
               r->at[first] < (double)r->skip_ms)
            if (++first > i)
                break;
        if (i - first + 1 > r->most)
            r->most = i - first + 1;
    }
    r->fewest = per_window[1];
    for (int k = 2; k < WINDOWS - 1; k++)
        if (per_window[k] < r->fewest)
            r->fewest = per_window[k];
}

static struct run run;

/* The most beyond the limit in any 60 s over many runs, as a share of it;
 * one request more counts as none. */
static double worst(struct run how, double least_rate, bool any_moment,
                    int *too_few)
{
    static const int64_t counts[] = {5, 20, 60, 100, 600};
    static const double rates[] = {0.5, 0.9, 1.1, 1.5, 2, 3, 5, 10, 20};
    double over = 0;
    for (int k = 0; k < 5 * 9 * 4; k++) {
        run = how;
        run.count = counts[k % 5];
        run.rate = rates[k / 5 % 9];
        if (run.rate < least_rate)
            continue;
        if (any_moment)
            run.from_ms = drand48() * WINDOW_MS;
        accept_all(&run);
        look_at(&run);
        double here = (double)(run.most - run.count - 1) / (double)run.count;
        over = here > over ? here : over;
        *too_few += run.rate >= 2 && run.fewest < run.count - 1;
    }
    return over * 100;
}

/* What two counters can promise. Windows begin with a caller's first request
 * (limit_count.c): where arrivals are even, the limit; where their number
 * swings from second to second, nearly; and to one who rests and comes back
 * late in a window, less than twice. */
static void uniform_arrivals(void)
{
    const struct run even = {0}, random = {.random = true},
                     later = {.skip_ms = 2 * WINDOW_MS};
    int too_few = 0, unused = 0;
    srand48(20261127);
    double over = worst(even, 0, false, &too_few);
    tap_ok(over <= 5, "even arrivals: %.1f %% over the limit in any 60 s", over);
    tap_is_int(too_few, 0, "and the limit or one less in every window, "
               "while twice as many arrive");
    over = worst(later, 0, true, &unused);
    tap_ok(over <= 5, "since any moment, after two windows: %.1f %%", over);
    over = worst(random, 5, false, &unused);
    tap_ok(over <= 5, "random arrivals, far more than the limit: %.1f %%",
           over);
    over = worst(random, 0, false, &unused);
    tap_ok(over <= 30, "random arrivals about as many as the limit: %.1f %%",
           over);
    over = worst(even, 0, true, &unused);
    tap_ok(over < 100, "one who begins late in a window: %.1f %%, never twice "
           "the limit", over);
}

static void shares(void)
{
    int wrong = 0;
    for (int64_t count = 1; count < 70; count++)
        for (int64_t n = 1; n < 20; n++) {
            int64_t sum = 0;
            for (int64_t slot = 0; slot < n; slot++)
                sum += limit_share(count, n, slot);
            wrong += sum != count;
        }
    tap_is_int(wrong, 0, "the shares of processes are the limit together");
    tap_is_int(limit_share(5, 8, 7), 0, "so that some have none");
}

int main(void)
{
    arithmetic();
    greedy_client();
    uniform_arrivals();
    shares();
    return tap_done();
}
