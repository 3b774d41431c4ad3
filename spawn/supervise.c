/* comptoir-supervise: keeps the processes of one family alive.
 *
 * Started by spawn-fcgi -n, it holds the listening socket on descriptor 0 for
 * ever, so requests wait in its backlog while processes come and go. It
 * never gives up: multiwatch, the packaged alternative, ends the service
 * after three deaths in ten seconds.
 *
 *   comptoir-supervise --family NAME --processes N [--companion PROGRAM]
 *                      [--environment FILE] [--max-mib N] [--nice N]
 *                      [--grace SECONDS]
 *                      [--roll-grace SECONDS] [--nginx-of RUN]
 *                      -- PROGRAM [ARG...]
 *
 * TERM ends everything after the requests in hand; HUP replaces the processes
 * one after the other (also by a newer binary). A companion is one more
 * process that the others reach over a socketpair. docs/ops/processes.md */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "child.h"
#include "turn_log.h"
#include "base/banned.h"

enum {
    PROCESSES_MAX = 64,
    RETIRED_MAX = 8 /* companions that finish their last children */
};

/* A replacement that lives this long is taken to work. */
static const int64_t settled_us = SECOND_US / 4;
static const int64_t companion_settled_us = SECOND_US;
static const int64_t watch_every_us = 5 * SECOND_US;

static struct {
    struct child_family of;
    const char *nginx_run; /* run directory whose nginx log to turn, or NULL */
    int64_t max_kib, grace_us;
    int64_t roll_grace_us; /* the longest request nginx waits for */
    struct child responders[PROCESSES_MAX], parent, retired[RETIRED_MAX];
    bool ending;
} state = {.of.pair = {-1, -1},
           .grace_us = 30 * SECOND_US,
           .roll_grace_us = 90 * SECOND_US};

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
        state.of.family = value;
    else if (str_eq(name, "--companion"))
        state.of.companion = value;
    else if (str_eq(name, "--environment"))
        state.of.environment = value;
    else if (str_eq(name, "--nginx-of"))
        state.nginx_run = value;
    else if (str_eq(name, "--processes"))
        state.of.processes = (int)number(value, 1, PROCESSES_MAX);
    else if (str_eq(name, "--nice"))
        state.of.nice = (int)number(value, 1, 19);
    else if (str_eq(name, "--max-mib"))
        state.max_kib = number(value, 1, 1 << 20) * 1024;
    else if (str_eq(name, "--grace"))
        state.grace_us = number(value, 1, 3600) * SECOND_US;
    else if (str_eq(name, "--roll-grace"))
        state.roll_grace_us = number(value, 1, 3600) * SECOND_US;
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
    if (!state.of.family || !state.of.processes)
        usage("--family NAME and --processes 1..64 are needed");
    if (i + 1 >= argc)
        usage("-- PROGRAM is missing");
    state.of.program = argv + i + 1;
}

/* ---- deaths -------------------------------------------------------------- */

static int count(void)
{
    return state.of.processes + 1 + RETIRED_MAX;
}

/* Every process there may be: responders, the companion, retired ones. */
static struct child *nth(int i)
{
    if (i < state.of.processes)
        return &state.responders[i];
    i -= state.of.processes;
    return i == 0 ? &state.parent : &state.retired[i - 1];
}

static struct child *by_pid(pid_t pid)
{
    for (int i = 0; i < count(); i++)
        if (nth(i)->pid == pid)
            return nth(i);
    return NULL;
}

static void reap(void)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        struct child *c = by_pid(pid);
        if (c)
            child_ended(c, &state.of, status);
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
        child_start(&state.parent, &state.of);
        return;
    }
    log_warning("companion_kept", "{s:s}", "family", state.of.family);
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
    if (state.of.companion && state.parent.pid)
        replace_parent();
    rolling.step = rolling.old_parent ? WAIT_COMPANION : WAIT_NEW;
}

/* A replacement that cannot live ends the roll: the others go on with what
 * they run now. */
static void give_up_roll(void)
{
    log_error("roll_stopped", "{s:s,s:i}", "family", state.of.family, "slot",
              rolling.step == WAIT_COMPANION ? COMPANION : rolling.slot);
    rolling.step = IDLE;
}

static void roll_next_slot(void)
{
    if (++rolling.slot < state.of.processes) {
        struct child *c = &state.responders[rolling.slot];
        rolling.step = WAIT_OLD;
        c->start_at_us = 0;
        c->failed = false;
        if (c->pid)
            child_ask_to_end(c, state.roll_grace_us);
        return;
    }
    rolling.step = IDLE;
    log_info("rolled", "{s:s}", "family", state.of.family);
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
            child_ask_to_end(old, state.roll_grace_us);
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

/* ---- what grows ---------------------------------------------------------- */

/* A process that grew past the limit is replaced after its request. */
static void watch_memory(void)
{
    for (int i = 0; i < state.of.processes; i++) {
        struct child *c = &state.responders[i];
        int64_t kib = c->pid && !c->term_at_us ? child_kib(c->pid) : 0;
        if (kib <= state.max_kib)
            continue;
        log_warning("process_too_large", "{s:s,s:i,s:I}", "family",
                    state.of.family, "slot", i, "kib", (json_int_t)kib);
        child_ask_to_end(c, state.roll_grace_us);
    }
}

static void watch(int64_t now)
{
    static int64_t watched_us;
    if (now - watched_us < watch_every_us)
        return;
    watched_us = now;
    if (state.max_kib)
        watch_memory();
    if (state.nginx_run)
        turn_log_nginx(state.nginx_run);
}

/* ---- the loop ------------------------------------------------------------ */

static void begin_end(void)
{
    if (state.ending)
        return;
    state.ending = true;
    rolling.step = IDLE;
    for (int i = 0; i < state.of.processes; i++)
        child_ask_to_end(&state.responders[i], state.grace_us);
}

/* True when none of the first n processes lives. */
static bool gone(int n)
{
    for (int i = 0; i < n; i++)
        if (nth(i)->pid)
            return false;
    return true;
}

static void tend_one(struct child *c, int64_t now, bool wanted)
{
    if (wanted && !c->pid && now >= c->start_at_us)
        child_start(c, &state.of);
    child_press(c, &state.of, now);
}

/* The companion ends last: requests in hand need it. */
static void end_companions(void)
{
    for (int i = state.of.processes; i < count(); i++)
        if (nth(i)->pid && !nth(i)->term_at_us)
            child_ask_to_end(nth(i), state.grace_us);
}

/* Retired companions never come back. */
static bool is_wanted(int i)
{
    return !state.ending && (i < state.of.processes ||
                             (i == state.of.processes && state.of.companion));
}

static void tend(int64_t now)
{
    if (state.ending && gone(state.of.processes))
        end_companions();
    for (int i = 0; i < count(); i++)
        tend_one(nth(i), now, is_wanted(i));
    watch(now);
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
    int64_t wait = watch_every_us;
    if (rolling.step == WAIT_COMPANION || rolling.step == WAIT_NEW)
        wait = settled_us / 10;
    for (int i = 0; i < count(); i++) {
        const struct child *c = nth(i);
        if (c->pid && c->term_at_us)
            wait = sooner(wait, c->term_at_us, now);
        else if (!c->pid && c->start_at_us && is_wanted(i))
            wait = sooner(
                wait, c->start_at_us > now ? c->start_at_us : now + SECOND_US,
                now);
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
        if (state.ending && gone(count()))
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
    if (state.of.companion && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC,
                                         0, state.of.pair) < 0)
        usage("no socketpair for the companion");
    for (int i = 0; i < state.of.processes; i++)
        state.responders[i].slot = i;
    state.parent.slot = COMPANION;
    run(&signals);
    log_info("family_ended", "{s:s}", "family", state.of.family);
    return 0;
}
