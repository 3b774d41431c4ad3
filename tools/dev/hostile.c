/* hostile PROGRAM LIST : sends every file named in LIST (one path a line) to
 * the document parent PROGRAM, as what its name says and forced as a PDF and
 * as a PNG, and checks that the parent only ever answers with a listed error
 * in time, stays alive, and neither grows nor leaks descriptors. TAP. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/str.h"
#include "document/document.h"
#include "tap.h"
#include "base/banned.h"

enum {
    WARM_FILES = 20,
    PSS_SLACK_KIB = 2048,
    PATH_BYTES = 4096,
    IDLE_FDS = 5 /* 0-2, request socket, signals; more are looked at */
};

static const enum err listed[] = {
    OK,
    ERR_FILE_TYPE,
    ERR_FILE_EMPTY,
    ERR_DOCUMENT_UNREADABLE,
    ERR_DOCUMENT_ENCRYPTED,
    ERR_DOCUMENT_TOO_SLOW,
    ERR_TOO_MANY_PAGES,
    ERR_USE_JOBS,
    ERR_IMAGE_TOO_LARGE,
};

static struct {
    struct document_limits lim;
    size_t files, sent, answers[ERR_MAX];
    int64_t slowest_us;
    char slowest[PATH_BYTES];
    long pss_kib, fds;
} run;

static struct bytes map(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    struct bytes b = {NULL, 0};
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0) {
        void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p != MAP_FAILED)
            b = (struct bytes){p, (size_t)st.st_size};
    }
    if (fd >= 0)
        close(fd);
    return b;
}

/* PSS of the parent in KiB. */
static long parent_pss(void)
{
    char path[64], line[256];
    long kib = -1;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", document_client_pid());
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "Pss: %ld", &kib) == 1)
            break;
    if (f)
        fclose(f);
    return kib;
}

static long parent_fds(void)
{
    char path[64];
    long n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", document_client_pid());
    DIR *d = opendir(path);
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

/* The answer goes out just before the parent closes what it held. */
static long settled_fds(long want)
{
    int64_t until = clock_mono_us() + 2000000;
    long n = parent_fds(), least = n;
    while (n > want && clock_mono_us() < until) {
        usleep(5000);
        n = parent_fds();
        least = n < least ? n : least;
    }
    return least;
}

static bool alive(void)
{
    return kill(document_client_pid(), 0) == 0 &&
           waitpid(document_client_pid(), NULL, WNOHANG) == 0;
}

static bool is_listed(enum err e)
{
    for (size_t i = 0; i < ARRAY_LEN(listed); i++)
        if (listed[i] == e)
            return true;
    return false;
}

/* Sends the bytes as that kind; complains only when something is wrong. */
static void send_as(const char *path, struct bytes data, enum file_kind kind)
{
    struct arena *a = arena_new(1 << 16);
    struct upload u = {.name = path, .kind = kind, .data = data};
    struct document *d;
    int64_t from = clock_mono_us();
    enum err e = document_read(a, &u, 1, &run.lim, &d);
    int64_t us = clock_mono_us() - from;
    run.sent++;
    run.answers[e]++;
    if (us > run.slowest_us) {
        run.slowest_us = us;
        snprintf(run.slowest, sizeof run.slowest, "%s", path);
    }
    if (!is_listed(e))
        tap_ok(false, "%s as kind %d: %s", path, (int)kind, err_code(e));
    if (us > ((int64_t)run.lim.wall_ms + 500) * 1000)
        tap_ok(false, "%s as kind %d took %lld ms", path, (int)kind,
               (long long)us / 1000);
    arena_free(a);
}

static void send_file(const char *path)
{
    struct bytes data = map(path);
    enum file_kind kind;
    enum err e = document_sniff(path, NULL, data, &kind);
    if (e == OK)
        send_as(path, data, kind);
    else
        run.answers[e]++;
    if (data.n > 0 && (e != OK || kind != FILE_PDF))
        send_as(path, data, FILE_PDF);
    if (data.n > 0 && (e != OK || kind != FILE_PNG))
        send_as(path, data, FILE_PNG);
    if (data.n > 0)
        munmap((void *)data.p, data.n);
    if (!alive()) {
        tap_ok(false, "the parent died after %s", path);
        exit(1);
    }
    if (++run.files == WARM_FILES) {
        run.pss_kib = parent_pss();
        run.fds = settled_fds(IDLE_FDS);
    }
}

static void send_list(const char *list)
{
    FILE *f = fopen(list, "re");
    char line[PATH_BYTES];
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line)
            send_file(line);
    }
    if (f)
        fclose(f);
}

static void report(void)
{
    long pss = parent_pss(), fds = settled_fds(run.fds);
    tap_ok(run.files > 0 && alive(), "%zu files, %zu readings, parent alive",
           run.files, run.sent);
    if (run.files >= WARM_FILES) {
        tap_ok(pss <= run.pss_kib + PSS_SLACK_KIB,
               "parent's PSS %ld KiB after %d files, %ld at the end",
               run.pss_kib, WARM_FILES, pss);
        tap_ok(fds == run.fds, "parent's descriptors %ld, then %ld", run.fds,
               fds);
    }
    for (int e = 0; e < ERR_MAX; e++)
        if (run.answers[e])
            printf("# %-22s %zu\n", e ? err_code((enum err)e) : "ok",
                   run.answers[e]);
    printf("# slowest %.1f s: %s\n", (double)run.slowest_us / 1e6, run.slowest);
}

int main(int argc, char **argv)
{
    const char *bad = conf_init();
    if (argc != 3 || bad) {
        fprintf(stderr, "usage: hostile PROGRAM LIST\n%s\n", bad ? bad : "");
        return 2;
    }
    document_limits(&run.lim);
    if (!document_client_start(argv[1])) {
        tap_ok(false, "the document parent starts");
        return tap_done();
    }
    send_list(argv[2]);
    report();
    int status = document_client_stop();
    tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
           "the parent ends well when told to");
    return tap_done();
}
