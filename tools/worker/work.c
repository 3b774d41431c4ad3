/* What a kind may ask while it works. */
#include <signal.h>
#include "base/clock.h"
#include "kinds.h"
#include "work.h"

enum { PROGRESS_US = 1000000 };

static volatile sig_atomic_t is_late;
static int64_t begun_us;

static void hear(int signo)
{
    (void)signo;
    is_late = 1;
}

void work_begin(void)
{
    struct sigaction act = {.sa_handler = hear};
    sigset_t none;
    begun_us = clock_mono_us();
    sigaction(SIGUSR1, &act, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

bool work_is_late(void)
{
    return is_late;
}

int64_t work_left_ms(const struct work *w)
{
    const struct kind *k = kinds_find(w->job->kind);
    const int64_t left =
        kinds_soft_s(k) * 1000 - (clock_mono_us() - begun_us) / 1000;
    return left > 0 && !is_late ? left : 0;
}

bool work_progress(struct work *w, int percent)
{
    static int64_t next_us;
    if (w->is_unwanted)
        return false;
    if (percent < 100 && clock_mono_us() < next_us)
        return true;
    next_us = clock_mono_us() + PROGRESS_US;
    const enum err e =
        job_progress(w->db, w->a, w->job, percent, &w->is_unwanted);
    w->is_unwanted = w->is_unwanted || e == ERR_CONFLICT;
    return !w->is_unwanted;
}
