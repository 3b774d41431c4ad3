/* lib/wire/outbound.c: hostile addresses are refused at the door, and again
 * where a name led to them; a listener on the loopback proves that nobody
 * knocked. A small server answers where the loopback is opened. */
#include "wire/outbound.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/str.h"
#include "tap.h"

static int listener, port;
static struct arena *a;

static void listen_on_loopback(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&at, n) || listen(listener, 16) ||
        getsockname(listener, (struct sockaddr *)&at, &n))
        exit(1);
    port = ntohs(at.sin_port);
}

static bool knocked(void)
{
    const int fd = accept(listener, NULL, NULL);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static const char *settings(const char *env, const char *open_ranges,
                            const char *ports)
{
    setenv("ENV", env, 1);
    setenv("WEBHOOK_ALLOW_CIDR", open_ranges, 1);
    setenv("OUTBOUND_PORTS", ports, 1);
    const char *bad = conf_init();
    return bad ? bad : outbound_init();
}

/* ---- addresses ----------------------------------------------------------- */

/* Hosts as a caller may write them; %d is the port of the listener. */
static const char *const hostile[] = {
    "http://127.0.0.1:%d/",
    "http://localhost:%d/",
    "http://2130706433:%d/",
    "http://0x7f.1:%d/",
    "http://127.1:%d/",
    "http://0177.0.0.1:%d/",
    "http://0:%d/",
    "http://0.0.0.0:%d/",
    "http://[::1]:%d/",
    "http://[::]:%d/",
    "http://[::ffff:127.0.0.1]:%d/",
    "http://[::ffff:7f00:1]:%d/",
    "http://[::127.0.0.1]:%d/",
    "http://[64:ff9b::7f00:1]:%d/",
    "http://169.254.169.254:%d/",
    "http://[fe80::1]:%d/",
    "http://[fd00:ec2::254]:%d/",
    "http://user@127.0.0.1:%d/",
    "http://example.org@127.0.0.1:%d/",
    "http://127.0.0.1:%d#@example.org/",
    "http://127.0.0.1:%d/#@example.org",
    "http://example.org\\@127.0.0.1:%d/",
    "file://127.0.0.1:%d/etc/passwd",
    "gopher://127.0.0.1:%d/_x",
    "dict://127.0.0.1:%d/d",
    "ftp://127.0.0.1:%d/x",
    "http://10.0.0.1:%d/",
    "http://172.16.0.1:%d/",
    "http://192.168.1.1:%d/",
    "http://100.64.0.1:%d/",
    "http://0x7f000001:%d/",
    "http://017700000001:%d/",
    "http://[2002:7f00:1::]:%d/",
    "http://[2001::7f00:1]:%d/",
    "http://[2001:db8::1]:%d/",
    "http://224.0.0.1:%d/",
    "http://255.255.255.255:%d/",
    "http://192.0.2.1:%d/",
    "http://198.18.0.1:%d/",
    "http://metadata.google.internal:%d/",
    "http://127.0.0.1.:%d/",
    "HTTP://LOCALHOST.:%d/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:%d/",
    "http://%%31%%32%%37.0.0.1:%d/",
    "http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1:%d/"};

/* Where a hostile name server may point. */
static const char *const led_to[] = {
    "127.0.0.1",          "127.255.255.254", "0.0.0.0",
    "10.0.0.1",           "172.16.0.1",      "192.168.1.1",
    "169.254.169.254",    "100.64.0.1",      "192.0.0.1",
    "192.0.2.1",          "192.88.99.1",     "198.18.0.1",
    "198.51.100.1",       "203.0.113.1",     "224.0.0.1",
    "255.255.255.255",    "[::1]",           "[::]",
    "[::ffff:127.0.0.1]", "[::127.0.0.1]",   "[64:ff9b::7f00:1]",
    "[fe80::1]",          "[fd00:ec2::254]", "[fc00::1]",
    "[2001:db8::1]",      "[2001::1]",       "[2002:7f00:1::1]",
    "[ff02::1]",          "[100::1]",        "127.0.0.1,[::1],10.0.0.1"};

static void call(const char *url, const char *resolve, int redirects,
                 struct outbound_got *got)
{
    const struct outbound_want w = {.url = url,
                                    .timeout_ms = 4000,
                                    .most_bytes = 1000,
                                    .redirects = redirects};
    const struct libcurl *curl = libcurl_load();
    struct outbound *o = outbound_open(a, &w);
    struct curl_slist *pins = resolve ? curl->append(NULL, resolve) : NULL;
    curl->setopt(outbound_handle(o), CURLOPT_RESOLVE, pins);
    tap_ok(outbound_of(outbound_handle(o)) == o, "the call of its handle");
    outbound_result(o, curl->perform(outbound_handle(o)), got);
    curl->free_all(pins);
}

static void refused_at_the_door(void)
{
    struct outbound_got got;
    tap_ok(!settings("dev", "", arena_printf(a, "%d", port)),
           "nothing is open");
    for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
        const char *clean = NULL;
        const char *url = arena_printf(a, hostile[i], port);
        const char *why = outbound_check(a, url, &clean);
        tap_ok(why && str_starts(why, "must ") && !clean, "at the door: %s",
               url);
        call(url, NULL, 0, &got);
        tap_ok(got.error && got.status == 0 && !knocked(),
               "and by libcurl itself: %s", got.error ? got.error : "answered");
    }
}

static void refused_behind_a_name(void)
{
    struct outbound_got got;
    const char *clean = NULL;
    const char *url = arena_printf(a, "http://shop.example.org:%d/hook", port);
    tap_ok(!outbound_check(a, url, &clean) && clean == url,
           "a name like any other is taken at the door");
    for (size_t i = 0; i < ARRAY_LEN(led_to); i++) {
        call(url, arena_printf(a, "shop.example.org:%d:%s", port, led_to[i]), 0,
             &got);
        tap_is_str(got.error, "address_refused", "a name that leads to %s",
                   led_to[i]);
        tap_ok(!knocked(), "is not followed there");
    }
    setenv("http_proxy", arena_printf(a, "http://127.0.0.1:%d", port), 1);
    setenv("ALL_PROXY", arena_printf(a, "http://127.0.0.1:%d", port), 1);
    call("http://10.0.0.1/", NULL, 0, &got);
    tap_is_str(got.error, "address_refused", "a proxy of the environment");
    tap_ok(!knocked(), "is not asked");
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

/* ---- a server ------------------------------------------------------------ */

static void say(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        _exit(0);
}

static void flood(int fd, const char *head, const char *line)
{
    for (say(fd, head);;)
        say(fd, line);
}

static void serve_one(int fd)
{
    static char request[4096];
    const ssize_t n = read(fd, request, sizeof request - 1);
    request[n > 0 ? n : 0] = '\0';
    if (strstr(request, " /huge "))
        flood(fd, "HTTP/1.1 200 OK\r\n\r\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    if (strstr(request, " /lines "))
        flood(fd, "HTTP/1.1 200 OK\r\n", "a: b\r\n");
    if (strstr(request, " /interim "))
        flood(fd, "", "HTTP/1.1 102 Processing\r\n\r\n");
    if (strstr(request, " /early "))
        return;
    if (strstr(request, " /moved "))
        say(fd, "HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\n"
                "Content-Length: 0\r\n\r\n");
    if (strstr(request, " /wait "))
        say(fd, "HTTP/1.1 429 Slow\r\nRetry-After: 17\r\n"
                "Content-Length: 4\r\n\r\nlate");
    if (strstr(request, " /noise "))
        say(fd, "\x16\x03\x01 nothing of HTTP\r\n\r\n");
    say(fd, "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n"
            "Content-Length: 2\r\n\r\nok");
}

static pid_t serve(void)
{
    const pid_t pid = fork();
    if (pid)
        return pid;
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        const int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            usleep(2000);
            continue;
        }
        if (fork() == 0) {
            serve_one(fd);
            _exit(0);
        }
        close(fd);
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}

static const struct {
    const char *path, *error;
    int status;
    bool cut;
    int redirects;
} answers[] = {{"/", NULL, 200, false, 0},
               {"/huge", NULL, 200, true, 0},
               {"/lines", "headers_too_large", 200, false, 0},
               {"/interim", "headers_too_large", 102, false, 0},
               {"/early", "closed_early", 0, false, 0},
               {"/moved", NULL, 302, false, 0},
               {"/moved", "protocol_refused", 302, false, 3},
               {"/noise", "protocol_refused", 0, false, 0},
               {"/wait", NULL, 429, false, 0}};

static void answered(void)
{
    struct outbound_got got;
    const char *clean;
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        const char *url =
            arena_printf(a, "http://127.0.0.1:%d%s", port, answers[i].path);
        tap_ok(!outbound_check(a, url, &clean), "%s at the door", url);
        call(url, NULL, answers[i].redirects, &got);
        tap_is_str(got.error ? got.error : "answered",
                   answers[i].error ? answers[i].error : "answered", "%s",
                   answers[i].path);
        tap_is_int(got.status, answers[i].status, "its status");
        tap_ok(got.cut == answers[i].cut && got.body.n <= 1000, "its length");
    }
    tap_is_int(got.retry_after_s, 17, "Retry-After is told");
    tap_is_str((const char *)got.body.p, "late", "and what was said");
}

static void opened(void)
{
    const char *clean;
    tap_ok(!settings("dev", "127.0.0.0/8", arena_printf(a, "%d", port)),
           "the loopback is opened");
    const pid_t server = serve();
    answered();
    tap_ok(outbound_check(a, "http://[::1]/", &clean) != NULL, "IPv6's is not");
    tap_ok(outbound_check(a, "http://127.0.0.1:1/", &clean) != NULL,
           "nor another port");
    struct outbound_got got;
    call("http://127.0.0.1:1/", NULL, 0, &got);
    tap_is_str(got.error, "address_refused", "for libcurl neither");
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
}

static void in_production(void)
{
    const char *clean;
    struct outbound_got got;
    const char *url = arena_printf(a, "http://127.0.0.1:%d/", port);
    setenv("API_KEY", "0123456789abcdef0123456789abcdef", 1);
    tap_ok(settings("prod", "127.0.0.0/8", "") != NULL,
           "ENV=prod refuses WEBHOOK_ALLOW_CIDR");
    tap_ok(outbound_check(a, url, &clean) != NULL, "and keeps it shut anyway");
    call(arena_printf(a, "https://127.0.0.1:%d/", port), NULL, 0, &got);
    tap_is_str(got.error, "address_refused", "for libcurl too");
    tap_ok(!settings("prod", "", ""), "without, it starts");
    tap_ok(outbound_check(a, "http://example.org/", &clean) != NULL,
           "there, http:// is refused");
    call("http://example.org/", "example.org:80:127.0.0.1", 0, &got);
    tap_is_str(got.error, "protocol_refused", "by libcurl as well");
    tap_ok(!outbound_check(a, "https://example.org/hook", &clean),
           "https:// is taken");
    tap_ok(outbound_check(a, "https://example.org:8443/", &clean) != NULL,
           "on its own port only");
}

int main(void)
{
    static const char *const bad_ports[] = {"x",   "0",  "65536",
                                            "9-8", "1-", "-1"};
    a = arena_new(65536);
    listen_on_loopback();
    refused_at_the_door();
    refused_behind_a_name();
    opened();
    in_production();
    for (size_t i = 0; i < ARRAY_LEN(bad_ports); i++)
        tap_ok(settings("dev", "", bad_ports[i]) != NULL, "no ports: %s",
               bad_ports[i]);
    tap_ok(!settings("dev", "", "8443,9000-9100"), "ports and ranges");
    tap_ok(settings("dev", "127.0.0.1", "") != NULL, "no range");
    setenv("OUTBOUND_CA_FILE", "/nowhere/at/all", 1);
    tap_ok(settings("dev", "", "") != NULL, "no such certificates");
    arena_free(a);
    return tap_done();
}
