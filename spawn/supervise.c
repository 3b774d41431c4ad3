/* comptoir-supervise: keeps the processes of one family alive.
 *
 * Started by spawn-fcgi -n, it holds the listening socket on descriptor 0 for
 * ever, so requests wait in its backlog while processes come and go. It
 * never gives up: multiwatch, the packaged alternative, ends the service
 * after three deaths in ten seconds.
 *
 *   comptoir-supervise --family NAME --processes N [--companion PROGRAM]
 *                      [--environment FILE] [--max-mib N] [--grace SECONDS]
 *                      -- PROGRAM [ARG...]
 *
 * TERM ends everything after the requests in hand; HUP replaces the processes
 * one after the other (also by a newer binary). A companion is one more
 * process that the others reach over a socketpair. docs/ops/processes.md */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
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
#include "base/banned.h"

#define SECOND_US 1000000LL

enum {
    PROCESSES_MAX = 64,
    RETIRED_MAX = 8, /* companions that finish their last children */
    COMPANION = -1,  /* its slot */
    EX_CONFIG = 78,  /* a process that refuses its settings */
    EX_EXEC = 127
};

/* Deaths that are replaced at once: a burst, then so many a second. Beyond
 * that each further start waits twice as long as the one before. */
static const int64_t burst_us = 8 * SECOND_US; /* = 32 deaths */
static const int64_t death_costs_us = SECOND_US / 4;
static const int64_t backoff_first_us = SECOND_US / 10;
/* A crash may be one bad request: good ones must not wait long for it. */
static const int64_t backoff_crash_us = SECOND_US;
static const int64_t backoff_exit_us = 30 * SECOND_US;
static const int64_t proven_us = 10 * SECOND_US;
/* A replacement that lives this long is taken to work. */
static const int64_t settled_us = SECOND_US / 4;
static const int64_t companion_settled_us = SECOND_US;
/* A rolled process may finish the longest request nginx waits for. */
static const int64_t roll_grace_us = 90 * SECOND_US;
static const int64_t memory_every_us = 5 * SECOND_US;

struct child {
    pid_t pid; /* 0 = not running */
    int slot;  /* COMPTOIR_SLOT, or COMPANION */
    int64_t started_us, start_at_us;
    int64_t term_at_us, kill_at_us; /* 0 = not asked to end */
    int64_t free_deaths_us;         /* clock at which the burst is unused */
    int64_t backoff_us;
    bool failed; /* its last life ended by itself, and badly */
};

static struct {
    const char *family, *companion, *environment;
    char *const *program;
    int processes;
    int64_t max_kib, grace_us;
    struct child responders[PROCESSES_MAX], parent, retired[RETIRED_MAX];
    int pair[2]; /* 0: the companion's end, 1: the responders' */
    bool ending;
} state = {.pair = {-1, -1}, .grace_us = 30 * SECOND_US};

/* A rolling restart: the companion first, then slot after slot. */
static struct {
    enum { IDLE, WAIT_COMPANION, WAIT_OLD, WAIT_NEW } step;
    int slot;
    bool again; /* HUP came meanwhile */
    struct child *old_parent;
} rolling;

static NORETURN void usage(const char *why)
{
    fprintf(stderr, "comptoir-supervise: %s\n", why);
    exit(64);
}

/* ---- what is wanted ------------------------------------------------------ */

static int64_t number(const char *text, int64_t lo, int64_t hi)
{
    int64_t n;
    if (!str_to_i64(text, &n) || n < lo || n > hi)
        usage("a number is missing or out of range");
    return n;
}

static void take_option(const char *name, const char *value)
{
    if (str_eq(name, "--family"))
        state.family = value;
    else if (str_eq(name, "--companion"))
        state.companion = value;
    else if (str_eq(name, "--environment"))
        state.environment = value;
    else if (str_eq(name, "--processes"))
        state.processes = (int)number(value, 1, PROCESSES_MAX);
    else if (str_eq(name, "--max-mib"))
        state.max_kib = number(value, 1, 1 << 20) * 1024;
    else if (str_eq(name, "--grace"))
        state.grace_us = number(value, 1, 3600) * SECOND_US;
    else
        usage("unknown option");
}

static void parse(int argc, char **argv)
{
    int i = 1;
    for (; i < argc && !str_eq(argv[i], "--"); i += 2) {
        if (i + 1 >= argc)
            usage("an option has no value");
        take_option(argv[i], argv[i + 1]);
    }
    if (!state.family || !state.processes)
        usage("--family NAME and --processes 1..64 are needed");
    if (i + 1 >= argc)
        usage("-- PROGRAM is missing");
    state.program = argv + i + 1;
}

/* ---- one process --------------------------------------------------------- */

/* The settings of this moment in place of those the supervisor was started
 * with: a rolling restart takes up what changed. */
static void take_environment(void)
{
    char *line = NULL;
    size_t room = 0;
    FILE *f = state.environment ? fopen(state.environment, "re") : NULL;
    if (!f)
        return;
    clearenv();
    for (ssize_t n; (n = getline(&line, &room, f)) > 0;) {
        char *value = strchr(line, '=');
        if (line[n - 1] == '\n')
            line[n - 1] = '\0';
        if (!value)
            continue;
        *value++ = '\0';
        setenv(line, value, 1);
    }
    free(line);
    fclose(f);
}

static void hand_over_fd(const char *name, int fd)
{
    char text[16];
    snprintf(text, sizeof text, "%d", fd);
    setenv(name, text, 1);
    fcntl(fd, F_SETFD, 0); /* this one end outlives exec */
}

static NORETURN void run_companion(void)
{
    hand_over_fd("COMPTOIR_DOCUMENT_PARENT_FD", state.pair[0]);
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0)
        dup2(null, STDIN_FILENO); /* not the listening socket */
    execl(state.companion, state.companion, (char *)NULL);
    fprintf(stderr, "comptoir-supervise: %s: %s\n", state.companion,
            strerror(errno));
    _exit(EX_EXEC);
}

static NORETURN void run_responder(int slot)
{
    char text[16];
    snprintf(text, sizeof text, "%d", slot);
    setenv("COMPTOIR_SLOT", text, 1);
    snprintf(text, sizeof text, "%d", state.processes);
    setenv("COMPTOIR_PROCESSES", text, 1);
    if (state.companion)
        hand_over_fd("COMPTOIR_DOCUMENT_FD", state.pair[1]);
    execv(state.program[0], state.program);
    fprintf(stderr, "comptoir-supervise: %s: %s\n", state.program[0],
            strerror(errno));
    _exit(EX_EXEC);
}

static NORETURN void become(int slot)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    take_environment();
    /* libgomp reads it when it is loaded: later is too late. */
    setenv("OMP_THREAD_LIMIT", "1", 0);
    if (slot == COMPANION)
        run_companion();
    run_responder(slot);
}

static void start(struct child *c)
{
    pid_t pid = fork();
    if (pid == 0)
        become(c->slot);
    c->started_us = clock_mono_us();
    c->term_at_us = c->kill_at_us = 0;
    if (pid < 0) {
        c->start_at_us = c->started_us + SECOND_US;
        log_error("fork_failed", "{s:s,s:s}", "family", state.family, "error",
                  strerror(errno));
        return;
    }
    c->pid = pid;
    c->failed = false;
    log_info("process_started", "{s:s,s:i,s:i}", "family", state.family,
             "slot", c->slot, "pid", (int)pid);
}

static void ask_to_end(struct child *c, int64_t grace_us)
{
    int64_t now = clock_mono_us();
    c->term_at_us = now;
    c->kill_at_us = now + grace_us;
}

/* TERM is repeated every second: libfcgi has a moment in which it misses
 * one. After the grace the process is killed. */
static void press(struct child *c, int64_t now)
{
    if (!c->pid || !c->term_at_us || now < c->term_at_us)
        return;
    bool killing = now >= c->kill_at_us;
    if (killing)
        log_warning("process_killed", "{s:s,s:i,s:i}", "family", state.family,
                    "slot", c->slot, "pid", (int)c->pid);
    kill(c->pid, killing ? SIGKILL : SIGTERM);
    c->term_at_us = now + SECOND_US;
}

/* ---- deaths -------------------------------------------------------------- */

static bool went_badly(int status)
{
    return WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
}

/* Why a process ended, and which one: the responder's successor names the
 * request it died of. */
static void log_exit(const struct child *c, int status, int64_t lived_us)
{
    bool asked = c->term_at_us != 0;
    log_event(went_badly(status) && !asked ? LOG_ERROR : LOG_INFO,
              "process_exited", "{s:s,s:i,s:i,s:s,s:i,s:I}", "family",
              state.family, "slot", c->slot, "pid", (int)c->pid,
              WIFSIGNALED(status) ? "signal" : "how",
              WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status)) : "exit",
              "status", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
              "lived_ms", (json_int_t)(lived_us / 1000));
}

/* How long the next start waits, in microseconds. */
static int64_t wait_after(struct child *c, int status, int64_t lived_us,
                          int64_t now)
{
    bool hopeless = WIFEXITED(status) && (WEXITSTATUS(status) == EX_CONFIG ||
                                          WEXITSTATUS(status) == EX_EXEC);
    int64_t most = WIFSIGNALED(status) ? backoff_crash_us : backoff_exit_us;
    if (lived_us >= proven_us)
        c->backoff_us = 0;
    if (c->free_deaths_us < now)
        c->free_deaths_us = now;
    if (!hopeless && c->free_deaths_us + death_costs_us <= now + burst_us) {
        c->free_deaths_us += death_costs_us;
        c->backoff_us = 0;
        return 0;
    }
    c->backoff_us = c->backoff_us ? c->backoff_us * 2 : backoff_first_us;
    if (c->backoff_us > most)
        c->backoff_us = most;
    return c->backoff_us;
}

static void ended(struct child *c, int status)
{
    int64_t now = clock_mono_us(), lived_us = now - c->started_us, wait = 0;
    bool asked = c->term_at_us != 0;
    log_exit(c, status, lived_us);
    c->failed = !asked && went_badly(status);
    if (!asked)
        wait = wait_after(c, status, lived_us, now);
    if (wait)
        log_warning("process_waits", "{s:s,s:i,s:I}", "family", state.family,
                    "slot", c->slot, "wait_ms", (json_int_t)(wait / 1000));
    c->pid = 0;
    c->start_at_us = now + wait;
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
            ended(c, status);
    }
}

/* ---- rolling restart ----------------------------------------------------- */

/* The new companion reads the same socket; the old one ends when the new one
 * has proved itself, and finishes what it holds. */
static void replace_parent(void)
{
    for (int i = 0; i < RETIRED_MAX; i++) {
        if (state.retired[i].pid)
            continue;
        rolling.old_parent = &state.retired[i];
        *rolling.old_parent = state.parent;
        state.parent = (struct child){.slot = COMPANION};
        start(&state.parent);
        return;
    }
    log_warning("companion_kept", "{s:s}", "family", state.family);
}

static void begin_roll(void)
{
    if (rolling.step != IDLE) {
        rolling.again = true;
        return;
    }
    rolling.again = false;
    rolling.slot = -1;
    rolling.old_parent = NULL;
    if (state.companion && state.parent.pid)
        replace_parent();
    rolling.step = rolling.old_parent ? WAIT_COMPANION : WAIT_NEW;
}

/* A replacement that cannot live ends the roll: the others go on with what
 * they run now. */
static void give_up_roll(void)
{
    log_error("roll_stopped", "{s:s,s:i}", "family", state.family, "slot",
              rolling.step == WAIT_COMPANION ? COMPANION : rolling.slot);
    rolling.step = IDLE;
}

static void roll_next_slot(void)
{
    if (++rolling.slot < state.processes) {
        struct child *c = &state.responders[rolling.slot];
        rolling.step = WAIT_OLD;
        c->start_at_us = 0;
        c->failed = false;
        if (c->pid)
            ask_to_end(c, roll_grace_us);
        return;
    }
    rolling.step = IDLE;
    log_info("rolled", "{s:s}", "family", state.family);
    if (rolling.again)
        begin_roll();
}

static bool is_settled(const struct child *c, int64_t now, int64_t after_us)
{
    return c->pid && !c->term_at_us && now - c->started_us >= after_us;
}

static void roll_companion(int64_t now)
{
    struct child *old = rolling.old_parent;
    if (is_settled(&state.parent, now, companion_settled_us)) {
        if (old->pid)
            ask_to_end(old, roll_grace_us);
        roll_next_slot();
    } else if (state.parent.failed && old->pid) {
        state.parent = *old;
        *old = (struct child){.slot = COMPANION};
        give_up_roll();
    }
}

static void roll(int64_t now)
{
    const struct child *c =
        rolling.slot >= 0 ? &state.responders[rolling.slot] : NULL;
    if (rolling.step == WAIT_COMPANION)
        roll_companion(now);
    else if (rolling.step != IDLE && c && c->failed)
        give_up_roll();
    else if (rolling.step == WAIT_OLD && c->pid && !c->term_at_us)
        rolling.step = WAIT_NEW;
    else if (rolling.step == WAIT_NEW && (!c || is_settled(c, now, settled_us)))
        roll_next_slot();
}

/* ---- memory -------------------------------------------------------------- */

static int64_t resident_kib(pid_t pid)
{
    char path[64];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    if (fscanf(f, "%*s %ld", &pages) != 1)
        pages = 0;
    fclose(f);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* A process that grew past the limit is replaced after its request. */
static void watch_memory(int64_t now)
{
    static int64_t checked_us;
    if (!state.max_kib || now - checked_us < memory_every_us)
        return;
    checked_us = now;
    for (int i = 0; i < state.processes; i++) {
        struct child *c = &state.responders[i];
        int64_t kib = c->pid && !c->term_at_us ? resident_kib(c->pid) : 0;
        if (kib <= state.max_kib)
            continue;
        log_warning("process_too_large", "{s:s,s:i,s:I}", "family",
                    state.family, "slot", i, "kib", (json_int_t)kib);
        ask_to_end(c, roll_grace_us);
    }
}

/* ---- the loop ------------------------------------------------------------ */

static void begin_end(void)
{
    if (state.ending)
        return;
    state.ending = true;
    rolling.step = IDLE;
    for (int i = 0; i < state.processes; i++)
        ask_to_end(&state.responders[i], state.grace_us);
}

static bool gone(const struct child *c, int n)
{
    for (int i = 0; i < n; i++)
        if (c[i].pid)
            return false;
    return true;
}

static bool all_gone(void)
{
    return gone(state.responders, state.processes) && !state.parent.pid &&
           gone(state.retired, RETIRED_MAX);
}

static void tend_one(struct child *c, int64_t now, bool wanted)
{
    if (wanted && !c->pid && now >= c->start_at_us)
        start(c);
    press(c, now);
}

/* The companion ends last: requests in hand need it. */
static void end_companions(void)
{
    struct child *all[RETIRED_MAX + 1] = {&state.parent};
    for (int i = 0; i < RETIRED_MAX; i++)
        all[i + 1] = &state.retired[i];
    for (int i = 0; i <= RETIRED_MAX; i++)
        if (all[i]->pid && !all[i]->term_at_us)
            ask_to_end(all[i], state.grace_us);
}

static void tend(int64_t now)
{
    if (state.ending && gone(state.responders, state.processes))
        end_companions();
    tend_one(&state.parent, now, state.companion && !state.ending);
    for (int i = 0; i < state.processes; i++)
        tend_one(&state.responders[i], now, !state.ending);
    for (int i = 0; i < RETIRED_MAX; i++)
        tend_one(&state.retired[i], now, false);
    watch_memory(now);
}

static int64_t sooner(int64_t wait, int64_t at, int64_t now)
{
    int64_t left = at - now;
    return left < wait ? (left > 0 ? left : 0) : wait;
}

/* Microseconds until something is due; an idle family wakes up every five
 * seconds at most. */
static int64_t next_due(int64_t now)
{
    int64_t wait = memory_every_us;
    if (rolling.step == WAIT_COMPANION || rolling.step == WAIT_NEW)
        wait = settled_us / 10;
    for (int i = 0; i <= state.processes + RETIRED_MAX; i++) {
        const struct child *c = i < state.processes ? &state.responders[i]
                                : i == state.processes
                                    ? &state.parent
                                    : &state.retired[i - state.processes - 1];
        if (c->pid && c->term_at_us)
            wait = sooner(wait, c->term_at_us, now);
        else if (!c->pid && c->start_at_us && !state.ending)
            wait = sooner(wait, c->start_at_us > now ? c->start_at_us
                                                     : now + SECOND_US, now);
    }
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
        int64_t now = clock_mono_us();
        if (!state.ending)
            roll(now);
        tend(now);
        if (state.ending && all_gone())
            return;
        int64_t us = next_due(clock_mono_us());
        const struct timespec t = {us / SECOND_US, us % SECOND_US * 1000};
        int sig = sigtimedwait(signals, NULL, &t);
        if (sig > 0)
            obey(sig);
    }
}

static void block_signals(sigset_t *signals)
{
    const int ours[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    sigemptyset(signals);
    for (size_t i = 0; i < ARRAY_LEN(ours); i++)
        sigaddset(signals, ours[i]);
    sigprocmask(SIG_BLOCK, signals, NULL);
}

int main(int argc, char **argv)
{
    sigset_t signals;
    parse(argc, argv);
    const char *bad = conf_init();
    if (bad)
        usage(bad);
    log_init("comptoir-supervise");
    block_signals(&signals);
    if (state.companion && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC,
                                      0, state.pair) < 0)
        usage("no socketpair for the companion");
    for (int i = 0; i < state.processes; i++)
        state.responders[i].slot = i;
    state.parent.slot = COMPANION;
    run(&signals);
    log_info("family_ended", "{s:s}", "family", state.family);
    return 0;
}
