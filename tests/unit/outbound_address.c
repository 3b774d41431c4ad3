/* lib/wire/outbound_address.c: both edges of every range. */
#include "wire/outbound_address.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>
#include "tap.h"

static struct sockaddr_storage made;

static const struct sockaddr *address(const char *text)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)&made;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&made;
    memset(&made, 0, sizeof made);
    made.ss_family = strchr(text, ':') ? AF_INET6 : AF_INET;
    if (made.ss_family == AF_INET)
        tap_ok(inet_pton(AF_INET, text, &v4->sin_addr) == 1, "%s", text);
    else
        tap_ok(inet_pton(AF_INET6, text, &v6->sin6_addr) == 1, "%s", text);
    return (const struct sockaddr *)&made;
}

static const char *const outside[] = {"1.0.0.0",
                                      "9.255.255.255",
                                      "11.0.0.0",
                                      "100.63.255.255",
                                      "100.128.0.0",
                                      "126.255.255.255",
                                      "128.0.0.0",
                                      "169.253.255.255",
                                      "169.255.0.0",
                                      "172.15.255.255",
                                      "172.32.0.0",
                                      "191.255.255.255",
                                      "192.0.1.0",
                                      "192.0.3.0",
                                      "192.88.98.255",
                                      "192.88.100.0",
                                      "192.167.255.255",
                                      "192.169.0.0",
                                      "198.17.255.255",
                                      "198.20.0.0",
                                      "198.51.99.255",
                                      "198.51.101.0",
                                      "203.0.112.255",
                                      "203.0.114.0",
                                      "223.255.255.255",
                                      "8.8.8.8",
                                      "2000::",
                                      "2001:200::1",
                                      "2001:4860:4860::8888",
                                      "2001:db7:ffff::",
                                      "2001:db9::",
                                      "2003::1",
                                      "2a00:1450::1",
                                      "3ffe:ffff::",
                                      "3fff:1000::",
                                      "3fff:ffff::1"};

static const char *const inside[] = {"0.0.0.0",
                                     "0.255.255.255",
                                     "10.0.0.0",
                                     "10.255.255.255",
                                     "100.64.0.0",
                                     "100.127.255.255",
                                     "127.0.0.0",
                                     "127.0.0.1",
                                     "127.255.255.255",
                                     "169.254.0.0",
                                     "169.254.169.254",
                                     "169.254.255.255",
                                     "172.16.0.0",
                                     "172.31.255.255",
                                     "192.0.0.0",
                                     "192.0.0.255",
                                     "192.0.2.1",
                                     "192.88.99.1",
                                     "192.168.0.0",
                                     "192.168.255.255",
                                     "198.18.0.0",
                                     "198.19.255.255",
                                     "198.51.100.7",
                                     "203.0.113.7",
                                     "224.0.0.0",
                                     "239.255.255.255",
                                     "240.0.0.0",
                                     "255.255.255.255",
                                     "::",
                                     "::1",
                                     "::127.0.0.1",
                                     "::ffff:127.0.0.1",
                                     "::ffff:8.8.8.8",
                                     "64:ff9b::7f00:1",
                                     "64:ff9b:1::1",
                                     "100::1",
                                     "1fff:ffff::1",
                                     "2001::1",
                                     "2001:1ff::1",
                                     "2001:db8::1",
                                     "2001:db8:ffff::1",
                                     "2002::1",
                                     "2002:7f00:1::",
                                     "2002:ffff::1",
                                     "3fff::1",
                                     "3fff:fff::1",
                                     "4000::1",
                                     "5f00::1",
                                     "fc00::1",
                                     "fd00:ec2::254",
                                     "fe80::1",
                                     "fec0::1",
                                     "ff02::1"};

static void ranges(void)
{
    static const char *const good[] = {"127.0.0.0/8", "0.0.0.0/0",   "::/0",
                                       "fd00::/8",    "10.1.2.3/32", "::1/128"};
    static const char *const bad[] = {
        "",           "127.0.0.1",     "127.0.0.0/33", "127.0.0.1/8", "/8",
        "127.0.0.0/", "127.0.0.0/-1",  "fd00::/129",   "fd00::1/8",   "x/8",
        "127.0.0/8",  "127.0.0.0/8/8", "127.0.0.0/8 ", "0x7f.0.0.0/8"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        tap_ok(outbound_cidr_ok(good[i]), "%s is a range", good[i]);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tap_ok(!outbound_cidr_ok(bad[i]), "\"%s\" is none", bad[i]);
    tap_ok(outbound_address_in(address("127.9.9.9"), "127.0.0.0/8"), "within");
    tap_ok(!outbound_address_in(address("128.0.0.0"), "127.0.0.0/8"),
           "behind it");
    tap_ok(!outbound_address_in(address("::ffff:127.0.0.1"), "127.0.0.0/8"),
           "a mapped address is not of IPv4");
    tap_ok(!outbound_address_in(address("::1"), "0.0.0.0/0"),
           "all of IPv4 holds no IPv6 address");
    tap_ok(outbound_address_in(address("10.0.0.5"), "10.0.0.4/31"),
           "bits within a byte");
    tap_ok(!outbound_address_in(address("10.0.0.6"), "10.0.0.4/31"),
           "bits within a byte, behind");
}

int main(void)
{
    struct sockaddr_un file = {.sun_family = AF_UNIX};
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(8443)};
    for (size_t i = 0; i < ARRAY_LEN(outside); i++)
        tap_ok(outbound_address_public(address(outside[i])), "may be called");
    for (size_t i = 0; i < ARRAY_LEN(inside); i++)
        tap_ok(!outbound_address_public(address(inside[i])), "may not");
    tap_ok(!outbound_address_public((struct sockaddr *)&file),
           "no socket of the file system");
    tap_is_int(outbound_address_port((struct sockaddr *)&v4), 8443, "a port");
    tap_is_int(outbound_address_port((struct sockaddr *)&file), 0, "or none");
    ranges();
    return tap_done();
}
