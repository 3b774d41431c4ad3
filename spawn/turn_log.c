/* nginx never turns its own log, and every refused request may write a line
 * there: whoever sends enough of them could fill the disk. */
#include "turn_log.h"
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "base/banned.h"

enum { TURN_BYTES = 10 * 1000 * 1000, KEPT = 5, PATH_BYTES = 256 };

/* When a process began, as /proc tells it; 0 when there is none. */
static unsigned long long began(int pid)
{
    char path[64], line[1024] = "";
    unsigned long long ticks = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    char *name_end = fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
    fclose(f);
    if (!name_end ||
        sscanf(name_end + 1,
               " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
               "%*d %*d %*d %*d %llu",
               &ticks) != 1)
        return 0;
    return ticks;
}

/* The pid file holds "pid start": a number that came round is a stranger. */
static int nginx_pid(const char *run)
{
    char path[PATH_BYTES];
    int pid = 0;
    unsigned long long since = 0;
    snprintf(path, sizeof path, "%s/pid/nginx", run);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    bool whole = fscanf(f, "%d %llu", &pid, &since) == 2;
    fclose(f);
    return whole && pid > 1 && since && began(pid) == since ? pid : 0;
}

static void rename_all(const char *path)
{
    char from[PATH_BYTES + 12], to[PATH_BYTES + 12]; /* any int fits */
    for (int i = KEPT - 1; i > 0; i--) {
        snprintf(from, sizeof from, "%s.%d", path, i);
        snprintf(to, sizeof to, "%s.%d", path, i + 1);
        rename(from, to);
    }
    snprintf(to, sizeof to, "%s.1", path);
    rename(path, to);
}

void turn_log_nginx(const char *run)
{
    char path[PATH_BYTES];
    struct stat st;
    snprintf(path, sizeof path, "%s/log/nginx.log", run);
    if (stat(path, &st) < 0 || st.st_size < TURN_BYTES)
        return;
    int pid = nginx_pid(run);
    if (!pid)
        return;
    rename_all(path);
    kill(pid, SIGUSR1);
    log_info("nginx_log_turned", "{s:I}", "bytes", (json_int_t)st.st_size);
}
