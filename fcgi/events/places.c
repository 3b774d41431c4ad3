/* One byte of a file a place, held by a lock that ends with its process. */
#include "places.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/attr.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"

enum { PATH_BYTES = 4096 };

static int fd = -1;
static int64_t n_places;

bool places_open(void)
{
    char path[PATH_BYTES];
    const char *processes = getenv("COMPTOIR_PROCESSES");
    if (!processes || !str_to_i64(processes, &n_places))
        n_places = 1;
    n_places--;
    snprintf(path, sizeof path, "%s/tmp/events.places",
             conf_str(CONF_COMPTOIR_RUN));
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        log_event(LOG_ERROR, "events_places", "{s:s,s:i}", "path", path,
                  "errno", errno);
    return fd >= 0;
}

static bool set_lock(short type, int64_t at, int64_t n)
{
    struct flock l = {
        .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = n};
    return fcntl(fd, F_OFD_SETLK, &l) == 0;
}

bool places_take(void)
{
    for (int64_t i = 0; i < n_places; i++)
        if (set_lock(F_WRLCK, i, 1))
            return true;
    return false;
}

void places_leave(void)
{
    (void)set_lock(F_UNLCK, 0, 0);
}
