#include "store/cache.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "tap.h"

static struct arena *a;
static char dir[] = "/tmp/cache-unit-XXXXXX";

static bool answers(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    memcpy(at.sun_path, path, strlen(path) + 1);
    bool ok = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
    return ok;
}

/* A memcached of this test's own; waits until it answers. 0 without one. */
static pid_t start(const char *path)
{
    unlink(path);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("memcached", "memcached", "-s", path, "-U", "0", "-m", "8", "-u",
               getuid() ? "x" : "root", (char *)NULL);
        _exit(127);
    }
    int64_t end = clock_mono_us() + 5000000;
    while (!answers(path) && clock_mono_us() < end)
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return 0;
    return pid;
}

static void stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void counts(struct cache *c)
{
    uint64_t v = 99;
    tap_is_int(cache_count(c, "k", &v), OK, "asking for nothing");
    tap_is_int(v, 0, "is zero");
    tap_is_int(cache_incr(c, "k", 60, &v), OK, "the first");
    tap_is_int(v, 1, "is one");
    tap_is_int(cache_incr(c, "k", 60, &v), OK, "the second");
    tap_is_int(v, 2, "is two");
    for (int i = 0; i < 9; i++)
        if (cache_incr(c, "k", 60, &v))
            tap_ok(false, "incr %d", i);
    tap_is_int(cache_decr(c, "k"), OK, "taking back");
    tap_is_int(cache_decr(c, "k"), OK, "twice, from two digits to one");
    tap_is_int(cache_count(c, "k", &v), OK, "asking");
    tap_is_int(v, 9, "is nine");
    tap_is_int(cache_decr(c, "gone"), OK, "what is gone stays gone");
    tap_is_int(cache_incr(c, "a\r\nflush_all\r\n", 60, &v), ERR_UNAVAILABLE,
               "a key with line ends is refused");
    tap_is_int(cache_count(c, "k", &v), OK, "and nothing was flushed");
    tap_is_int(v, 9, "still nine");
    tap_ok(cache_ping(c), "ping");
}

static void swaps(struct cache *c)
{
    uint64_t v = 1700;
    tap_is_int(cache_first(c, "e", 60, &v), OK, "the first number stored");
    tap_is_int(v, 1700, "is ours");
    v = 1800;
    tap_is_int(cache_first(c, "e", 60, &v), OK, "who comes later");
    tap_is_int(v, 1700, "finds it");
    tap_is_int(cache_swap(c, "e", 60, 1600, 1900), ERR_CONFLICT,
               "a number that is not there is not replaced");
    tap_is_int(cache_swap(c, "e", 60, 1700, 1900), OK, "the one that is, is");
    tap_is_int(cache_swap(c, "e", 60, 1700, 2000), ERR_CONFLICT, "once");
    tap_ok(cache_count(c, "e", &v) == OK && v == 1900, "as one can see");
    tap_is_int(cache_swap(c, "none", 60, 1, 2), ERR_CONFLICT, "nothing there");
}

/* Many at once, of two servers, one of which goes away. */
static void many(const char *path)
{
    enum { N = CACHE_MANY };
    const char *second_path = arena_printf(a, "%s3", path);
    const char *both[] = {path, second_path}, *keys[N];
    uint64_t values[N], v;
    bool is_known[N];
    pid_t second = start(second_path);
    struct cache *c = cache_open(both, 2);
    int failed = 0, wrong = 0, unknown = 0;
    for (int i = 0; i < N; i++) {
        keys[i] = arena_printf(a, "many%d:x", i);
        for (int k = 0; k < i % 3; k++)
            failed += cache_incr(c, keys[i], 60, &v) != OK;
    }
    tap_is_int(failed, 0, "counted");
    cache_count_many(c, keys, N, values, is_known);
    for (int i = 0; i < N; i++)
        wrong += !is_known[i] || values[i] != (uint64_t)i % 3;
    tap_is_int(wrong, 0, "%d values of two servers at once", N);
    keys[7] = "no key";
    stop(second);
    cache_count_many(c, keys, N, values, is_known);
    for (int i = wrong = 0; i < N; i++) {
        unknown += !is_known[i];
        wrong += values[i] != (is_known[i] ? (uint64_t)i % 3 : 0);
    }
    tap_ok(unknown > 20 && unknown < N - 20, "one away: %d unknown", unknown);
    tap_ok(!wrong && !is_known[7], "the others as before, no key is none");
    cache_count_many(NULL, keys, 1, values, is_known);
    tap_ok(!is_known[0], "without memcached nobody knows");
    cache_close(c);
    unlink(second_path);
}

/* Two servers: what one holds costs nothing while the other stands still. */
static void one_of_two(const char *path)
{
    const char *second_path = arena_printf(a, "%s2", path);
    const char *both[] = {path, second_path};
    pid_t second = start(second_path);
    struct cache *c = cache_open(both, 2);
    int good = 0, moved = 0;
    uint64_t v;
    tap_is_int(cache_servers(c), 2, "two servers");
    tap_ok(cache_ping(c), "both answer");
    kill(second, SIGSTOP);
    waitpid(second, NULL, WUNTRACED);
    int64_t start_us = clock_mono_us();
    for (int i = 0; i < 200; i++)
        good += cache_incr(c, arena_printf(a, "k%d:x", i), 60, &v) == OK;
    int64_t ms = (clock_mono_us() - start_us) / 1000;
    tap_ok(good > 20 && good < 180, "%d of 200 keys are the other's", good);
    tap_ok(ms < 1000, "which cost %lld ms in all", (long long)ms);
    kill(second, SIGCONT);
    stop(second);
    for (int i = 0; i < 200; i++)
        if (cache_count(c, arena_printf(a, "k%d:y", i), &v) == OK)
            moved++;
    tap_is_int(moved, good,
               "no key moves, and what one caller has is together");
    cache_close(c);
    unlink(second_path);
}

/* Four processes count together: nothing is lost. */
static void counts_together(const char *path)
{
    uint64_t v = 0;
    for (int p = 0; p < 4; p++)
        if (fork() == 0) {
            struct cache *c = cache_open(&path, 1);
            int failed = 0;
            for (int i = 0; i < 250; i++)
                failed |= cache_incr(c, "together", 60, &v) != OK;
            _exit(failed);
        }
    int failed = 0, status;
    for (int p = 0; p < 4; p++)
        failed += wait(&status) < 0 || status != 0;
    tap_is_int(failed, 0, "four processes counted");
    struct cache *c = cache_open(&path, 1);
    tap_is_int(cache_count(c, "together", &v), OK, "their sum");
    tap_is_int(v, 1000, "is exact");
    cache_close(c);
}

static void frozen(struct cache *c, pid_t pid)
{
    uint64_t v;
    int64_t start_us = clock_mono_us();
    kill(pid, SIGSTOP);
    waitpid(pid, NULL, WUNTRACED); /* else one more answer may come */
    int failed = 0;
    for (int i = 0; i < 200; i++)
        failed += cache_incr(c, "k", 60, &v) == ERR_UNAVAILABLE;
    int64_t ms = (clock_mono_us() - start_us) / 1000;
    tap_is_int(failed, 200, "a frozen server answers nothing");
    tap_ok(ms < 1000, "200 calls cost %lld ms, not 200 waits", (long long)ms);
    kill(pid, SIGCONT);
    int64_t end = clock_mono_us() + 5000000;
    while (cache_count(c, "k", &v) && clock_mono_us() < end)
        usleep(20000);
    tap_ok(cache_incr(c, "after", 60, &v) == OK && v == 1,
           "afterwards answers belong to their questions");
}

static void dead(struct cache *c, pid_t pid, const char *path)
{
    uint64_t v;
    stop(pid);
    int64_t start_us = clock_mono_us();
    int failed = 0;
    for (int i = 0; i < 200; i++)
        failed += cache_incr(c, "k", 60, &v) == ERR_UNAVAILABLE;
    tap_is_int(failed, 200, "a dead server too");
    tap_ok(clock_mono_us() - start_us < 500000, "and fast");
    pid = start(path);
    int64_t end = clock_mono_us() + 5000000;
    while (cache_incr(c, "back", 60, &v) && clock_mono_us() < end)
        usleep(20000);
    tap_is_int(cache_incr(c, "back", 60, &v), OK, "back after a restart");
    stop(pid);
}

static void servers(void)
{
    static const char *const bad[] = {":11211", "host:0", "host:99999",
                                      "host:x"};
    tap_ok(!cache_open(NULL, 0), "no server");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        tap_ok(!cache_open(&bad[i], 1), "server '%s'", bad[i]);
    uint64_t v;
    tap_is_int(cache_incr(NULL, "k", 1, &v), ERR_UNAVAILABLE, "no cache");
    tap_ok(!cache_ping(NULL), "no ping");
}

int main(void)
{
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(4096);
    if (!mkdtemp(dir))
        return 1;
    const char *path = arena_printf(a, "%s/s", dir);
    servers();
    pid_t pid = start(path);
    if (pid) {
        struct cache *c = cache_open(&path, 1);
        counts(c);
        swaps(c);
        counts_together(path);
        many(path);
        one_of_two(path);
        frozen(c, pid);
        dead(c, pid, path);
        cache_close(c);
    } else {
        tap_ok(true, "memcached # SKIP not installed");
    }
    unlink(path);
    rmdir(dir);
    arena_free(a);
    return tap_done();
}
