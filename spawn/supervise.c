/* comptoir-supervise: keeps the processes of one family alive.
 *
 * Started by spawn-fcgi -n, it holds the listening socket on descriptor 0 for
 * ever, so requests wait in its backlog while processes come and go. It
 * never gives up: multiwatch, the packaged alternative, ends the service
 * after three deaths in ten seconds.
 *
 *   comptoir-supervise --family NAME --processes N [--companion PROGRAM]
 *                      -- PROGRAM [ARG...]
 *
 * TERM ends everything after the requests in hand, HUP replaces the processes
 * one after the other (also by a newer binary). A companion is one more
 * process that the others reach over a socketpair. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"

enum {
    PROCESSES_MAX = 64,
    RETIRED_MAX = 8,        /* companions that finish their last children */
    SECOND_US = 1000000,
    GRACE_US = 30 * SECOND_US,
    EARLY_US = SECOND_US,   /* a death this soon after the start is early */
    BACKOFF_MAX_US = 30 * SECOND_US,
    SIGNAL_GAP_US = 20000   /* between starts when crashes follow quickly */
};

struct child {
    pid_t pid; /* 0 = not running */
    int slot;  /* COMPTOIR_SLOT; -1 for a companion */
    int64_t started_us, start_at_us;
    int64_t term_at_us, kill_at_us; /* 0 = not being stopped */
    int early_failures;
};

static struct {
    const char *family, *companion;
    char *const *program;
    int processes;
    struct child responders[PROCESSES_MAX], parent, retired[RETIRED_MAX];
    int pair[2];  /* 0: the companion's end, 1: the responders' */
    int rolling;  /* slot being replaced, -1 = none */
    bool ending;
} state = {.rolling = -1, .pair = {-1, -1}};

static NORETURN void usage(const char *why)
{
    fprintf(stderr, "comptoir-supervise: %s\n", why);
    exit(64);
}

static void parse(int argc, char **argv)
{
    int i = 1;
    int64_t n = 0;
    for (; i + 1 < argc && !str_eq(argv[i], "--"); i += 2) {
        if (str_eq(argv[i], "--family"))
            state.family = argv[i + 1];
        else if (str_eq(argv[i], "--companion"))
            state.companion = argv[i + 1];
        else if (!str_eq(argv[i], "--processes") ||
                 !str_to_i64(argv[i + 1], &n))
            usage("unknown option, or a number is missing");
    }
    if (!state.family || n < 1 || n > PROCESSES_MAX)
        usage("--family NAME and --processes 1..64 are needed");
    if (i + 1 >= argc)
        usage("-- PROGRAM is missing");
    state.processes = (int)n;
    state.program = argv + i + 1;
}

static void set_fd(const char *name, int fd)
{
    char number[16];
    snprintf(number, sizeof number, "%d", fd);
    setenv(name, number, 1);
    fcntl(fd, F_SETFD, 0); /* this one end outlives exec */
}

static NORETURN void become(const struct child *c)
{
    char slot[16];
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (c->slot < 0) {
        set_fd("COMPTOIR_DOCUMENT_PARENT_FD", state.pair[0]);
        int null = open("/dev/null", O_RDONLY);
        if (null >= 0)
            dup2(null, STDIN_FILENO); /* not the listening socket */
        execl(state.companion, state.companion, (char *)NULL);
    } else {
        snprintf(slot, sizeof slot, "%d", c->slot);
        setenv("COMPTOIR_SLOT", slot, 1);
        if (state.companion)
            set_fd("COMPTOIR_DOCUMENT_FD", state.pair[1]);
        execv(state.program[0], state.program);
    }
    fprintf(stderr, "comptoir-supervise: %s: %s\n",
            c->slot < 0 ? state.companion : state.program[0],
            strerror(errno));
    _exit(127);
}

static void start(struct child *c)
{
    pid_t pid = fork();
    if (pid == 0)
        become(c);
    c->started_us = clock_mono_us();
    c->term_at_us = c->kill_at_us = 0;
    if (pid < 0) {
        c->start_at_us = c->started_us + SECOND_US;
        log_error("fork_failed", "{s:s,s:s}", "family", state.family, "error",
                  strerror(errno));
        return;
    }
    c->pid = pid;
    c->start_at_us = 0;
    log_info("process_started", "{s:s,s:i,s:i}", "family", state.family,
             "slot", c->slot, "pid", (int)pid);
}

static void stop(struct child *c)
{
    int64_t now = clock_mono_us();
    c->term_at_us = now;
    c->kill_at_us = now + GRACE_US;
}

/* A crash (by signal) is replaced at once: the next request may be a good
 * one. A process that ends by itself right after its start has a reason that
 * will not go away soon, so its starts are spaced out. */
static int64_t delay_after(struct child *c, int status, int64_t lived_us)
{
    if (lived_us >= EARLY_US || !WIFEXITED(status) ||
        WEXITSTATUS(status) == 0) {
        c->early_failures = 0;
        return lived_us < SIGNAL_GAP_US ? SIGNAL_GAP_US : 0;
    }
    int n = c->early_failures++;
    int64_t wait = (int64_t)100000 << (n < 9 ? n : 9);
    return wait < BACKOFF_MAX_US ? wait : BACKOFF_MAX_US;
}

static void log_exit(const struct child *c, pid_t pid, int status)
{
    bool crashed = WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
    bool asked = c->term_at_us != 0;
    log_event(crashed && !asked ? LOG_ERROR : LOG_INFO, "process_ended",
              "{s:s,s:i,s:i,s:i,s:i}", "family", state.family, "slot", c->slot,
              "pid", (int)pid, "signal",
              WIFSIGNALED(status) ? WTERMSIG(status) : 0, "status",
              WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void ended(struct child *c, pid_t pid, int status)
{
    int64_t now = clock_mono_us();
    log_exit(c, pid, status);
    c->pid = 0;
    c->start_at_us = now + delay_after(c, status, now - c->started_us);
    c->term_at_us = c->kill_at_us = 0;
}

static struct child *by_pid(pid_t pid)
{
    for (int i = 0; i < state.processes; i++)
        if (state.responders[i].pid == pid)
            return &state.responders[i];
    for (int i = 0; i < RETIRED_MAX; i++)
        if (state.retired[i].pid == pid)
            return &state.retired[i];
    return state.parent.pid == pid ? &state.parent : NULL;
}

static void reap(void)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        struct child *c = by_pid(pid);
        if (c)
            ended(c, pid, status);
    }
}

/* TERM is repeated every second: libfcgi has a moment in which it misses
 * one. After the grace the process is killed. */
static void press(struct child *c, int64_t now)
{
    if (!c->pid || !c->term_at_us)
        return;
    if (now >= c->kill_at_us) {
        kill(c->pid, SIGKILL);
        c->kill_at_us = now + SECOND_US;
    } else if (now >= c->term_at_us) {
        kill(c->pid, SIGTERM);
        c->term_at_us = now + SECOND_US;
    }
}

static void retire_parent(void)
{
    if (!state.companion || !state.parent.pid)
        return;
    for (int i = 0; i < RETIRED_MAX; i++) {
        struct child *old = &state.retired[i];
        if (old->pid)
            continue;
        *old = state.parent;
        state.parent = (struct child){.slot = -1};
        start(&state.parent); /* the new one listens before the old ends */
        stop(old);
        return;
    }
}

static bool responders_gone(void)
{
    for (int i = 0; i < state.processes; i++)
        if (state.responders[i].pid)
            return false;
    return true;
}

static bool all_gone(void)
{
    for (int i = 0; i < RETIRED_MAX; i++)
        if (state.retired[i].pid)
            return false;
    return responders_gone() && !state.parent.pid;
}

/* One slot at a time: the next is stopped when the last runs again. */
static void roll(void)
{
    while (state.rolling >= 0) {
        struct child *c = &state.responders[state.rolling];
        if (c->term_at_us || !c->pid)
            return;
        if (++state.rolling >= state.processes) {
            state.rolling = -1;
            log_info("rolled", "{s:s}", "family", state.family);
            return;
        }
        stop(&state.responders[state.rolling]);
    }
}

static void begin_roll(void)
{
    retire_parent();
    if (state.rolling >= 0)
        return;
    state.rolling = 0;
    stop(&state.responders[0]);
}

static void begin_end(void)
{
    state.ending = true;
    state.rolling = -1;
    for (int i = 0; i < state.processes; i++)
        stop(&state.responders[i]);
}

static void tend_one(struct child *c, int64_t now, bool wanted)
{
    if (wanted && !c->pid && now >= c->start_at_us)
        start(c);
    press(c, now);
}

static void tend(void)
{
    int64_t now = clock_mono_us();
    for (int i = 0; i < state.processes; i++)
        tend_one(&state.responders[i], now, !state.ending);
    tend_one(&state.parent, now, state.companion && !state.ending);
    for (int i = 0; i < RETIRED_MAX; i++)
        tend_one(&state.retired[i], now, false);
    if (state.ending && responders_gone() && state.parent.pid &&
        !state.parent.term_at_us)
        stop(&state.parent); /* requests in hand needed it until now */
}

static int64_t sooner(int64_t wait, int64_t at, int64_t now)
{
    int64_t left = at - now;
    return left < wait ? (left > 0 ? left : 0) : wait;
}

/* Microseconds until something is due; a second at most. */
static int64_t next_due(void)
{
    int64_t now = clock_mono_us(), wait = SECOND_US;
    for (int i = 0; i < state.processes; i++) {
        const struct child *c = &state.responders[i];
        if (!c->pid && !state.ending)
            wait = sooner(wait, c->start_at_us, now);
        if (c->pid && c->term_at_us)
            wait = sooner(wait, c->term_at_us, now);
    }
    if (state.companion && !state.parent.pid && !state.ending)
        wait = sooner(wait, state.parent.start_at_us, now);
    return wait;
}

static void obey(int sig)
{
    if (sig == SIGTERM || sig == SIGINT)
        begin_end();
    else if (sig == SIGHUP && !state.ending)
        begin_roll();
}

static void run(const sigset_t *signals)
{
    for (;;) {
        reap();
        roll();
        tend();
        if (state.ending && all_gone())
            return;
        int64_t us = next_due();
        const struct timespec t = {us / SECOND_US, us % SECOND_US * 1000};
        int sig = sigtimedwait(signals, NULL, &t);
        if (sig > 0)
            obey(sig);
    }
}

int main(int argc, char **argv)
{
    sigset_t signals;
    parse(argc, argv);
    const char *bad = conf_init();
    if (bad)
        usage(bad);
    log_init("supervise");
    sigemptyset(&signals);
    const int ours[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    for (size_t i = 0; i < ARRAY_LEN(ours); i++)
        sigaddset(&signals, ours[i]);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    if (state.companion && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC,
                                      0, state.pair) < 0)
        usage("no socketpair for the companion");
    for (int i = 0; i < state.processes; i++)
        state.responders[i].slot = i;
    state.parent.slot = -1;
    run(&signals);
    log_info("family_ended", "{s:s}", "family", state.family);
    return 0;
}
