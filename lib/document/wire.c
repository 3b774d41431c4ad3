/* Messages with descriptors over SEQPACKET sockets. */
#include "document/wire.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/str.h"
#include "base/banned.h"

bool wire_send(int sock, const void *msg, size_t n, const int *fds,
               size_t n_fds)
{
    union {
        char room[CMSG_SPACE(sizeof(int) * WIRE_FDS_MAX)];
        struct cmsghdr align;
    } control = {0};
    struct iovec iov = {(void *)msg, n};
    struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
    if (n_fds > 0 && n_fds <= WIRE_FDS_MAX) {
        m.msg_control = control.room;
        m.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        assert(c); /* the room was just given */
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
        memcpy(CMSG_DATA(c), fds, sizeof(int) * n_fds);
    }
    ssize_t sent;
    do {
        sent = sendmsg(sock, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)n;
}

static size_t take_fds(struct msghdr *m, int *fds)
{
    size_t n = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        size_t k = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < k; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (n < WIRE_FDS_MAX)
                fds[n++] = fd;
            else
                close(fd);
        }
    }
    return n;
}

int wire_recv(int sock, void *msg, size_t n, int *fds, size_t *n_fds)
{
    union {
        char room[CMSG_SPACE(sizeof(int) * WIRE_FDS_MAX)];
        struct cmsghdr align;
    } control;
    struct iovec iov = {msg, n};
    struct msghdr m = {.msg_iov = &iov,
                       .msg_iovlen = 1,
                       .msg_control = control.room,
                       .msg_controllen = sizeof control.room};
    ssize_t got;
    do {
        got = recvmsg(sock, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    *n_fds = 0;
    if (got < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? -1 : 0;
    if (got == 0)
        return 0;
    *n_fds = take_fds(&m, fds);
    if ((size_t)got == n && !(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
        return 1;
    for (size_t i = 0; i < *n_fds; i++)
        close(fds[i]);
    *n_fds = 0;
    errno = EPROTO;
    return -1;
}

static bool write_all(int fd, struct bytes d)
{
    while (d.n > 0) {
        ssize_t n = write(fd, d.p, d.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        d.p += n;
        d.n -= (size_t)n;
    }
    return true;
}

int wire_memfd(const char *name, struct bytes data)
{
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -1;
    if (write_all(fd, data) &&
        fcntl(fd, F_ADD_SEALS,
              F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0)
        return fd;
    close(fd);
    return -1;
}

void wire_needles_pack(struct buf *out, const char *neutral,
                       const struct needle *needles, size_t n)
{
    buf_str(out, neutral ? neutral : "");
    buf_char(out, '\0');
    for (size_t i = 0; i < n; i++) {
        buf_char(out, (char)('0' + needles[i].kind));
        buf_str(out, needles[i].text);
        buf_char(out, '\0');
    }
}

/* The next NUL-terminated text, or NULL. */
static const char *next_text(struct bytes *in)
{
    const char *s = (const char *)in->p;
    size_t n = strnlen(s, in->n);
    if (n == in->n)
        return NULL;
    in->p += n + 1;
    in->n -= n + 1;
    return s;
}

bool wire_needles_unpack(struct arena *a, struct bytes in, const char **neutral,
                         struct needle **needles, size_t *n)
{
    *neutral = next_text(&in);
    if (!*neutral)
        return false;
    *needles = ARENA_ARRAY(a, WIRE_NEEDLES_MAX, struct needle);
    for (*n = 0; in.n > 0; ++*n) {
        const char *s = next_text(&in);
        if (!s || *s < '0' || *s > '0' + NEEDLE_DIGITS ||
            *n == WIRE_NEEDLES_MAX)
            return false;
        (*needles)[*n] = (struct needle){(enum needle_kind)(*s - '0'), s + 1};
    }
    return true;
}
