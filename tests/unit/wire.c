#include "document/wire.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/buf.h"
#include "tap.h"

static void descriptors(void)
{
    int pair[2], fds[WIRE_FDS_MAX];
    size_t n = 9;
    struct wire_reply out = {WIRE_MAGIC, 3, 2}, in = {0};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
        return;
    tap_ok(wire_recv(pair[1], &in, sizeof in, fds, &n) == -1 &&
               errno == EAGAIN && n == 0,
           "nothing there yet");
    int files[2] = {wire_memfd("a", (struct bytes){(uint8_t *)"one", 3}),
                    wire_memfd("b", (struct bytes){(uint8_t *)"two", 3})};
    tap_ok(wire_send(pair[0], &out, sizeof out, files, 2), "a message");
    tap_is_int(wire_recv(pair[1], &in, sizeof in, fds, &n), 1, "arrives");
    char text[4] = "";
    tap_ok(n == 2 && in.err == 3 && pread(fds[1], text, 3, 0) == 3 &&
               strcmp(text, "two") == 0,
           "with its descriptors in order");
    tap_ok(write(fds[0], "x", 1) < 0, "a sealed memfd cannot be written");
    tap_ok(fcntl(fds[0], F_GETFD) & FD_CLOEXEC, "nor inherited by a program");
    close(fds[0]);
    close(fds[1]);
    tap_ok(wire_send(pair[0], &out, sizeof out - 1, files, 2), "a short one");
    tap_ok(wire_recv(pair[1], &in, sizeof in, fds, &n) == -1 &&
               errno == EPROTO && n == 0,
           "is refused, its descriptors closed");
    close(pair[0]);
    tap_is_int(wire_recv(pair[1], &in, sizeof in, fds, &n), 0, "the end");
    close(pair[1]);
    close(files[0]);
    close(files[1]);
}

static void needles(struct arena *a)
{
    const struct needle in[] = {{NEEDLE_WORD, "Dupont"},
                                {NEEDLE_DIGITS, "14502369874512"}};
    struct buf b;
    buf_init(&b, a, 4096);
    wire_needles_pack(&b, "texte neutre", in, 2);
    const char *neutral;
    struct needle *out;
    size_t n;
    tap_ok(wire_needles_unpack(a, buf_bytes(&b), &neutral, &out, &n),
           "needles are read back");
    tap_is_str(neutral, "texte neutre", "the neutral text");
    tap_ok(n == 2 && out[1].kind == NEEDLE_DIGITS, "their kinds");
    tap_is_str(out[0].text, "Dupont", "their text");
    size_t taken = 0;
    for (size_t i = 0; i < b.n; i++) {
        struct bytes cut = {(uint8_t *)b.p, i};
        if (wire_needles_unpack(a, cut, &neutral, &out, &n))
            taken += n == 2;
    }
    tap_is_int(taken, 0, "no shorter form holds both");
    static const char odd[] = "x\0"
                              "9Dupont";
    struct bytes bad = {(const uint8_t *)odd, sizeof odd};
    tap_ok(!wire_needles_unpack(a, bad, &neutral, &out, &n),
           "an unknown kind is refused");
}

int main(void)
{
    struct arena *a = arena_new(4096);
    descriptors();
    needles(a);
    arena_free(a);
    return tap_done();
}
