#include "web/gate.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static struct arena *a;

static enum err host(const char *name, const char *https)
{
    struct fake f;
    fake_init(&f, a);
    if (name)
        fake_param(&f, "HTTP_HOST", name);
    if (https)
        fake_param(&f, "HTTPS", https);
    return gate_check_host(&f.r);
}

static void hosts(void)
{
    static const char *const good[] = {"localhost", "LOCALHOST:8443",
                                       "desk.example:1", "[::1]:8443",
                                       "[::1]"};
    static const char *const bad[] = {
        "", "evil.example", "localhost.evil.example", "xlocalhost",
        "localhost@evil", "local", "localhost:1@evil", ":8443", "[::1", "[::1]x", "::1",
        "localhost,evil", "desk.example."};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        tap_is_int(host(good[i], "on"), OK, "host %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        tap_is_int(host(bad[i], "on"), ERR_BAD_HOST, "host '%s'", bad[i]);
    tap_is_int(host(NULL, "on"), ERR_BAD_HOST, "no host at all");
    tap_is_int(host("localhost", NULL), ERR_HTTPS_REQUIRED, "plain HTTP");
    tap_is_int(host("localhost", ""), ERR_HTTPS_REQUIRED, "HTTPS empty");
}

static enum err identify(struct fake *f, enum access access, const char *key)
{
    static struct route row;
    fake_init(f, a);
    row = (struct route){.method = "GET", .path = "/", .access = access};
    f->r.route = &row;
    if (key)
        fake_param(f, "HTTP_X_API_KEY", key);
    return gate_identify(&f->r);
}

static void keys(void)
{
    struct fake f;
    tap_is_int(identify(&f, KEY, "second-key"), OK, "the second key");
    tap_ok(f.r.who.kind == PRINCIPAL_STATIC_KEY, "is a key");
    tap_is_str(f.r.who.id,
               arena_printf(a, "key:%.16s",
                            encode_sha256(a, "second-key", 10)),
               "named by its hash");
    tap_is_int(identify(&f, KEY, "second-keY"), ERR_INVALID_API_KEY,
               "a wrong key");
    tap_is_int(identify(&f, KEY, "first-key,second-key"),
               ERR_INVALID_API_KEY, "the list itself is no key");
    tap_is_int(identify(&f, KEY, NULL), ERR_UNAUTHORIZED, "no key");
    tap_is_int(identify(&f, KEY, ""), ERR_UNAUTHORIZED, "an empty key");
    tap_is_int(identify(&f, KEY_OPT, NULL), OK, "optional and absent");
    tap_ok(f.r.who.kind == PRINCIPAL_ANON, "is anonymous");
    tap_is_int(identify(&f, KEY_OPT, "x"), ERR_INVALID_API_KEY,
               "optional and wrong");
    tap_is_int(identify(&f, ANON, "x"), OK, "not looked at where not asked");
    tap_is_int(identify(&f, LOCAL, "first-key"), ERR_FORBIDDEN,
               "an address that is not allowed, whatever the key");
}

static const char *address_id(const char *ip)
{
    static char id[80];
    gate_address_id(ip, id, sizeof id);
    return id;
}

static void addresses(void)
{
    tap_is_str(address_id("192.0.2.7"), "ip:192.0.2.7", "IPv4");
    tap_is_str(address_id("::ffff:192.0.2.7"), "ip:192.0.2.7", "mapped IPv4");
    tap_is_str(address_id("2001:db8:1:2:3:4:5:6"), "ip:2001:db8:1:2::/64",
               "IPv6 by its /64");
    tap_is_str(address_id("2001:DB8:1:2::9"), "ip:2001:db8:1:2::/64",
               "and its neighbour");
    tap_is_str(address_id("unix:"), "ip:unix:", "a socket");
    static const struct {
        const char *ip, *entry;
        bool in;
    } rows[] = {
        {"127.0.0.1", "127.0.0.1", true}, {"127.0.0.2", "127.0.0.1", false},
        {"10.1.2.3", "10.0.0.0/8", true}, {"11.1.2.3", "10.0.0.0/8", false},
        {"10.1.2.3", "10.1.2.2/31", true}, {"10.1.2.4", "10.1.2.2/31", false},
        {"1.2.3.4", "0.0.0.0/0", true}, {"::1", "::1", true},
        {"::2", "::1", false}, {"2001:db8::5", "2001:db8::/32", true},
        {"2001:db9::5", "2001:db8::/32", false},
        {"::ffff:10.1.1.1", "10.0.0.0/8", true}, {"::1", "0.0.0.0/0", false},
        {"10.0.0.1", "10.0.0.0/33", false}, {"10.0.0.1", "10.0.0.0/x", false},
        {"10.0.0.1", "host", false}, {"", "0.0.0.0/0", false},
        {"x", "0.0.0.0/0", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tap_ok(gate_address_in(rows[i].ip, &rows[i].entry, 1) == rows[i].in,
               "%s in %s: %d", rows[i].ip, rows[i].entry, rows[i].in);
}

int main(void)
{
    setenv("ALLOWED_HOSTS", "localhost, desk.example,[::1]", 1);
    setenv("API_KEY", "first-key, second-key", 1);
    const char *bad = conf_init();
    tap_ok(!bad, "conf");
    gate_init();
    a = arena_new(4096);
    hosts();
    keys();
    addresses();
    arena_free(a);
    return tap_done();
}
