/* Whole numbers only, multiplied by the window's length instead of divided,
 * so that nothing is lost to rounding: a request refused now passes after
 * exactly limit_wait_ms. */
#include "web/limit_window.h"

/* previous × what still slides, times window_ms (to stay exact). */
static int64_t sliding_part(const struct limit_window *w)
{
    return w->previous * (w->window_ms - w->elapsed_ms);
}

bool limit_fits(const struct limit_window *w)
{
    return w->current * w->window_ms + sliding_part(w) <=
           w->count * w->window_ms;
}

int64_t limit_remaining(const struct limit_window *w)
{
    int64_t left =
        w->count * w->window_ms - w->current * w->window_ms - sliding_part(w);
    return left > 0 ? left / w->window_ms : 0;
}

/* Smallest e in ms with before × (window - e) <= room × window. */
static int64_t slide_until(int64_t before, int64_t room, int64_t window_ms)
{
    if (before <= room)
        return 0;
    int64_t may_slide = room * window_ms / before;
    return window_ms - may_slide;
}

int64_t limit_wait_ms(const struct limit_window *w)
{
    int64_t room = w->count - w->current - 1, at;
    if (room >= 0)
        at = slide_until(w->previous, room, w->window_ms);
    else /* only in the next window, where current has become previous */
        at = w->window_ms + slide_until(w->current, w->count - 1, w->window_ms);
    return at > w->elapsed_ms ? at - w->elapsed_ms : 0;
}

int64_t limit_share(int64_t count, int64_t processes, int64_t slot)
{
    return count / processes + (slot < count % processes);
}
