/* Without COMPTOIR_FAULT a point costs one test of a number. */
#include "base/fault.h"
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"

enum { POINTS_MAX = 16, MILLION = 1000000 };

static struct {
    const char *names[POINTS_MAX]; /* with what follows the colon */
    int64_t passed[POINTS_MAX];
    int n; /* 0 before the first look, -1 when nothing is asked for */
} faults;

static void read_points(void)
{
    const char *const *list;
    const size_t n = conf_list(CONF_COMPTOIR_FAULT, &list);
    if (!n || !str_eq(conf_str(CONF_ENV), "dev")) {
        faults.n = -1;
        return;
    }
    for (size_t i = 0; i < n && i < POINTS_MAX; i++)
        faults.names[faults.n++] = list[i];
}

static bool by_chance(const char *share)
{
    int64_t wanted;
    uint32_t drawn;
    encode_random(&drawn, sizeof drawn);
    return str_to_scaled(share, 6, &wanted) && drawn % MILLION < wanted;
}

static bool is_due(int i, const char *when)
{
    int64_t count;
    faults.passed[i]++;
    if (*when != ':')
        return true;
    if (strchr(when, '.'))
        return by_chance(when + 1);
    return str_to_i64(when + 1, &count) && faults.passed[i] == count;
}

void fault_point(const char *name)
{
    const size_t n = strlen(name);
    if (!faults.n)
        read_points();
    for (int i = 0; i < faults.n; i++) {
        const char *when = faults.names[i] + n;
        if (strncmp(faults.names[i], name, n) != 0 || (*when && *when != ':') ||
            !is_due(i, when))
            continue;
        log_warning("fault_killed", "{s:s}", "point", name);
        kill(getpid(), SIGKILL);
    }
}
