/* Time passes, progress is told; nothing else. */
#include "kind_noop.h"
#include <time.h>
#include "base/clock.h"

enum { HOUR_MS = 3600000, NAP_NS = 20000000 };

static int64_t wanted_ms(const struct job *j)
{
    const int64_t ms = json_integer_value(json_object_get(j->payload, "ms"));
    return ms < 0 ? 0 : ms > HOUR_MS ? HOUR_MS : ms;
}

/* False when it is to stop. */
static bool pass(struct work *w, int64_t ms, bool is_deaf)
{
    const struct timespec nap = {0, NAP_NS};
    const int64_t since = clock_mono_us();
    int64_t gone = 0;
    while ((gone = (clock_mono_us() - since) / 1000) < ms) {
        if (!work_progress(w, (int)(gone * 100 / ms)) ||
            (work_is_late() && !is_deaf))
            return false;
        nanosleep(&nap, NULL);
    }
    return true;
}

enum err kind_noop_child(struct work *w, const struct job *j)
{
    const bool is_deaf = json_is_true(json_object_get(j->payload, "deaf"));
    if (!pass(w, wanted_ms(j), is_deaf))
        return w->is_unwanted ? ERR_CONFLICT : ERR_DOCUMENT_TOO_SLOW;
    enum err e = db_begin(w->db);
    if (e)
        return e;
    e = job_finish(w->db, w->a, j, JOB_DONE, NULL, 0);
    if (!e)
        return db_commit(w->db);
    db_rollback(w->db);
    return e;
}
