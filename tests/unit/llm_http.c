/* lib/llm/llm_http.c: against a listener of our own: an answer, silence, a
 * port where nobody listens, and protocols that are not HTTP. */
#include "llm/llm_http.h"
#include "base/auto.h"
#include "base/str.h"
#include "tap.h"
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

static struct arena *a;

static int listen_on(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) || listen(fd, 4) ||
        getsockname(fd, (struct sockaddr *)&at, &n))
        return -1;
    *port = ntohs(at.sin_port);
    return fd;
}

/* Takes one request and says this, or keeps the caller waiting. */
static pid_t serve(int fd, const char *says)
{
    pid_t child = fork();
    if (child)
        return child;
    char in[4096];
    AUTO_FD peer = accept(fd, NULL, NULL);
    if (peer < 0 || read(peer, in, sizeof in) <= 0)
        _exit(1);
    if (!says)
        pause();
    _exit(write(peer, says, strlen(says)) < 0);
}

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
    AUTO_FD fd = listen_on(&port);
    tap_ok(fd >= 0, "a listener");
    const char *url = arena_printf(a, "http://127.0.0.1:%d/v1/x", port);
    pid_t child = serve(fd, "HTTP/1.1 429 No\r\nRetry-After: 7\r\n"
                            "Content-Length: 2\r\n\r\n{}");
    struct llm_got got = post(url);
    tap_ok(got.sent == LLM_SENT_ANSWERED && got.status == 429, "an answer");
    tap_ok(got.retry_after_s == 7 && str_eq(got.body, "{}"), "and its parts");
    waitpid(child, NULL, 0);
    child = serve(fd, "HTTP/1.1 302 Go\r\nLocation: /v1/y\r\n"
                      "Content-Length: 0\r\n\r\n");
    got = post(url);
    tap_ok(got.status == 302, "a redirect is not followed");
    waitpid(child, NULL, 0);
    child = serve(fd, NULL);
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
