/* Each case dies, or does not, in a child. */
#include "base/fault.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/conf.h"
#include "tap.h"

/* How often a child passed "here" before it was killed, of at most 50. */
static int passes(const char *env, const char *faults)
{
    int pipes[2], status, n = 0;
    char c;
    if (pipe(pipes))
        return -1;
    const pid_t pid = fork();
    if (pid == 0) {
        setenv("ENV", env, 1);
        setenv("COMPTOIR_FAULT", faults, 1);
        close(STDERR_FILENO);
        if (conf_init())
            _exit(1);
        for (int i = 0; i < 50; i++) {
            fault_point("here");
            if (write(pipes[1], "x", 1) != 1)
                _exit(1);
        }
        _exit(0);
    }
    close(pipes[1]);
    while (read(pipes[0], &c, 1) == 1)
        n++;
    close(pipes[0]);
    waitpid(pid, &status, 0);
    tap_ok(n == 50 ? WIFEXITED(status)
                   : WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
           "%s with ENV=%s: %d passes", faults, env, n);
    return n;
}

int main(void)
{
    tap_is_int(passes("dev", ""), 50, "nothing is asked for");
    tap_is_int(passes("dev", "here"), 0, "always");
    tap_is_int(passes("dev", "here:3"), 2, "at the third passing");
    tap_is_int(passes("dev", "there,here:1"), 0, "second of a list");
    tap_is_int(passes("dev", "there,heres,her"), 50, "other points");
    tap_is_int(passes("dev", "here:0.0"), 50, "never");
    tap_is_int(passes("dev", "here:1.0"), 0, "surely");
    tap_ok(passes("dev", "here:0.5") < 50, "by chance");
    tap_is_int(passes("staging", "here"), 50, "not outside dev");
    return tap_done();
}
