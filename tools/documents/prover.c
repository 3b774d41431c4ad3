/* A fork of the warm parent and its end cost as much as a proof; a prover
 * pays them once in PROOFS_MAX. It ends by itself before its CPU limit, and
 * with the parent. */
#include "prover.h"
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/log.h"
#include "document/child.h"
#include "document/sandbox.h"
#include "spawn.h"
#include "base/banned.h"

enum { IN_BYTES = 8 << 20, PROOFS_MAX = 500, STAYS = 's', LEAVES = 'l' };

/* Shared with one prover. Files stand one behind the other. */
struct desk {
    size_t n[2];
    uint8_t in[IN_BYTES];
    uint8_t out[WIRE_OUT_BYTES];
};

struct prover {
    pid_t pid; /* 0 = free place */
    int sock, result;
    bool busy, doomed;
    struct desk *desk;
};

static struct {
    struct prover list[PROVERS_MAX];
    unsigned most;
} all;

void prover_init(unsigned most)
{
    all.most = most < PROVERS_MAX ? most : PROVERS_MAX;
}

/* ---- in the child ------------------------------------------------------ */

static enum sandbox_exit prove(const struct desk *d)
{
    struct child_work w = {
        .op = WIRE_PROVE,
        .n_files = 2,
        .files = {{d->in, d->n[0]}, {d->in + d->n[0], d->n[1]}},
        .out = (uint8_t *)d->out};
    return d->n[0] <= IN_BYTES && d->n[1] <= IN_BYTES - d->n[0]
               ? (enum sandbox_exit)child_run(&w)
               : SANDBOX_TOO_MUCH;
}

static bool is_tired(unsigned cpu_s)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return used.tv_sec >= (time_t)cpu_s / 2;
}

/* The sandbox leaves three descriptors: the socket takes the first. */
static NORETURN void be_prover(const struct desk *desk, int sock)
{
    const unsigned cpu_s = (unsigned)conf_int(CONF_DOCUMENT_PAGE_CPU_S);
    char word = STAYS;
    spawn_settle();
    if (!spawn_hush() || dup2(sock, 0) != 0 || !sandbox_enter(cpu_s))
        _exit(SANDBOX_NO_CAGE);
    for (int n = 1; word == STAYS && read(0, &word, 1) == 1; n++) {
        enum sandbox_exit end = prove(desk);
        if (end != SANDBOX_DONE)
            _exit(end);
        word = n >= PROOFS_MAX || is_tired(cpu_s) ? LEAVES : STAYS;
        if (write(0, &word, 1) != 1)
            break;
    }
    _exit(SANDBOX_DONE);
}

/* ---- in the parent ----------------------------------------------------- */

static void forget(struct prover *p)
{
    if (p->desk)
        munmap(p->desk, sizeof *p->desk);
    if (p->sock >= 0)
        close(p->sock);
    *p = (struct prover){.sock = -1};
}

static void doom(struct prover *p)
{
    p->doomed = true;
    kill(p->pid, SIGKILL);
}

static bool start(struct prover *p)
{
    int pair[2];
    *p = (struct prover){.sock = -1};
    void *desk = mmap(NULL, sizeof *p->desk, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (desk == MAP_FAILED)
        return false;
    p->desk = desk;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        forget(p);
        return false;
    }
    p->sock = pair[0];
    p->pid = fork();
    if (p->pid == 0)
        be_prover(desk, pair[1]);
    close(pair[1]);
    if (p->pid < 0)
        forget(p);
    else if (madvise(desk, sizeof *p->desk, MADV_DONTFORK) != 0)
        doom(p); /* children that read files would share it */
    return p->pid > 0 && !p->doomed;
}

static struct prover *idle(void)
{
    struct prover *place = NULL;
    for (unsigned i = 0; i < all.most; i++) {
        struct prover *p = &all.list[i];
        if (p->pid && !p->busy && !p->doomed)
            return p;
        if (!p->pid && !place)
            place = p;
    }
    return place && start(place) ? place : NULL;
}

/* Copies both files to the desk; false when they do not fit. */
static bool lay_out(struct desk *d, const int *files)
{
    size_t at = 0;
    for (int i = 0; i < 2; i++) {
        struct stat st;
        if (fstat(files[i], &st) != 0 || st.st_size < 0 ||
            (size_t)st.st_size > IN_BYTES - at ||
            pread(files[i], d->in + at, (size_t)st.st_size, 0) != st.st_size)
            return false;
        d->n[i] = (size_t)st.st_size;
        at += d->n[i];
    }
    return true;
}

pid_t prover_take(const int *files, int result)
{
    const char work = STAYS;
    struct prover *p = idle();
    if (!p || !lay_out(p->desk, files) ||
        send(p->sock, &work, 1, MSG_NOSIGNAL | MSG_DONTWAIT) != 1)
        return 0;
    p->busy = true;
    p->result = result;
    return p->pid;
}

size_t prover_polls(struct pollfd *fds)
{
    size_t n = 0;
    for (unsigned i = 0; i < all.most; i++)
        if (all.list[i].busy && !all.list[i].doomed)
            fds[n++] =
                (struct pollfd){.fd = all.list[i].sock, .events = POLLIN};
    return n;
}

pid_t prover_heard(int sock)
{
    for (unsigned i = 0; i < all.most; i++) {
        struct prover *p = &all.list[i];
        if (!p->pid || p->sock != sock || !p->busy)
            continue;
        char word = LEAVES;
        const bool done =
            recv(sock, &word, 1, MSG_DONTWAIT) == 1 &&
            pwrite(p->result, p->desk->out, sizeof(struct wire_result), 0) ==
                sizeof(struct wire_result);
        p->doomed = !done || word != STAYS;
        p->busy = !done; /* a dead one's request is told when it is reaped */
        return done ? p->pid : 0;
    }
    return 0;
}

void prover_doom(pid_t pid)
{
    for (unsigned i = 0; i < all.most; i++)
        if (all.list[i].pid == pid)
            all.list[i].doomed = true;
}

void prover_reaped(pid_t pid)
{
    for (unsigned i = 0; i < all.most; i++)
        if (all.list[i].pid && all.list[i].pid == pid)
            forget(&all.list[i]);
}
