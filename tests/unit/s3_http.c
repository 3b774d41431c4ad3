/* lib/wire/s3_http.c: one call to a listener of our own, what it says, and a
 * port where nobody listens. More against a real server: tests/e2e/s3. */
#include "wire/s3_http.h"
#include <sys/wait.h>
#include "base/clock.h"
#include "base/str.h"
#include "listener.h"
#include "tap.h"

static struct arena *a;

int main(void)
{
    int port = 0, status = 1;
    a = arena_new(4096);
    AUTO_FD fd = listener_open(&port);
    tap_ok(fd >= 0, "a listener");
    struct s3_site site = {.host = arena_printf(a, "127.0.0.1:%d", port),
                           .bucket = "runs",
                           .path_style = true,
                           .still_s = 5,
                           .keys = {"AKID", "secret", "ams3"}};
    site.base = arena_printf(a, "http://%s", site.host);
    const pid_t child = listener_serve(
        fd, "PUT /runs/a%20b/../c HTTP/1.1\r\n",
        "HTTP/1.1 412 No\r\nX-Amz-Meta-A:  b \r\nContent-Length: 58\r\n"
        "\r\n<Error><Code>PreconditionFailed</Code>"
        "<Message/></Error>   ");
    const struct sigv4_pair headers[] = {{"x-amz-acl", "private"}};
    struct s3_call c = {.method = "PUT",
                        .key = "a b/../c",
                        .headers = headers,
                        .n_headers = 1,
                        .body = {(const uint8_t *)"x", 1},
                        .answer_max = 4096};
    s3_http_run(a, &site, &c, 1);
    waitpid(child, &status, 0);
    tap_is_int(status, 0, "the path goes as it is");
    tap_is_int(c.status, 412, "an answer");
    tap_is_str(c.code, "PreconditionFailed", "its code");
    tap_is_str(s3_http_header(&c, "x-amz-meta-a"), "b", "its headers");
    tap_ok(!s3_http_header(&c, "x-amz-meta-b") && c.tries == 1 && !c.fault,
           "not tried again");
    close(fd);
    fd = -1;
    struct s3_call two[] = {{.method = "HEAD", .key = "a"},
                            {.method = "GET", .key = "", .answer_max = 10}};
    const int64_t began = clock_mono_us();
    s3_http_run(a, &site, two, 2);
    tap_ok(two[0].status == 0 && str_eq(two[0].fault, "connect"),
           "nobody listens");
    tap_ok(two[0].tries == 3 && two[1].tries == 3, "three tries each");
    const int64_t took_ms = (clock_mono_us() - began) / 1000;
    tap_ok(took_ms >= 850 && took_ms < 20000, "with waits between");
    arena_free(a);
    return tap_done();
}
