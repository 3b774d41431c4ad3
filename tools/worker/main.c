/* comptoir-worker: runs jobs until told to end. One process a lane and one for
 * the periodic work; this parent replaces those that die. TERM: nothing new is
 * claimed, running jobs have WORKER_GRACE_S seconds, what then still runs is
 * handed back. docs/ops/jobs.md */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/webhook.h"
#include "lane.h"
#include "store/blob_object.h"
#include "version.h"
#include "wire/seal.h"
#include "base/banned.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_LANE = 1,
    EXIT_USAGE = 64,
    EXIT_CONFIG = 78
};
enum { PARTS = LANE_MAX + 1, SCHEDULER = LANE_MAX, NAME_BYTES = 100 };
static const int64_t SECOND = 1000000, AGAIN_US = 1000000, GRACE_MORE_S = 10;

static struct part {
    int (*run)(const struct worker *w);
    bool is_wanted;
    pid_t pid;
    int64_t start_us; /* not before */
    bool has_failed;
} parts[PARTS] = {[LANE_INLINE] = {.run = lane_inline_run},
                  [LANE_CHILD] = {.run = lane_child_run},
                  [LANE_NET] = {.run = lane_net_run},
                  [SCHEDULER] = {.run = scheduler_run}};

/* ---- what is wanted ------------------------------------------------------ */

static int usage(FILE *to)
{
    fprintf(to, "comptoir-worker [--once] [--kinds NAME,…]\n"
                "  --once   ends when nothing is due\n"
                "  --kinds  runs these kinds alone, and no periodic work\n"
                "Kinds of jobs, and their lanes:\n");
    kinds_print();
    return to == stdout ? EXIT_DONE : EXIT_USAGE;
}

static bool parse(struct arena *a, int argc, char **argv, struct worker *w)
{
    for (int i = 1; i < argc; i++) {
        if (str_eq(argv[i], "--once"))
            w->once = true;
        else if (str_eq(argv[i], "--kinds") && i + 1 < argc)
            w->kinds = argv[++i];
        else
            return false;
    }
    const char *odd = w->kinds ? kinds_unknown(a, w->kinds) : NULL;
    if (odd)
        fprintf(stderr, "comptoir-worker: there is no kind named \"%s\".\n",
                odd);
    return !odd;
}

static void choose_parts(struct arena *a, const struct worker *w)
{
    for (int i = 0; i < LANE_MAX; i++)
        parts[i].is_wanted = kinds_of(a, (enum lane)i, w->kinds) != NULL;
    parts[SCHEDULER].is_wanted = !w->kinds;
}

/* ---- processes ----------------------------------------------------------- */

static void start(struct part *p, const struct worker *w)
{
    const pid_t parent = getpid();
    p->pid = fork();
    if (p->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(EXIT_LANE);
        _exit(p->run(w));
    }
    if (p->pid < 0) {
        p->pid = 0;
        p->start_us = clock_mono_us() + AGAIN_US;
    }
}

static void reap(const struct worker *w, bool stopping)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        for (int i = 0; i < PARTS; i++) {
            if (parts[i].pid != pid)
                continue;
            const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
            parts[i].pid = 0;
            parts[i].start_us = clock_mono_us() + (good ? 0 : AGAIN_US);
            parts[i].is_wanted = parts[i].is_wanted && !w->once;
            parts[i].has_failed = !good;
            if (!good)
                log_error("worker_part_ended", "{s:s,s:i,s:b}", "part",
                          i < LANE_MAX ? kinds_lane((enum lane)i) : "scheduler",
                          "status", status, "stopping", stopping);
        }
}

static int alive(void)
{
    int n = 0;
    for (int i = 0; i < PARTS; i++)
        n += parts[i].pid > 0;
    return n;
}

static void tell_all(int signo)
{
    for (int i = 0; i < PARTS; i++)
        if (parts[i].pid > 0)
            kill(parts[i].pid, signo);
}

/* True when told to end. */
static bool hear(int signals, int ms)
{
    struct pollfd p = {.fd = signals, .events = POLLIN};
    struct signalfd_siginfo s;
    bool stop = false;
    (void)poll(&p, 1, ms);
    while (read(signals, &s, sizeof s) == sizeof s)
        stop = stop || s.ssi_signo != SIGCHLD;
    return stop;
}

static bool is_over(const struct worker *w)
{
    bool wanted = false;
    for (int i = 0; i < PARTS; i++)
        wanted = wanted || parts[i].is_wanted;
    return w->once && !wanted;
}

static void keep(const struct worker *w, int signals)
{
    bool stop = false;
    while (!stop && !is_over(w)) {
        for (int i = 0; i < PARTS; i++)
            if (parts[i].is_wanted && !parts[i].pid &&
                clock_mono_us() >= parts[i].start_us)
                start(&parts[i], w);
        stop = hear(signals, alive() ? LANE_POLL_MS : 100);
        reap(w, stop);
    }
}

/* Lanes end by themselves within their grace; the rest is cut off, and its
 * leases run out. */
static void end_all(const struct worker *w, int signals)
{
    const int64_t grace_s = conf_int(CONF_WORKER_GRACE_S) + GRACE_MORE_S;
    const int64_t until = clock_mono_us() + grace_s * SECOND;
    tell_all(SIGTERM);
    while (alive() && clock_mono_us() < until) {
        (void)hear(signals, 100);
        reap(w, true);
    }
    if (!alive())
        return;
    log_error("worker_cut_off", "{s:i}", "parts", alive());
    tell_all(SIGKILL);
}

static int live(struct worker *w)
{
    char host[64], name[NAME_BYTES];
    if (gethostname(host, sizeof host) != 0)
        snprintf(host, sizeof host, "localhost");
    host[sizeof host - 1] = '\0';
    snprintf(name, sizeof name, "%s/%d", host, (int)getpid());
    w->name = name;
    const int signals = lane_signals();
    log_info("worker_ready", "{s:s,s:s?,s:b}", "worker", name, "kinds",
             w->kinds, "once", w->once);
    keep(w, signals);
    end_all(w, signals);
    log_info("worker_ended", "{s:s}", "worker", name);
    for (int i = 0; w->once && i < PARTS; i++)
        if (parts[i].has_failed)
            return EXIT_LANE;
    return EXIT_DONE;
}

/* Keys are in this process's memory: no core file may hold them. */
static void forbid_core_files(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (str_eq(conf_str(CONF_ENV), "prod"))
        prctl(PR_SET_DUMPABLE, 0);
}

static const char *refused_settings(void)
{
    if (!*conf_str(CONF_DATABASE_URL))
        return "DATABASE_URL is not set";
    if (conf_int(CONF_JOB_HEARTBEAT_S) * 2 >= conf_int(CONF_JOB_LEASE_S))
        return "JOB_HEARTBEAT_S must be less than half of JOB_LEASE_S";
    if (conf_int(CONF_JOB_SOFT_S) >= conf_int(CONF_JOB_HARD_S))
        return "JOB_SOFT_S must be less than JOB_HARD_S";
    const char *bad = seal_init();
    bad = bad ? bad : blob_object_init();
    return bad ? bad : webhook_init();
}

int main(int argc, char **argv)
{
    struct worker w = {.once = false};
    struct arena *a = arena_new(4096);
    if (argc == 2 && str_eq(argv[1], "--version")) {
        printf("comptoir-worker %s\n", COMPTOIR_VERSION);
        return EXIT_DONE;
    }
    if (argc == 2 && str_eq(argv[1], "--help"))
        return usage(stdout);
    const char *bad = conf_init();
    if (bad) {
        fprintf(stderr, "comptoir-worker: %s\n", bad);
        return EXIT_CONFIG;
    }
    if (!parse(a, argc, argv, &w))
        return usage(stderr);
    forbid_core_files();
    log_init("comptoir-worker");
    bad = refused_settings();
    if (bad) {
        log_error("start_refused", "{s:s}", "reason", bad);
        return EXIT_CONFIG;
    }
    choose_parts(a, &w);
    const int code = live(&w);
    arena_free(a);
    return code;
}
