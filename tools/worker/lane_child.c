/* A process of its own for each job: whatever parses foreign bytes may die,
 * hang or eat memory without harm. This process holds the leases, keeps the
 * time and says how a job ended whose process could not. */
#include "lane.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/fault.h"
#include "base/log.h"
#include "work.h"
#include "base/banned.h"

enum exit_code {
    CHILD_DONE = 0,
    CHILD_FAILED = 3, /* and said so in the job's row */
    CHILD_AWAY = 4,   /* the job was no longer its own, or no database */
    CHILD_CANCELLED = 5
};
enum { SLOTS_MAX = 256, SLOT_BYTES = 64 << 10, NOFILE = 256 };
static const int64_t SECOND = 1000000;

struct slot {
    pid_t pid; /* 0: free */
    struct arena *a;
    struct job job;
    const struct kind *kind;
    int64_t since_us;
    bool is_told, is_unwanted, is_lost, is_handed_back;
    const char *killed; /* why, or NULL */
};

static struct slot slots[SLOTS_MAX];
static int n_slots;

/* ---- the job's own process ----------------------------------------------- */

static void limit(int what, rlim_t soft, rlim_t hard)
{
    const struct rlimit r = {soft, hard};
    if (setrlimit(what, &r) != 0)
        log_warning("job_limit", "{s:i,s:i}", "limit", what, "errno", errno);
}

static void set_limits(const struct kind *k)
{
#ifndef COMPTOIR_SAN /* a sanitizer's shadow needs terabytes of addresses */
    const rlim_t bytes = (rlim_t)conf_int(CONF_WORKER_CHILD_MIB) << 20;
    limit(RLIMIT_AS, bytes, bytes);
#endif
    limit(RLIMIT_CPU, (rlim_t)kinds_hard_s(k), (rlim_t)kinds_hard_s(k) + 1);
    limit(RLIMIT_NOFILE, NOFILE, NOFILE);
    limit(RLIMIT_CORE, 0, 0);
}

static NORETURN void be_child(struct lane_seat *s, struct slot *t, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    setpgid(0, 0);
    close(s->signals);
    db_forget(s->db);
    db_forget(s->ear);
    set_limits(t->kind);
    work_begin();
    log_context(t->job.task_id, t->job.owner, NULL);
    log_tenant(t->job.tenant_id);
    struct work w = {.db = s->db, .a = t->a, .job = &t->job};
    fault_point("job_begun");
    enum err e = t->kind->run(&w, &t->job);
    fault_point("job_ended");
    db_rollback(s->db);
    if (!e)
        _exit(CHILD_DONE);
    if (w.is_unwanted && !lane_cancel(s->db, t->a, &t->job))
        _exit(CHILD_CANCELLED);
    if (e != ERR_CONFLICT && !lane_fail(s->db, t->a, &t->job, err_code(e)))
        _exit(CHILD_FAILED);
    _exit(CHILD_AWAY);
}

/* ---- beginning ----------------------------------------------------------- */

static void free_slot(struct slot *t)
{
    arena_reset(t->a);
    *t = (struct slot){.a = t->a};
}

static void begin(struct lane_seat *s, struct slot *t)
{
    const pid_t me = getpid();
    t->kind = kinds_find(t->job.kind);
    t->since_us = clock_mono_us();
    const pid_t pid = fork();
    if (pid == 0)
        be_child(s, t, me);
    if (pid > 0) {
        t->pid = pid;
        return;
    }
    log_error("job_fork", "{s:i}", "errno", errno);
    (void)!job_hand_back(s->db, t->a, &t->job, 1);
    free_slot(t);
}

/* Fills the free slots; false when there was less work than room. */
static bool fill(struct lane_seat *s)
{
    for (int i = 0; i < n_slots; i++) {
        if (slots[i].pid)
            continue;
        if (!lane_claim(s, slots[i].a, 1, &slots[i].job)) {
            arena_reset(slots[i].a);
            return false;
        }
        fault_point("job_claimed");
        begin(s, &slots[i]);
    }
    return true;
}

static int running(void)
{
    int n = 0;
    for (int i = 0; i < n_slots; i++)
        n += slots[i].pid != 0;
    return n;
}

/* ---- ending -------------------------------------------------------------- */

/* The process did not end its job by itself: killed, crashed, or the database
 * was away. What cannot be written now is left to the end of the lease. */
static void end_for(struct lane_seat *s, struct slot *t, int status)
{
    const char *why = t->killed;
    if (t->is_lost)
        return;
    if (t->is_handed_back) {
        (void)!job_hand_back(s->db, t->a, &t->job, 1);
        lane_tell(&t->job, "handed_back", t->since_us);
        return;
    }
    if (t->is_unwanted) {
        if (!lane_cancel(s->db, t->a, &t->job))
            lane_tell(&t->job, "cancelled", t->since_us);
        return;
    }
    if (!why)
        why = WIFSIGNALED(status)
                  ? arena_printf(t->a, "its process was ended by signal %d",
                                 WTERMSIG(status))
                  : "its process could not end it";
    if (!WIFEXITED(status) || WEXITSTATUS(status) != CHILD_AWAY)
        (void)!lane_fail(s->db, t->a, &t->job, why);
}

static void reap(struct lane_seat *s)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < n_slots; i++) {
            if (slots[i].pid != pid)
                continue;
            kill(-pid, SIGKILL); /* what it left behind */
            const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
            if (code == CHILD_DONE || code == CHILD_CANCELLED)
                lane_tell(&slots[i].job,
                          code == CHILD_DONE ? "done" : "cancelled",
                          slots[i].since_us);
            else if (code != CHILD_FAILED)
                end_for(s, &slots[i], status);
            free_slot(&slots[i]);
        }
}

static void end_process(struct slot *t, const char *why)
{
    if (t->killed)
        return;
    t->killed = why;
    log_warning("job_killed", "{s:s,s:s,s:s}", "task_id", t->job.task_id,
                "kind", t->job.kind, "why", why);
    kill(-t->pid, SIGKILL);
    kill(t->pid, SIGKILL); /* before it had its own group */
}

/* ---- time and leases ----------------------------------------------------- */

static void keep_time(void)
{
    for (int i = 0; i < n_slots; i++) {
        struct slot *t = &slots[i];
        const int64_t us = t->pid ? clock_mono_us() - t->since_us : 0;
        if (!t->pid)
            continue;
        if (us > kinds_hard_s(t->kind) * SECOND)
            end_process(t, arena_printf(t->a, "it took longer than %d s",
                                        (int)kinds_hard_s(t->kind)));
        else if (us > kinds_soft_s(t->kind) * SECOND && !t->is_told) {
            t->is_told = true;
            kill(t->pid, SIGUSR1);
        }
    }
}

static void heartbeat(struct lane_seat *s)
{
    static struct job jobs[SLOTS_MAX];
    static struct slot *of[SLOTS_MAX];
    static enum job_hold holds[SLOTS_MAX];
    size_t n = 0;
    for (int i = 0; i < n_slots; i++)
        if (slots[i].pid && !slots[i].killed) {
            of[n] = &slots[i];
            jobs[n++] = slots[i].job;
        }
    if (!n || job_heartbeat(s->db, s->a, jobs, n, holds))
        return;
    for (size_t i = 0; i < n; i++) {
        if (holds[i] == JOB_HELD)
            continue;
        /* lost: most often it has just ended itself and is about to go */
        if (holds[i] == JOB_LOST && of[i]->is_lost)
            end_process(of[i], "its lease ran out");
        of[i]->is_lost = holds[i] == JOB_LOST;
        of[i]->is_unwanted = holds[i] == JOB_UNWANTED;
        if (of[i]->is_unwanted)
            end_process(of[i], "its owner has cancelled it");
    }
}

/* ---- the life of the lane ------------------------------------------------ */

static void open_slots(void)
{
    int64_t n = conf_int(CONF_WORKER_CHILDREN);
    if (n == 0)
        n = sysconf(_SC_NPROCESSORS_ONLN);
    n_slots = n < 1 ? 1 : n > SLOTS_MAX ? SLOTS_MAX : (int)n;
    for (int i = 0; i < n_slots; i++)
        slots[i].a = arena_new(SLOT_BYTES);
}

/* What still runs after the grace goes back in line for another worker. */
static void wind_up(struct lane_seat *s)
{
    const int64_t until =
        clock_mono_us() + conf_int(CONF_WORKER_GRACE_S) * SECOND;
    int64_t beat_us = 0;
    while (running()) {
        if (clock_mono_us() >= beat_us) {
            heartbeat(s);
            beat_us = clock_mono_us() + conf_int(CONF_JOB_HEARTBEAT_S) * SECOND;
        }
        keep_time();
        for (int i = 0; clock_mono_us() >= until && i < n_slots; i++)
            if (slots[i].pid && !slots[i].killed) {
                slots[i].is_handed_back = true;
                end_process(&slots[i], "the worker ends");
            }
        (void)lane_wait(s, 100);
        reap(s);
        arena_reset(s->a);
    }
}

int lane_child_run(const struct worker *w)
{
    struct lane_seat s;
    int64_t beat_us = 0;
    lane_open(&s, w, LANE_CHILD);
    open_slots();
    while (!s.stopping) {
        const bool full = fill(&s);
        if (w->once && !full && !running())
            break;
        lane_sweep(&s);
        const int heard = lane_wait(&s, LANE_POLL_MS);
        reap(&s);
        if ((heard & LANE_CANCEL) || clock_mono_us() >= beat_us) {
            heartbeat(&s);
            beat_us = clock_mono_us() + conf_int(CONF_JOB_HEARTBEAT_S) * SECOND;
        }
        keep_time();
        arena_reset(s.a);
    }
    wind_up(&s);
    lane_close(&s);
    return 0;
}
