/* lib/base/err.c: every row is complete and every code is unique. */
#include "base/err.h"
#include "tap.h"

int main(void)
{
    int bad = 0, twice = 0;
    for (int e = 1; e < ERR_MAX; e++) {
        int status = err_status((enum err)e);
        bad += status < 400 || status > 599;
        bad += !*err_code((enum err)e) || !*err_message((enum err)e) ||
               !*err_french((enum err)e);
        for (int f = 1; f < e; f++)
            twice +=
                strcmp(err_code((enum err)e), err_code((enum err)f)) == 0;
    }
    tap_is_int(bad, 0, "statuses, codes and messages are there");
    tap_is_int(twice, 0, "codes are unique");
    tap_is_int(err_status(OK), 200, "OK is 200");
    tap_is_str(err_code((enum err)9999), "internal_error",
               "an unknown error is an internal one");
    tap_is_int(err_by_code("use_jobs"), ERR_USE_JOBS, "found by its code");
    tap_is_int(err_by_code("no such"), ERR_MAX, "no such code");
    tap_is_int(err_by_code(NULL), ERR_MAX, "no code");
    return tap_done();
}
