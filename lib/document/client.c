/* The responder's side: one message out, one message back, and nothing of
 * the answer believed before it is checked. */
#include "document/document.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "document/wire.h"
#include "einvoice/einvoice.h"
#include "base/banned.h"

enum {
    GRACE_MS = 1500, /* the parent keeps the time; this is in case it died */
    TRIES = 2,       /* a parent that is replaced loses what it held */
    NEEDLES_BYTES = 4 << 20,
    MORE_PAGES = 100000
};

static int parent_fd = -1;

void document_client_use(int fd)
{
    parent_fd = fd;
}

void document_limits(struct document_limits *out)
{
    *out = (struct document_limits){
        .max_pages = (uint32_t)conf_int(CONF_MAX_PAGES),
        .max_scanned_pages = (uint32_t)conf_int(CONF_MAX_SCANNED_PAGES),
        .page_mpixels = (uint32_t)conf_int(CONF_MAX_PAGE_MPIXELS),
        .request_mpixels = (uint32_t)conf_int(CONF_MAX_REQUEST_MPIXELS),
        .wall_ms = (uint32_t)conf_int(CONF_DOCUMENT_WALL_MS),
        .page_cpu_s = (uint32_t)conf_int(CONF_DOCUMENT_PAGE_CPU_S),
        .xml_bytes = (uint32_t)conf_int(CONF_MAX_XML_BYTES),
        .xml_depth = (uint32_t)conf_int(CONF_MAX_XML_DEPTH)};
}

void document_limits_job(struct document_limits *out)
{
    document_limits(out);
    out->max_scanned_pages = (uint32_t)conf_int(CONF_MAX_SCANNED_PAGES_JOB);
    out->wall_ms = (uint32_t)conf_int(CONF_DOCUMENT_WALL_JOB_MS);
}

static int parent_socket(void)
{
    if (parent_fd >= 0)
        return parent_fd;
    const char *s = getenv("COMPTOIR_DOCUMENT_FD");
    int64_t fd;
    if (!s || !str_to_i64(s, &fd) || fd < 0 || fd > 1 << 20)
        return -1;
    parent_fd = (int)fd;
    return parent_fd;
}

/* ---- asking ------------------------------------------------------------ */

static bool wait_for(int fd, short events, int64_t deadline_us)
{
    for (;;) {
        int64_t left = (deadline_us - clock_mono_us()) / 1000;
        if (left <= 0)
            return false;
        struct pollfd p = {.fd = fd, .events = events};
        int n = poll(&p, 1, left > 60000 ? 60000 : (int)left);
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
}

static enum err send_request(const struct wire_request *req, const int *fds,
                             size_t n_fds, int64_t deadline_us)
{
    int sock = parent_socket();
    while (!wire_send(sock, req, sizeof *req, fds, n_fds)) {
        if (errno != EAGAIN && errno != EWOULDBLOCK) {
            log_error("document_parent_gone", "{s:i}", "errno", errno);
            return ERR_UNAVAILABLE;
        }
        if (!wait_for(sock, POLLOUT, deadline_us))
            return ERR_OVERLOADED;
    }
    return OK;
}

/* An answer and its results; descriptors are closed with the arena. */
struct answer {
    enum err err;
    size_t n_fds;
    int fds[WIRE_FDS_MAX];
};

/* OK = answered, ERR_CONFLICT = the parent went away, else final. */
static enum err receive(struct arena *a, int sock, int64_t deadline_us,
                        struct answer *out)
{
    struct wire_reply r;
    if (!wait_for(sock, POLLIN, deadline_us)) {
        log_error("document_no_answer", NULL);
        return ERR_DOCUMENT_TOO_SLOW;
    }
    int got = wire_recv(sock, &r, sizeof r, out->fds, &out->n_fds);
    if (got <= 0)
        return ERR_CONFLICT;
    for (size_t i = 0; i < out->n_fds; i++)
        arena_defer_close(a, out->fds[i]);
    if (r.magic != WIRE_MAGIC || r.n_fds != out->n_fds || r.err >= ERR_MAX) {
        log_error("document_bad_answer", "{s:i}", "err", (int)r.err);
        return ERR_UNAVAILABLE;
    }
    out->err = (enum err)r.err;
    return OK;
}

static enum err ask_once(struct arena *a, const struct wire_request *req,
                         int *fds, size_t n_fds, struct answer *out)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        log_error("document_socketpair", "{s:i}", "errno", errno);
        return ERR_UNAVAILABLE;
    }
    int64_t deadline_us =
        clock_mono_us() + (req->lim.wall_ms + (int64_t)GRACE_MS) * 1000;
    fds[0] = pair[1];
    enum err e = send_request(req, fds, n_fds, deadline_us);
    close(pair[1]);
    if (e == OK)
        e = receive(a, pair[0], deadline_us, out);
    close(pair[0]);
    return e;
}

static enum err ask(struct arena *a, const struct wire_request *req, int *fds,
                    size_t n_fds, struct answer *out)
{
    enum err e = ERR_CONFLICT;
    *out = (struct answer){.err = ERR_INTERNAL};
    for (int i = 0; i < TRIES && e == ERR_CONFLICT; i++)
        e = ask_once(a, req, fds, n_fds, out);
    if (e == ERR_CONFLICT) {
        log_error("document_parent_lost", NULL);
        return ERR_UNAVAILABLE;
    }
    return e == OK ? out->err : e;
}

/* Puts the bytes into memfds after fds[0]; they are closed with the arena. */
static enum err add_memfd(struct arena *a, struct bytes data, int *fd)
{
    *fd = wire_memfd("document", data);
    if (*fd < 0) {
        log_error("document_memfd", "{s:i}", "errno", errno);
        return ERR_UNAVAILABLE;
    }
    arena_defer_close(a, *fd);
    return OK;
}

/* ---- believing --------------------------------------------------------- */

struct mapping {
    void *p;
    size_t n;
};

static void unmap(void *p)
{
    struct mapping *m = p;
    munmap(m->p, m->n);
}

/* A result's head and body. Its child is dead and the memfd sealed, so what
 * was checked stays as it was. */
static bool map_result(struct arena *a, int fd, struct wire_result *head,
                       struct bytes *body)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size != WIRE_OUT_BYTES)
        return false;
    struct mapping *m = ARENA_NEW(a, struct mapping);
    m->n = WIRE_OUT_BYTES;
    m->p = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (m->p == MAP_FAILED)
        return false;
    arena_defer(a, unmap, m);
    memcpy(head, m->p, sizeof *head);
    *body = (struct bytes){(const uint8_t *)m->p + sizeof *head, head->bytes};
    return head->magic == WIRE_MAGIC &&
           head->bytes <= WIRE_OUT_BYTES - sizeof *head &&
           head->n_ocr <= WIRE_OCR_MAX && head->n_pages <= MORE_PAGES;
}

static bool next_page(struct arena *a, struct bytes *body, struct page *out)
{
    uint32_t n;
    if (body->n < sizeof n)
        return false;
    memcpy(&n, body->p, sizeof n);
    body->p += sizeof n;
    body->n -= sizeof n;
    if (n > body->n)
        return false;
    struct bytes one = {body->p, n};
    body->p += n;
    body->n -= n;
    return page_unpack(a, one, out);
}

static bool read_scan(struct arena *a, int fd, int number, struct page *out)
{
    struct wire_result head;
    struct bytes body;
    return map_result(a, fd, &head, &body) && head.n_pages == 1 &&
           next_page(a, &body, out) && body.n == 0 && out->number == number &&
           out->source == PAGE_OCR;
}

static bool build(struct arena *a, const struct answer *ans,
                  const struct document_limits *lim, struct document *d)
{
    struct wire_result head;
    struct bytes body;
    if (ans->n_fds < 1 || !map_result(a, ans->fds[0], &head, &body) ||
        head.n_pages < 1 || head.n_pages > lim->max_pages ||
        head.n_ocr + 1 != ans->n_fds)
        return false;
    d->pages = ARENA_ARRAY(a, head.n_pages, struct page);
    d->has_javascript = head.has_javascript != 0;
    for (; d->n_pages < head.n_pages; d->n_pages++) {
        struct page *p = &d->pages[d->n_pages];
        if (!next_page(a, &body, p) || p->number != (int)d->n_pages + 1)
            return false;
        if (p->source != PAGE_OCR)
            continue;
        if (++d->ocr_pages >= ans->n_fds ||
            !read_scan(a, ans->fds[d->ocr_pages], p->number, p))
            return false;
    }
    if (head.xml_bytes)
        d->einvoice = einvoice_unpack(a, body);
    return body.n == head.xml_bytes && d->ocr_pages == head.n_ocr &&
           (d->einvoice || !head.xml_bytes);
}

enum err document_read(struct arena *a, const struct upload *files, size_t n,
                       const struct document_limits *lim, struct document **out)
{
    if (n == 0)
        return ERR_FILE_MISSING;
    if (n > WIRE_FILES_MAX)
        return ERR_TOO_MANY_FILES;
    struct wire_request req = {.magic = WIRE_MAGIC,
                               .op = WIRE_READ,
                               .n_files = (uint8_t)n,
                               .lim = *lim};
    int fds[WIRE_FILES_MAX + 1];
    for (size_t i = 0; i < n; i++) {
        req.kinds[i] = (uint8_t)files[i].kind;
        enum err e = add_memfd(a, files[i].data, &fds[i + 1]);
        if (e != OK)
            return e;
    }
    struct answer ans;
    enum err e = ask(a, &req, fds, n + 1, &ans);
    if (e != OK)
        return e;
    struct document *d = ARENA_NEW(a, struct document);
    if (!build(a, &ans, lim, d)) {
        log_error("document_bad_result", NULL);
        return ERR_DOCUMENT_UNREADABLE;
    }
    *out = d;
    return OK;
}

/* ---- proving ----------------------------------------------------------- */

static enum err send_proof(struct arena *a, struct bytes pdf,
                           struct bytes needles, struct answer *ans)
{
    struct wire_request req = {
        .magic = WIRE_MAGIC, .op = WIRE_PROVE, .n_files = 2};
    document_limits(&req.lim);
    int fds[3];
    enum err e = add_memfd(a, pdf, &fds[1]);
    if (e == OK)
        e = add_memfd(a, needles, &fds[2]);
    return e == OK ? ask(a, &req, fds, 3, ans) : e;
}

/* Busy or gone is told as it is; anything else that is not a clean proof
 * withholds the report. */
static enum err proof_error(enum err e)
{
    return e == ERR_OVERLOADED || e == ERR_UNAVAILABLE
               ? e
               : ERR_ANONYMISATION_FAILED;
}

enum err document_prove(struct arena *a, struct bytes pdf, const char *neutral,
                        const struct needle *needles, size_t n,
                        const char **found)
{
    *found = NULL;
    if (n > WIRE_NEEDLES_MAX)
        return ERR_ANONYMISATION_FAILED;
    struct buf packed;
    buf_init(&packed, a, NEEDLES_BYTES);
    wire_needles_pack(&packed, neutral, needles, n);
    if (!buf_ok(&packed))
        return ERR_ANONYMISATION_FAILED;
    struct answer ans = {0};
    enum err e = send_proof(a, pdf, buf_bytes(&packed), &ans);
    struct wire_result head;
    struct bytes body;
    bool told = ans.n_fds == 1 && map_result(a, ans.fds[0], &head, &body);
    if (told && head.found[0])
        *found = arena_strndup(a, head.found,
                               strnlen(head.found, sizeof head.found));
    if (e == OK && told && head.err == OK && !head.found[0])
        return OK;
    return proof_error(e);
}
