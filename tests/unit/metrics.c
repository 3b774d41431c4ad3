#include "web/metrics.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "tap.h"

static const struct route rows[] = {
    {.method = "GET", .path = "/a"}, {.method = "POST", .path = "/b"}, {0}};
static const struct route *const groups[] = {rows, NULL};
static struct arena *a;
static char dir[] = "/tmp/metrics-unit-XXXXXX";

static bool says(const char *line)
{
    const char *text = metrics_text(a, NULL);
    const char *wanted = arena_printf(a, "%s\n", line);
    return strstr(text, wanted) != NULL;
}

/* A responder of its own: counts, then dies as told in the middle of a
 * request. */
static void responder(const char *family, const char *slot, int sig)
{
    pid_t pid = fork();
    if (pid == 0) {
        setenv("COMPTOIR_SLOT", slot, 1);
        metrics_init(family, groups);
        for (int i = 0; i < 100; i++) {
            metrics_begin(0, "request-0001");
            metrics_end(0, i % 10 ? 200 : 422, 700 + i);
        }
        metrics_add(METRIC_pages, 7);
        metrics_add(METRIC_logins_failed, 2);
        metrics_add_by(METRIC_rate_limit_hits, "auth_login", 3);
        metrics_begin(1, "request-0002");
        if (sig)
            raise(sig);
        metrics_end(1, 200, 90000000);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

static void sums(void)
{
    responder("invoice", "0", 0);
    responder("invoice", "1", 0);
    responder("system", "0", 0);
    tap_ok(says("comptoir_http_requests_total{family=\"invoice\",route=\"/a\","
                "method=\"GET\",code=\"200\"} 180"),
           "two slots are summed");
    tap_ok(says("comptoir_http_requests_total{family=\"system\",route=\"/a\","
                "method=\"GET\",code=\"422\"} 10"),
           "families stay apart");
    tap_ok(says("comptoir_pages_total 21"), "counters of all");
    const char *h = "comptoir_http_request_duration_seconds";
    const char *l = "family=\"invoice\",route=\"/a\",method=\"GET\"";
    tap_ok(says(arena_printf(a, "%s_bucket{%s,le=\"0.0005\"} 0", h, l)),
           "buckets are cumulative: none");
    tap_ok(says(arena_printf(a, "%s_bucket{%s,le=\"0.001\"} 200", h, l)),
           "all");
    tap_ok(says(arena_printf(a, "%s_bucket{%s,le=\"+Inf\"} 200", h, l)),
           "+Inf is the count");
    tap_ok(says(arena_printf(a, "%s_count{%s} 200", h, l)), "count");
    tap_ok(says(arena_printf(a, "%s_sum{%s} 0.149900", h, l)), "sum");
    tap_ok(says(arena_printf(a,
                             "%s_bucket{family=\"system\",route=\"/b\","
                             "method=\"POST\",le=\"60\"} 0",
                             h)),
           "90 s are beyond the last end");
}

/* How often a text is there. */
static int times(const char *text, const char *what)
{
    int n = 0;
    for (; (text = strstr(text, what)) != NULL; text++)
        n++;
    return n;
}

static void labels(void)
{
    tap_ok(says("comptoir_logins_total{result=\"ok\"} 0"), "labels: one");
    tap_ok(says("comptoir_logins_total{result=\"failed\"} 6"), "and another");
    tap_is_int(times(metrics_text(a, NULL), "# TYPE comptoir_logins_total counter"),
               1, "of one series, which is headed once");
    tap_ok(says("comptoir_rate_limit_hits_total{limit=\"auth_login\"} 9"),
           "a label's value met in three processes");
    tap_is_int(times(metrics_text(a, NULL), "comptoir_rate_limit_hits_total{"), 1,
               "no value that was not met");
}

/* Values beyond what a file holds are counted together. */
static void too_many_values(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        setenv("COMPTOIR_SLOT", "4", 1);
        metrics_init("plug", groups);
        for (int i = 0; i < 200; i++)
            metrics_add_by(METRIC_license_codes, arena_printf(a, "C%d", i), 1);
        metrics_add_by(METRIC_license_codes,
                       "a_value_longer_than_any_word_of_our_tables", 5);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    tap_ok(says("comptoir_license_codes_total{code=\"C127\"} 1"),
           "the last of 128 values");
    tap_ok(says("comptoir_license_codes_total{code=\"other\"} 77"),
           "what comes beyond, and what is too long");
}

/* A process with a request in hand is busy; one that is gone is none. */
static void pools(void)
{
    int ready[2], end[2];
    char c = 'x';
    tap_ok(pipe(ready) == 0 && pipe(end) == 0, "pipes");
    pid_t pid = fork();
    if (pid == 0) {
        close(end[1]);
        setenv("COMPTOIR_SLOT", "0", 1);
        metrics_init("busy", groups);
        metrics_begin(0, "request-0003");
        bool told = write(ready[1], &c, 1) == 1;
        _exit(told && read(end[0], &c, 1) == 0);
    }
    tap_ok(read(ready[0], &c, 1) == 1, "a responder at work");
    tap_ok(says("comptoir_pool_processes{family=\"busy\"} 1"), "is alive");
    tap_ok(says("comptoir_pool_busy_processes{family=\"busy\"} 1"), "and busy");
    tap_is_int(times(metrics_text(a, NULL), "comptoir_pool_processes{"), 1,
               "those that ended are not");
    close(end[1]);
    waitpid(pid, NULL, 0);
}

static void survives(void)
{
    responder("invoice", "0", SIGKILL);
    tap_ok(says("comptoir_http_requests_total{family=\"invoice\",route=\"/a\","
                "method=\"GET\",code=\"200\"} 270"),
           "kill -9 loses nothing");
}

/* The successor names the request that killed its predecessor. */
static void tells(void)
{
    char log_path[256], text[4096] = "";
    snprintf(log_path, sizeof log_path, "%s/log", dir);
    responder("plug", "3", SIGKILL);
    pid_t pid = fork();
    if (pid == 0) {
        FILE *f = freopen(log_path, "w", stderr);
        setenv("COMPTOIR_SLOT", "3", 1);
        metrics_init("plug", groups);
        _exit(f == NULL);
    }
    waitpid(pid, NULL, 0);
    FILE *f = fopen(log_path, "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    tap_ok(n && strstr(text, "request_killed_process") &&
               strstr(text, "request-0002") && strstr(text, "\"/b\""),
           "which request killed the process");
    unlink(log_path);
}

static void damaged_files(void)
{
    char path[256];
    snprintf(path, sizeof path, "%s/metrics/junk.0", dir);
    FILE *f = fopen(path, "we");
    for (int i = 0; f && i < 5000; i++)
        fputs("junkjunk", f);
    if (f)
        fclose(f);
    tap_ok(says("comptoir_pages_total 35"), "a strange file is left out");
    tap_ok(strstr(metrics_text(a, NULL), "comptoir_build_info{version=\"") != NULL,
           "build info");
    pid_t pid = fork();
    if (pid == 0) { /* started on a strange file: it begins anew */
        setenv("COMPTOIR_SLOT", "0", 1);
        metrics_init("junk", groups);
        metrics_add(METRIC_pages, 1);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    tap_ok(says("comptoir_pages_total 36"), "and is replaced");
}

int main(void)
{
    if (!mkdtemp(dir))
        return 1;
    setenv("COMPTOIR_RUN", dir, 1);
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    a = arena_new(65536);
    fflush(stdout);
    sums();
    labels();
    survives();
    tells();
    too_many_values();
    pools();
    damaged_files();
    const char *rm = arena_printf(a, "%s/metrics", dir);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", rm, dir, (char *)NULL);
        _exit(1);
    }
    waitpid(pid, NULL, 0);
    arena_free(a);
    return tap_done();
}
