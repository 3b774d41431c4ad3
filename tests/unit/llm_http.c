/* lib/llm/llm_http.c: against a listener of our own: an answer, silence, a
 * port where nobody listens, and protocols that are not HTTP. */
#include "llm/llm_http.h"
#include "base/str.h"
#include "listener.h"
#include "tap.h"
#include <signal.h>
#include <sys/wait.h>

static struct arena *a;

static struct llm_got post(const char *url)
{
    static const char *const headers[] = {"Content-Type: application/json"};
    const struct llm_post p = {.url = url,
                               .headers = headers,
                               .n_headers = 1,
                               .body = {(const uint8_t *)"{}", 2},
                               .timeout_ms = 1000};
    struct llm_got got;
    llm_http_post(a, &p, &got);
    return got;
}

int main(void)
{
    int port = 0;
    a = arena_new(4096);
    AUTO_FD fd = listener_open(&port);
    tap_ok(fd >= 0, "a listener");
    const char *url = arena_printf(a, "http://127.0.0.1:%d/v1/x", port);
    pid_t child = listener_serve(fd, "POST /v1/x ",
                                 "HTTP/1.1 429 No\r\nRetry-After: 7\r\n"
                                 "Content-Length: 2\r\n\r\n{}");
    struct llm_got got = post(url);
    tap_ok(got.sent == LLM_SENT_ANSWERED && got.status == 429, "an answer");
    tap_ok(got.retry_after_s == 7 && str_eq(got.body, "{}"), "and its parts");
    waitpid(child, NULL, 0);
    child = listener_serve(fd, "POST /v1/x ",
                           "HTTP/1.1 302 Go\r\nLocation: /v1/y\r\n"
                           "Content-Length: 0\r\n\r\n");
    got = post(url);
    tap_ok(got.status == 302, "a redirect is not followed");
    waitpid(child, NULL, 0);
    child = listener_serve(fd, "POST /v1/x ", NULL);
    got = post(url);
    tap_ok(got.sent == LLM_SENT_TIMEOUT && *got.body == 0, "silence");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(fd);
    fd = -1;
    tap_ok(post(url).sent == LLM_SENT_REFUSED, "nobody listens");
    tap_ok(post("file:///etc/hostname").sent == LLM_SENT_REFUSED, "a file");
    tap_ok(post("gopher://127.0.0.1/").sent == LLM_SENT_REFUSED, "gopher");
    arena_free(a);
    return tap_done();
}
