/* One life of a process: how it comes to be, how it is asked to end, what its
 * death costs. Which processes there should be is supervise.c's business. */
#include "child.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "base/banned.h"

enum {
    EX_CONFIG = 78, /* a process that refuses its settings */
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

/* ---- coming to be -------------------------------------------------------- */

/* The settings of this moment in place of those the supervisor was started
 * with: a rolling restart takes up what changed. */
static void take_environment(const struct child_family *of)
{
    char *line = NULL;
    size_t room = 0;
    FILE *f = of->environment ? fopen(of->environment, "re") : NULL;
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

static NORETURN void run_companion(const struct child_family *of)
{
    hand_over_fd("COMPTOIR_DOCUMENT_PARENT_FD", of->pair[0]);
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0)
        dup2(null, STDIN_FILENO); /* not the listening socket */
    execl(of->companion, of->companion, (char *)NULL);
    fprintf(stderr, "comptoir-supervise: %s: %s\n", of->companion,
            strerror(errno));
    _exit(EX_EXEC);
}

/* A family that may wait gets what the others leave: nice, and no haste
 * (SCHED_BATCH). Where the kernel groups processes by session, nice counts
 * within the session only, and the group has a nice of its own (sched(7),
 * "The autogroup feature"): it is set where the session is this family's. */
static void stand_back(int nice)
{
    const struct sched_param none = {0};
    char text[8];
    setpriority(PRIO_PROCESS, 0, nice);
    sched_setscheduler(0, SCHED_BATCH, &none);
    if (getsid(0) != getppid())
        return;
    int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    int n = snprintf(text, sizeof text, "%d", nice);
    if (fd >= 0 && write(fd, text, (size_t)n) < 0 && errno != EAGAIN)
        fprintf(stderr, "comptoir-supervise: autogroup: %s\n", strerror(errno));
    if (fd >= 0)
        close(fd);
}

static NORETURN void run_responder(const struct child_family *of, int slot)
{
    char text[16];
    snprintf(text, sizeof text, "%d", slot);
    setenv("COMPTOIR_SLOT", text, 1);
    snprintf(text, sizeof text, "%d", of->processes);
    setenv("COMPTOIR_PROCESSES", text, 1);
    if (of->companion)
        hand_over_fd("COMPTOIR_DOCUMENT_FD", of->pair[1]);
    if (of->nice)
        stand_back(of->nice);
    execv(of->program[0], of->program);
    fprintf(stderr, "comptoir-supervise: %s: %s\n", of->program[0],
            strerror(errno));
    _exit(EX_EXEC);
}

static NORETURN void become(const struct child_family *of, int slot)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    take_environment(of);
    /* libgomp reads it when it is loaded: later is too late. */
    setenv("OMP_THREAD_LIMIT", "1", 0);
    if (slot == COMPANION)
        run_companion(of);
    run_responder(of, slot);
}

void child_start(struct child *c, const struct child_family *of)
{
    pid_t pid = fork();
    if (pid == 0)
        become(of, c->slot);
    c->started_us = clock_mono_us();
    c->term_at_us = c->kill_at_us = 0;
    if (pid < 0) {
        c->start_at_us = c->started_us + SECOND_US;
        log_error("fork_failed", "{s:s,s:s}", "family", of->family, "error",
                  strerror(errno));
        return;
    }
    c->pid = pid;
    c->failed = false;
    log_info("process_started", "{s:s,s:i,s:i}", "family", of->family, "slot",
             c->slot, "pid", (int)pid);
}

void child_ask_to_end(struct child *c, int64_t grace_us)
{
    int64_t now = clock_mono_us();
    c->term_at_us = now;
    c->kill_at_us = now + grace_us;
}

/* TERM is repeated every second: libfcgi has a moment in which it misses
 * one. After the grace the process is killed. */
void child_press(struct child *c, const struct child_family *of, int64_t now)
{
    if (!c->pid || !c->term_at_us || now < c->term_at_us)
        return;
    bool killing = now >= c->kill_at_us;
    if (killing)
        log_warning("process_killed", "{s:s,s:i,s:i}", "family", of->family,
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
static void log_exit(const struct child *c, const struct child_family *of,
                     int status, int64_t lived_us)
{
    bool asked = c->term_at_us != 0;
    log_event(went_badly(status) && !asked ? LOG_ERROR : LOG_INFO,
              "process_exited", "{s:s,s:i,s:i,s:s,s:i,s:I}", "family",
              of->family, "slot", c->slot, "pid", (int)c->pid,
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

void child_ended(struct child *c, const struct child_family *of, int status)
{
    int64_t now = clock_mono_us(), lived_us = now - c->started_us, wait = 0;
    bool asked = c->term_at_us != 0;
    log_exit(c, of, status, lived_us);
    c->failed = !asked && went_badly(status);
    if (!asked)
        wait = wait_after(c, status, lived_us, now);
    if (wait)
        log_warning("process_waits", "{s:s,s:i,s:I}", "family", of->family,
                    "slot", c->slot, "wait_ms", (json_int_t)(wait / 1000));
    c->pid = 0;
    c->start_at_us = now + wait;
    c->term_at_us = c->kill_at_us = 0;
}

int64_t child_kib(pid_t pid)
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
