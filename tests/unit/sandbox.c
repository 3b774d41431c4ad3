#include "document/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/conf.h"
#include "tap.h"

/* Runs the step in a closed sandbox; its wait status. */
static int inside(int (*step)(void))
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(sandbox_enter(2) ? step() : 99);
    int status = 0;
    waitpid(pid, &status, 0);
    return status;
}

static int do_nothing(void)
{
    return 42;
}
static int do_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}
static int do_unix_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}
static int do_exec(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return 1;
}
static int do_passwd(void)
{
    return open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES ? 42 : 1;
}
static int do_proc(void)
{
    return open("/proc/self/maps", O_RDONLY) < 0 ? 42 : 1;
}
static int do_write_file(void)
{
    return open("/tmp/comptoir-sandbox-test", O_WRONLY | O_CREAT, 0600) < 0 ? 42
                                                                            : 1;
}
static int do_fork(void)
{
    return fork() < 0 ? 42 : 1;
}
/* Of the process before the fork: somebody else's file, say. */
static int inherited[2];
static int do_inherited(void)
{
    char c;
    return read(inherited[0], &c, 1) < 0 && errno == EBADF &&
                   write(inherited[1], "x", 1) < 0 && errno == EBADF
               ? 42
               : 1;
}
static int do_kill(void)
{
    kill(getppid(), 0);
    return 1;
}
static int do_spin(void)
{
    for (volatile uint64_t n = 0; n < 1000000000000ULL; n++)
        ;
    return 1;
}
static int do_memory(void)
{
    size_t n = (size_t)600 << 20;
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                   -1, 0);
    return p == MAP_FAILED ? 42 : 1;
}
static int do_executable(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
               ? 42
               : 1;
}

#ifdef COMPTOIR_SAN
enum { SAN = 1 };
#else
enum { SAN = 0 };
#endif

static volatile int four = 4, most = INT_MAX;
static int do_overrun(void)
{
    volatile char *p = malloc((size_t)four);
    p[four] = 1;
    free((void *)p);
    return 0;
}
static int do_overflow(void)
{
    return most + four == 0;
}

/* A parser's mistake in the cage must be told, or a check with sanitizers
 * finds none. */
static void reported(const char *what, int (*step)(void), const char *says)
{
    int ends[2], own = dup(STDERR_FILENO);
    char said[4096] = "";
    if (pipe(ends) != 0 || own < 0 || dup2(ends[1], STDERR_FILENO) < 0)
        exit(1);
    close(ends[1]);
    int s = inside(step);
    dup2(own, STDERR_FILENO);
    ssize_t n = read(ends[0], said, sizeof said - 1);
    tap_ok(s != 0 && n > 0 && strstr(said, says),
           "%s is reported out of the sandbox (%x)", what, (unsigned)s);
    close(own);
    close(ends[0]);
}

static void killed(const char *what, int (*step)(void))
{
    int s = inside(step);
    tap_ok(WIFSIGNALED(s) && WTERMSIG(s) == SIGSYS, "%s ends the child", what);
}

static void refused(const char *what, int (*step)(void))
{
    int s = inside(step);
    tap_ok(WIFEXITED(s) && WEXITSTATUS(s) == 42, "%s is refused (%x)", what,
           (unsigned)s);
}

int main(void)
{
    if (conf_init() || !sandbox_init())
        return 1;
    refused("nothing (the sandbox closes at all)", do_nothing);
    killed("socket()", do_socket);
    killed("a Unix socket", do_unix_socket);
    killed("execve()", do_exec);
    printf("# Landlock ABI %d\n", sandbox_landlock());
    refused("/etc/passwd", do_passwd);
    refused("/proc/self/maps", do_proc);
    refused("writing a file", do_write_file);
    if (pipe(inherited) != 0 || write(inherited[1], "x", 1) != 1)
        return 1;
    refused("a descriptor that was open before", do_inherited);
    if (!SAN) { /* the sanitizers need these themselves */
        killed("a signal to another process", do_kill);
        refused("fork()", do_fork);
        refused("600 MiB of memory", do_memory);
        killed("executable memory", do_executable);
    } else {
        reported("an overrun", do_overrun, "heap-buffer-overflow");
        reported("undefined behaviour", do_overflow, "runtime error");
    }
    int s = inside(do_spin);
    tap_ok(WIFSIGNALED(s) && WTERMSIG(s) == SIGXCPU,
           "endless work ends by its CPU limit");
    return tap_done();
}
