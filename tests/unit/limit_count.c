#include "web/limit_count.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "store/cache.h"
#include "tap.h"

enum { WINDOW_MS = 60000, COUNT = 20, PROCESSES = 3, RUN_MAX = 4096 };

static struct arena *a;
static char dir[] = "/tmp/limit-count-unit-XXXXXX";
static const struct limit row = {"row", COUNT, 60, false};
static const struct limit paid = {"paid", 5, 60, true};

static bool answers(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    memcpy(at.sun_path, path, strlen(path) + 1);
    bool ok = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
    return ok;
}

static pid_t start(const char *path)
{
    pid_t pid = fork();
    if (pid == 0) {
        execlp("memcached", "memcached", "-s", path, "-U", "0", "-m", "8",
               "-u", getuid() ? "x" : "root", (char *)NULL);
        _exit(127);
    }
    int64_t end = clock_mono_us() + 5000000;
    while (!answers(path) && clock_mono_us() < end)
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return 0;
    return pid;
}

/* ---- processes with a clock of ours -------------------------------------- */

struct question {
    char client[16];
    int64_t now_ms;
};
static struct process {
    pid_t pid;
    int to, from;
} processes[PROCESSES];

static void serve(const char *path, int in, int out)
{
    struct question q;
    struct cache *cache = cache_open(&path, 1);
    while (read(in, &q, sizeof q) == (ssize_t)sizeof q) {
        struct limit_counted c = limit_count(a, cache, &row, q.client, q.now_ms);
        if (write(out, &c, sizeof c) != (ssize_t)sizeof c)
            break;
        arena_reset(a);
    }
    _exit(0);
}

static void open_processes(const char *path)
{
    for (int i = 0; i < PROCESSES; i++) {
        int ask[2], answer[2];
        if (pipe(ask) < 0 || pipe(answer) < 0)
            exit(1);
        processes[i] = (struct process){fork(), ask[1], answer[0]};
        if (processes[i].pid == 0) {
            for (int k = 0; k <= i; k++)
                close(k < i ? processes[k].to : ask[1]);
            serve(path, ask[0], answer[1]);
        }
        close(ask[0]);
        close(answer[1]);
    }
}

static void close_processes(void)
{
    for (int i = 0; i < PROCESSES; i++) {
        close(processes[i].to);
        close(processes[i].from);
        waitpid(processes[i].pid, NULL, 0);
    }
}

static struct limit_counted ask(int i, const char *client, int64_t now_ms)
{
    struct question q = {.now_ms = now_ms};
    struct limit_counted c = {.verdict = LIMIT_UNCOUNTED};
    snprintf(q.client, sizeof q.client, "%s", client);
    if (write(processes[i].to, &q, sizeof q) != (ssize_t)sizeof q ||
        read(processes[i].from, &c, sizeof c) != (ssize_t)sizeof c)
        printf("# process %d does not answer\n", i);
    return c;
}

/* ---- runs --------------------------------------------------------------- */

static struct run {
    int64_t at[RUN_MAX];
    int n, uncounted;
} run;

/* Even arrivals, each at another process, from a moment on. */
static void arrive(const char *client, int64_t from_ms, int64_t to_ms,
                   int64_t every_ms)
{
    int i = 0;
    for (int64_t t = from_ms; t < to_ms; t += every_ms) {
        struct limit_counted c = ask(i++ % PROCESSES, client, t);
        run.uncounted += c.verdict == LIMIT_UNCOUNTED;
        if (c.verdict == LIMIT_ACCEPTED && run.n < RUN_MAX)
            run.at[run.n++] = t;
    }
}

/* The most accepted in any minute, wherever it begins. */
static int most(void)
{
    int first = 0, found = 0;
    for (int i = 0; i < run.n; i++) {
        while (run.at[first] <= run.at[i] - WINDOW_MS)
            first++;
        found = i - first + 1 > found ? i - first + 1 : found;
    }
    return found;
}

static int accepted_in(int64_t from_ms, int64_t to_ms)
{
    int n = 0;
    for (int i = 0; i < run.n; i++)
        n += run.at[i] >= from_ms && run.at[i] < to_ms;
    return n;
}

/* Three processes and a caller who begins at any moment of a clock window:
 * the limit or one less in each minute from then on, never more. */
static void from_any_moment(void)
{
    int wrong = 0, over = 0;
    for (int phase = 0; phase < 6; phase++) {
        char client[24];
        int64_t from = 1800000000000 + phase * 9931;
        snprintf(client, sizeof client, "phase%d", phase);
        run = (struct run){.n = 0};
        arrive(client, from, from + 4 * WINDOW_MS, 700);
        for (int k = 0; k < 4; k++) {
            int n = accepted_in(from + k * WINDOW_MS, from + (k + 1) * WINDOW_MS);
            wrong += n != COUNT && n != COUNT - 1;
        }
        over += most() > COUNT;
    }
    tap_is_int(run.uncounted, 0, "memcached answered");
    tap_is_int(wrong, 0, "in each minute of a caller the limit, or one less");
    tap_is_int(over, 0, "and in no minute more than the limit");
}

/* Away for long, back at another moment: the same again. */
static void comes_back(void)
{
    int64_t from = 1800001000000, back = from + 5 * WINDOW_MS + 47123;
    run = (struct run){.n = 0};
    arrive("back", from, from + WINDOW_MS, 300);
    arrive("back", back, back + 3 * WINDOW_MS, 300);
    tap_is_int(accepted_in(back, back + WINDOW_MS), COUNT,
               "a caller who comes back has the limit");
    tap_is_int(most(), COUNT, "and not more in any minute");
    run = (struct run){.n = 0};
    arrive("back2", from, from + 20 * 300, 300);
    arrive("back2", from + 2 * WINDOW_MS - 9000, from + 4 * WINDOW_MS, 300);
    tap_ok(most() < 2 * COUNT, "%d of %d after a rest of less than two windows, "
           "never twice the limit", most(), COUNT);
}

/* A caller who never rests keeps its windows beyond the time memcached is
 * told to keep their beginning. */
static void never_rests(void)
{
    int64_t t = 1800002000000, day = 86400000;
    struct limit_counted c = ask(0, "tireless", t);
    for (; t < 1800002000000 + 8 * day; t += 7001 * WINDOW_MS / 7000)
        c = ask(1, "tireless", t);
    tap_ok(c.verdict == LIMIT_ACCEPTED && c.wait_ms <= WINDOW_MS &&
               c.wait_ms > 0, "days later its windows are a minute");
    c = ask(0, "behind", t);
    c = ask(1, "behind", t - 5000);
    tap_is_int(c.wait_ms, WINDOW_MS, "a clock that is behind does no harm");
}

static void without_memcached(void)
{
    struct limit_counted c = limit_count(a, NULL, &row, "x", 5000);
    int passed = 0;
    tap_is_int(c.verdict, LIMIT_UNCOUNTED, "an open row counts nothing");
    setenv("COMPTOIR_PROCESSES", "3", 1);
    setenv("COMPTOIR_SLOT", "1", 1);
    for (int64_t t = 7000; t < 7000 + WINDOW_MS; t += 1000) {
        c = limit_count(a, NULL, &paid, "x", t);
        passed += c.verdict == LIMIT_ACCEPTED;
    }
    tap_is_int(passed, 2, "a local one by its share: 2, 2 and 1 of 5");
    tap_is_int(c.wait_ms, 1000, "until the caller's window ends");
    c = limit_count(a, NULL, &paid, "x", 7000 + WINDOW_MS);
    tap_is_int(c.verdict, LIMIT_ACCEPTED, "then again");
    setenv("COMPTOIR_SLOT", "2", 1);
    c = limit_count(a, NULL, &paid, "y", 7000);
    tap_is_int(c.remaining, 0, "the last process may accept one");
}

static struct limit_counted look(struct cache *cache, const struct limit *l,
                                 int64_t now_ms)
{
    struct limit_counted out[2];
    limit_count_look(a, cache, (const struct limit *const[]){&paid, l}, 2,
                     "look", now_ms, out);
    return out[1];
}

/* At any moment what counting would tell, and nothing is counted by it. */
static void looks(const char *path)
{
    struct cache *cache = cache_open(&path, 1);
    const int64_t from = 1800004000000;
    struct limit_counted left = look(cache, &row, from), c = {.remaining = 0};
    int wrong = 0;
    tap_ok(left.verdict == LIMIT_ACCEPTED && left.remaining == COUNT &&
               left.wait_ms == 0,
           "nothing counted: all is left");
    for (int64_t t = from; t < from + 3 * WINDOW_MS; t += 1700) {
        c = limit_count(a, cache, &row, "look", t);
        left = look(cache, &row, t);
        wrong += left.verdict != LIMIT_ACCEPTED ||
                 left.remaining != c.remaining || left.wait_ms <= 0 ||
                 (left.remaining && left.wait_ms != c.wait_ms);
    }
    tap_is_int(wrong, 0, "what is left is what counting tells");
    left = look(cache, &row, from + 9 * WINDOW_MS);
    tap_is_int(left.remaining, COUNT, "long after, all again");
    left = look(NULL, &row, from);
    tap_is_int(left.verdict, LIMIT_UNCOUNTED, "away: nobody knows");
    cache_close(cache);
}

/* What a process accepted while memcached answered is among its share. */
static void goes_away(const char *path, pid_t pid)
{
    struct cache *cache = cache_open(&path, 1);
    int64_t now = 1800003000000;
    int passed = 0;
    setenv("COMPTOIR_PROCESSES", "1", 1);
    setenv("COMPTOIR_SLOT", "0", 1);
    for (int i = 0; i < 3; i++)
        passed += limit_count(a, cache, &paid, "z", now + i).verdict ==
                  LIMIT_ACCEPTED;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    for (int i = 3; i < 30; i++)
        passed += limit_count(a, cache, &paid, "z", now + i).verdict ==
                  LIMIT_ACCEPTED;
    tap_is_int(passed, 5, "five in all, three of them counted by memcached");
    cache_close(cache);
}

int main(void)
{
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(16384);
    if (!mkdtemp(dir))
        return 1;
    const char *path = strdup(arena_printf(a, "%s/s", dir));
    without_memcached();
    pid_t pid = start(path);
    if (pid) {
        open_processes(path);
        from_any_moment();
        comes_back();
        never_rests();
        close_processes();
        looks(path);
        goes_away(path, pid);
    } else {
        tap_ok(true, "memcached # SKIP not installed");
    }
    unlink(path);
    rmdir(dir);
    free((char *)path);
    arena_free(a);
    return tap_done();
}
