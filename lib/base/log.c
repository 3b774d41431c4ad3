/* Lines go out with one write each, so processes may share a file. Every
 * writer checks the file's size once a second; the first to see 10 MB
 * renames it under a lock, and the others follow by noticing the new file. */
#include "base/log.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/str.h"
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROTATE_BYTES = 10 * 1000 * 1000, KEPT = 5, LINE_MAX_BYTES = 4096 };

static const char *const names[] = {"DEBUG", "INFO", "WARNING", "ERROR"};
static struct {
    const char *program;
    enum log_level level;
    const char *path;
    int fd;
    int64_t checked_us;
    char request_id[65], principal[81], ip[65];
    int64_t tenant_id;
} state = {.program = "comptoir", .level = LOG_INFO, .fd = STDERR_FILENO};

static void reopen(void)
{
    int fd = open(state.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return;
    if (state.fd != STDERR_FILENO)
        close(state.fd);
    state.fd = fd;
}

void log_init(const char *program)
{
    state.program = program;
    for (int i = 0; i < (int)ARRAY_LEN(names); i++)
        if (str_eq(names[i], conf_str(CONF_LOG_LEVEL)))
            state.level = (enum log_level)i;
    state.path = conf_str(CONF_LOG_FILE);
    if (*state.path)
        reopen();
}

void log_context(const char *request_id, const char *principal, const char *ip)
{
    snprintf(state.request_id, sizeof state.request_id, "%s",
             request_id ? request_id : "");
    snprintf(state.principal, sizeof state.principal, "%s",
             principal ? principal : "");
    snprintf(state.ip, sizeof state.ip, "%s", ip ? ip : "");
    state.tenant_id = 0;
}

void log_tenant(int64_t tenant_id)
{
    state.tenant_id = tenant_id;
}

static void rename_older(void)
{
    char from[4096], to[4096];
    for (int i = KEPT - 1; i >= 0; i--) {
        if (i)
            snprintf(from, sizeof from, "%s.%d", state.path, i);
        else
            snprintf(from, sizeof from, "%s", state.path);
        snprintf(to, sizeof to, "%s.%d", state.path, i + 1);
        if (rename(from, to) < 0 && i == 0)
            return;
    }
}

static void rotate_when_due(void)
{
    int64_t now = clock_mono_us();
    if (!state.path || !*state.path || now - state.checked_us < 1000000)
        return;
    state.checked_us = now;
    struct stat open_file, named;
    bool gone = stat(state.path, &named) < 0 ||
                fstat(state.fd, &open_file) < 0 ||
                named.st_ino != open_file.st_ino;
    if (!gone && named.st_size >= ROTATE_BYTES &&
        flock(state.fd, LOCK_EX | LOCK_NB) == 0) {
        if (stat(state.path, &named) == 0 && named.st_ino == open_file.st_ino)
            rename_older();
        gone = true; /* closing the old file gives the lock back */
    }
    if (gone)
        reopen();
}

void log_line(const char *line, size_t n)
{
    rotate_when_due();
    while (n > 0) {
        ssize_t done = write(state.fd, line, n);
        if (done <= 0)
            return; /* a full disk must not stop the service */
        line += done;
        n -= (size_t)done;
    }
}

static void set_text(json_t *o, const char *key, const char *s)
{
    if (s && *s)
        json_object_set_new(o, key, json_string(s));
}

static json_t *start_line(enum log_level level, const char *event)
{
    char ts[25];
    clock_rfc3339(clock_now_ms(), ts);
    json_t *o = json_object();
    set_text(o, "ts", ts);
    set_text(o, "level", names[level]);
    set_text(o, "event", event);
    set_text(o, "program", state.program);
    set_text(o, "request_id", state.request_id);
    set_text(o, "principal", state.principal);
    if (state.tenant_id)
        json_object_set_new(o, "tenant", json_integer(state.tenant_id));
    set_text(o, "ip", state.ip);
    return o;
}

void log_event(enum log_level level, const char *event, const char *fmt, ...)
{
    if (level < state.level)
        return;
    json_t *o = start_line(level, event);
    if (fmt) {
        va_list ap;
        va_start(ap, fmt);
        json_t *members = json_vpack_ex(NULL, 0, fmt, ap);
        va_end(ap);
        if (members)
            json_object_update_missing(o, members);
        json_decref(members);
    }
    char line[LINE_MAX_BYTES];
    size_t n = json_dumpb(o, line, sizeof line - 1, JSON_COMPACT);
    if (n >= sizeof line) { /* what happened matters more than its members */
        json_decref(o);
        o = start_line(level, event);
        json_object_set_new(o, "cut", json_true());
        n = json_dumpb(o, line, sizeof line - 1, JSON_COMPACT);
    }
    if (n > 0 && n < sizeof line) {
        line[n] = '\n';
        log_line(line, n + 1);
    }
    json_decref(o);
}

const char *log_mask(struct arena *a, const char *secret)
{
    return arena_printf(a, "%.4s…", strlen(secret) > 8 ? secret : "");
}
