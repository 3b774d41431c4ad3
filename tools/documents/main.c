/* comptoir-documents: the warm document parent. It never looks inside a
 * file: it forks sandboxed children that inherit poppler and Tesseract ready
 * for work, and passes their results on. Exit codes: docs/SANDBOX.md. */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "document/ocr.h"
#include "document/sandbox.h"
#include "prover.h"
#include "requests.h"
#include "version.h"
#include "warm.h"
#include "base/banned.h"

enum exit_code {
    EXIT_DONE = 0,      /* told to stop, or nobody is left to serve */
    EXIT_USAGE = 64,    /* COMPTOIR_DOCUMENT_PARENT_FD is missing */
    EXIT_NO_MODEL = 69, /* no French model */
    EXIT_NO_CAGE = 71,  /* seccomp is impossible */
    EXIT_CONFIG = 78
};

/* Children inherit this memory, and one that a file has taken over writes
 * the answer its sender gets. True when there was something to forget. */
static bool forget_secrets(void)
{
    bool some = false;
    for (int k = 0; k < CONF_MAX; k++) {
        char file[64];
        const char *name = conf_name((enum conf_key)k);
        if (!conf_is_secret((enum conf_key)k))
            continue;
        snprintf(file, sizeof file, "%s_FILE", name);
        some = some || getenv(name) || getenv(file);
        unsetenv(name);
        unsetenv(file);
    }
    return some;
}

/* What libraries read only while they are loaded. Without the limit libgomp
 * gives one page all cores and seven times the time; symbols bound at start
 * need not be looked up again by every child. Started again, the program has
 * no trace of the secrets either. */
static void start_clean(char **argv)
{
    const bool told = getenv("OMP_THREAD_LIMIT") && getenv("LD_BIND_NOW");
    if (!forget_secrets() && told)
        return;
    if (setenv("OMP_THREAD_LIMIT", "1", 1) == 0 &&
        setenv("LD_BIND_NOW", "1", 1) == 0)
        execv("/proc/self/exe", argv);
}

static int parent_socket(void)
{
    const char *s = getenv("COMPTOIR_DOCUMENT_PARENT_FD");
    int64_t fd;
    return s && str_to_i64(s, &fd) && fd >= 0 && fd < 1 << 20 ? (int)fd : -1;
}

static unsigned page_readers(void)
{
    long n = conf_int(CONF_DOCUMENT_PROCESSES);
    if (n == 0)
        n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void reap(void)
{
    struct rusage used;
    int status;
    pid_t pid;
    while ((pid = wait4(-1, &status, WNOHANG, &used)) > 0) {
        requests_reaped(pid, status, &used);
        prover_reaped(pid);
    }
}

/* True when told to stop. */
static bool take_signals(int fd)
{
    struct signalfd_siginfo s;
    bool stop = false;
    while (read(fd, &s, sizeof s) == sizeof s)
        stop = stop || s.ssi_signo != SIGCHLD;
    reap();
    return stop;
}

/* False when nobody holds the other end any more. */
static bool take_requests(int sock)
{
    for (;;) {
        struct wire_request req;
        int fds[WIRE_FDS_MAX];
        size_t n;
        int got = wire_recv(sock, &req, sizeof req, fds, &n);
        if (got > 0)
            requests_add(&req, fds, n);
        else if (got == 0)
            return false;
        else if (errno != EPROTO)
            return true;
        else
            log_error("request_malformed", NULL);
    }
}

static void hear_prover(int sock)
{
    const struct rusage none = {0};
    pid_t pid = prover_heard(sock);
    if (pid > 0)
        requests_reaped(pid, 0, &none);
}

static void serve(int sock, int signals)
{
    bool open = true;
    while (open || requests_count() > 0) {
        struct pollfd p[2 + REQUEST_POLLS + PROVERS_MAX] = {
            {.fd = signals, .events = POLLIN},
            {.fd = open ? sock : -1, .events = POLLIN}};
        const size_t replies = 2 + requests_polls(p + 2);
        const size_t n = replies + prover_polls(p + replies);
        int ready = poll(p, n, requests_expire());
        if (ready < 0 && errno != EINTR)
            return;
        for (size_t i = replies; i < n; i++)
            if (ready > 0 && p[i].revents)
                hear_prover(p[i].fd);
        for (size_t i = 2; i < replies; i++)
            if (ready > 0 && p[i].revents)
                requests_hung_up(p[i].fd);
        if (ready > 0 && p[0].revents && take_signals(signals))
            open = false;
        if (ready > 0 && open && p[1].revents)
            open = take_requests(sock);
        requests_expire();
        requests_work();
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && str_eq(argv[1], "--version")) {
        printf("comptoir-documents %s\n", COMPTOIR_VERSION);
        return EXIT_DONE;
    }
    start_clean(argv);
    const char *bad = conf_init();
    if (bad) {
        fprintf(stderr, "comptoir-documents: %s\n", bad);
        return EXIT_CONFIG;
    }
    log_init("comptoir-documents");
    int sock = parent_socket();
    if (sock < 0) {
        fprintf(stderr, "comptoir-documents: COMPTOIR_DOCUMENT_PARENT_FD "
                        "must name an open socket; the supervisor sets it.\n");
        return EXIT_USAGE;
    }
    int signals = open_signals();
    if (!sandbox_init())
        return EXIT_NO_CAGE;
    if (!ocr_init())
        return EXIT_NO_MODEL;
    warm_up();
    requests_init(page_readers());
    prover_init(page_readers());
    malloc_trim(0);
    log_info("documents_ready", "{s:i}", "page_readers", (int)page_readers());
    serve(sock, signals);
    ocr_end();
    return EXIT_DONE;
}
