/* One request: first a child that looks at the files (text layers, which
 * pages are scans), then one child a scanned page. Text never waits behind
 * scans: page readers alone are counted against the cores. */
#include "requests.h"
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "prover.h"
#include "spawn.h"
#include "base/banned.h"

enum {
    LOOKERS_PER_CORE = 4,
    SCANS_WAITING_PER_CORE = 64, /* more than that cannot end in time */
    WALL_MS_MAX = 600000
};

struct request {
    bool used, looked;
    uint64_t id;
    struct wire_request req;
    int reply;
    int files[WIRE_FILES_MAX];
    int results[WIRE_FDS_MAX]; /* [0] of the looker, then one a scan */
    uint32_t n_results;
    struct wire_ocr scans[WIRE_OCR_MAX];
    uint32_t n_scans, started, done;
    int running; /* children at work */
    bool finished, gone;
    enum err err;
    int64_t since_us, deadline_us;
};

struct worker {
    pid_t pid; /* 0 = free */
    struct request *of;
    bool is_scan;
    uint32_t result;    /* index in of->results */
    const char *killed; /* why we killed it, NULL when we did not */
};

static struct {
    struct request requests[REQUESTS_MAX];
    struct worker workers[CHILDREN_MAX];
    unsigned cores, lookers, scanners;
    uint64_t next_id;
} all;

void requests_init(unsigned cores)
{
    all.cores = cores < CHILDREN_MAX / 8 ? cores : CHILDREN_MAX / 8;
}

size_t requests_count(void)
{
    size_t n = 0;
    for (size_t i = 0; i < REQUESTS_MAX; i++)
        n += all.requests[i].used;
    return n;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- taking ------------------------------------------------------------ */

static bool is_sound(const struct wire_request *q, size_t n_fds)
{
    if (q->magic != WIRE_MAGIC || q->op >= WIRE_OP_MAX || q->n_files < 1 ||
        q->n_files > WIRE_FILES_MAX || n_fds != q->n_files + 1u ||
        (q->op == WIRE_PROVE && q->n_files != 2))
        return false;
    for (size_t i = 0; i < q->n_files; i++)
        if (q->kinds[i] >= FILE_KIND_MAX)
            return false;
    return q->lim.wall_ms > 0 && q->lim.page_cpu_s > 0;
}

static uint32_t scans_waiting(void)
{
    uint32_t n = 0;
    for (size_t i = 0; i < REQUESTS_MAX; i++)
        if (all.requests[i].used)
            n += all.requests[i].n_scans - all.requests[i].started;
    return n;
}

static void answer_now(int reply, enum err e)
{
    const struct wire_reply r = {.magic = WIRE_MAGIC, .err = e};
    if (!wire_send(reply, &r, sizeof r, NULL, 0))
        log_info("reply_lost", "{s:i}", "errno", errno);
}

static struct request *free_slot(void)
{
    for (size_t i = 0; i < REQUESTS_MAX; i++)
        if (!all.requests[i].used)
            return &all.requests[i];
    return NULL;
}

static void close_all(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        close(fds[i]);
}

void requests_add(const struct wire_request *req, const int *fds, size_t n_fds)
{
    if (!is_sound(req, n_fds)) {
        log_error("request_malformed", "{s:i}", "fds", (int)n_fds);
        close_all(fds, n_fds);
        return;
    }
    struct request *r = free_slot();
    if (!r || scans_waiting() > SCANS_WAITING_PER_CORE * all.cores) {
        log_warning("request_refused", "{s:i}", "in_hand",
                    (int)requests_count());
        answer_now(fds[0], ERR_OVERLOADED);
        close_all(fds, n_fds);
        return;
    }
    uint32_t wall =
        req->lim.wall_ms < WALL_MS_MAX ? req->lim.wall_ms : WALL_MS_MAX;
    *r = (struct request){.used = true,
                          .id = ++all.next_id,
                          .req = *req,
                          .reply = fds[0],
                          .since_us = clock_mono_us()};
    r->deadline_us = r->since_us + (int64_t)wall * 1000;
    memset(r->results, -1, sizeof r->results);
    memset(r->files, -1, sizeof r->files);
    memcpy(r->files, fds + 1, req->n_files * sizeof *fds);
}

/* ---- starting ---------------------------------------------------------- */

static struct worker *start(struct request *r, const struct wire_ocr *scan)
{
    struct worker *w = NULL;
    for (size_t i = 0; i < CHILDREN_MAX && !w; i++)
        if (!all.workers[i].pid)
            w = &all.workers[i];
    if (!w)
        return NULL;
    int result = spawn_result();
    if (result < 0)
        return NULL;
    pid_t pid = r->req.op == WIRE_PROVE ? prover_take(r->files, result) : 0;
    if (pid == 0)
        pid = spawn_child(&r->req, r->files, scan, result);
    if (pid < 0) {
        close(result);
        return NULL;
    }
    *w = (struct worker){
        .pid = pid, .of = r, .is_scan = scan != NULL, .result = r->n_results};
    r->results[r->n_results++] = result;
    r->running++;
    all.scanners += scan != NULL;
    all.lookers += scan == NULL;
    return w;
}

static void finish(struct request *r, enum err e)
{
    if (!r->finished)
        r->err = e;
    r->finished = true;
}

static void start_lookers(void)
{
    for (;;) {
        struct request *first = NULL;
        for (size_t i = 0; i < REQUESTS_MAX; i++) {
            struct request *r = &all.requests[i];
            if (r->used && !r->finished && r->n_results == 0 &&
                (!first || r->id < first->id))
                first = r;
        }
        if (!first || all.lookers >= LOOKERS_PER_CORE * all.cores)
            return;
        if (!start(first, NULL))
            finish(first, ERR_OVERLOADED);
    }
}

/* The request with the fewest pages at work goes first, then the oldest: a
 * long document does not keep a short one waiting. */
static struct request *next_scan(void)
{
    struct request *best = NULL;
    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        struct request *r = &all.requests[i];
        if (!r->used || r->finished || !r->looked || r->started >= r->n_scans)
            continue;
        if (!best || r->running < best->running ||
            (r->running == best->running && r->id < best->id))
            best = r;
    }
    return best;
}

static void start_scans(void)
{
    struct request *r;
    while (all.scanners < all.cores && (r = next_scan()) != NULL) {
        if (!start(r, &r->scans[r->started]))
            finish(r, ERR_OVERLOADED);
        else
            r->started++;
    }
}

/* ---- ending ------------------------------------------------------------ */

static void kill_workers(struct request *r, const char *why)
{
    for (size_t i = 0; i < CHILDREN_MAX; i++) {
        struct worker *w = &all.workers[i];
        if (!w->pid || w->of != r || w->killed)
            continue;
        log_info("child_killed", "{s:s,s:I,s:i}", "reason", why, "request",
                 (json_int_t)r->id, "page", (int)w->result);
        w->killed = why;
        prover_doom(w->pid);
        kill(w->pid, SIGKILL);
    }
}

/* Nobody can write a result any more, and from here on nobody may. */
static void seal_results(struct request *r)
{
    for (uint32_t i = 0; i < r->n_results; i++)
        if (!spawn_seal(r->results[i]))
            finish(r, ERR_DOCUMENT_UNREADABLE);
}

static void answer(struct request *r)
{
    struct wire_reply reply = {.magic = WIRE_MAGIC, .err = r->err};
    bool whole = r->err == OK || r->err == ERR_ANONYMISATION_FAILED;
    reply.n_fds = whole ? r->n_results : 0;
    if (!r->gone &&
        !wire_send(r->reply, &reply, sizeof reply, r->results, reply.n_fds))
        log_info("reply_lost", "{s:i}", "errno", errno);
    log_debug("request_done", "{s:I,s:s,s:i,s:I}", "request", (json_int_t)r->id,
              "result", r->err ? err_code(r->err) : "ok", "scans",
              (int)r->n_scans, "us",
              (json_int_t)(clock_mono_us() - r->since_us));
    close_fd(&r->reply);
    for (size_t i = 0; i < WIRE_FILES_MAX; i++)
        close_fd(&r->files[i]);
    for (size_t i = 0; i < WIRE_FDS_MAX; i++)
        close_fd(&r->results[i]);
    r->used = false;
}

void requests_work(void)
{
    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        struct request *r = &all.requests[i];
        if (!r->used)
            continue;
        if (r->looked && r->done == r->n_scans)
            finish(r, OK);
        if (r->finished && r->running > 0)
            kill_workers(r, "request over");
        if (!r->finished || r->running > 0)
            continue;
        if (r->err == OK)
            seal_results(r);
        answer(r);
    }
    start_lookers();
    start_scans();
}

/* What the looker found; only scans within the request are believed. */
static enum err take_look(struct request *r, const struct wire_result *head)
{
    r->looked = true;
    if (head->n_ocr > WIRE_OCR_MAX ||
        head->n_ocr > r->req.lim.max_scanned_pages)
        return ERR_USE_JOBS;
    for (uint32_t i = 0; i < head->n_ocr; i++)
        if (head->ocr[i].file >= r->req.n_files)
            return ERR_DOCUMENT_UNREADABLE;
    memcpy(r->scans, head->ocr, sizeof r->scans);
    r->n_scans = head->n_ocr;
    return OK;
}

/* Why a child that did not end well failed its document. */
static enum err child_error(const struct worker *w, int status,
                            const struct rusage *used)
{
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    long cpu_s = used->ru_utime.tv_sec + used->ru_stime.tv_sec;
    bool slow = sig == SIGXCPU ||
                (sig == SIGKILL && cpu_s >= (long)w->of->req.lim.page_cpu_s);
    if (!w->killed)
        log_warning("child_failed", "{s:i,s:i,s:I,s:i,s:i}", "signal", sig,
                    "exit", sig ? 0 : WEXITSTATUS(status), "request",
                    (json_int_t)w->of->id, "page", (int)w->result, "cpu_s",
                    (int)cpu_s);
    return slow ? ERR_DOCUMENT_TOO_SLOW : ERR_DOCUMENT_UNREADABLE;
}

static enum err child_result(struct worker *w, int status,
                             const struct rusage *used)
{
    struct request *r = w->of;
    struct wire_result head;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return r->req.op == WIRE_PROVE ? ERR_ANONYMISATION_FAILED
                                       : child_error(w, status, used);
    if (pread(r->results[w->result], &head, sizeof head, 0) != sizeof head ||
        head.magic != WIRE_MAGIC || head.err >= ERR_MAX)
        return ERR_DOCUMENT_UNREADABLE;
    if (head.err != OK)
        return (enum err)head.err;
    if (w->is_scan) {
        r->done++;
        return OK;
    }
    return take_look(r, &head);
}

void requests_reaped(pid_t pid, int status, const struct rusage *used)
{
    for (size_t i = 0; i < CHILDREN_MAX; i++) {
        struct worker *w = &all.workers[i];
        if (w->pid != pid)
            continue;
        enum err e = child_result(w, status, used);
        if (e != OK)
            finish(w->of, e);
        w->of->running--;
        all.scanners -= w->is_scan;
        all.lookers -= !w->is_scan;
        w->pid = 0;
        return;
    }
}

/* ---- watching ---------------------------------------------------------- */

size_t requests_polls(struct pollfd *p)
{
    size_t n = 0;
    for (size_t i = 0; i < REQUESTS_MAX; i++)
        if (all.requests[i].used && !all.requests[i].gone)
            p[n++] = (struct pollfd){.fd = all.requests[i].reply};
    return n;
}

void requests_hung_up(int fd)
{
    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        struct request *r = &all.requests[i];
        if (!r->used || r->gone || r->reply != fd)
            continue;
        r->gone = true;
        finish(r, ERR_UNAVAILABLE);
        kill_workers(r, "client gone");
    }
}

int requests_expire(void)
{
    int64_t now = clock_mono_us(), next = -1;
    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        struct request *r = &all.requests[i];
        if (!r->used || r->finished)
            continue;
        if (r->deadline_us <= now) {
            log_warning("request_too_slow", "{s:I}", "request",
                        (json_int_t)r->id);
            finish(r, r->req.op == WIRE_PROVE ? ERR_ANONYMISATION_FAILED
                                              : ERR_DOCUMENT_TOO_SLOW);
            kill_workers(r, "wall clock");
        } else if (next < 0 || r->deadline_us < next) {
            next = r->deadline_us;
        }
    }
    return next < 0 ? -1 : (int)((next - now) / 1000) + 1;
}
