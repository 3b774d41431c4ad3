/* Host, scheme, and the table of who may use which door. */
#include "web/gate.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/conf.h"
#include "base/str.h"
#include "web/gate_door.h"

void gate_init(void)
{
    gate_door_init();
}

/* Length of the host in "name:port" or "[v6]:port". */
static size_t host_len(const char *s)
{
    if (*s == '[') {
        size_t n = strcspn(s, "]");
        return s[n] ? n + 1 : n;
    }
    return strcspn(s, ":");
}

static bool host_listed(const char *host)
{
    const char *const *hosts;
    size_t n = conf_list(CONF_ALLOWED_HOSTS, &hosts), len = host_len(host);
    const char *port = host + len;
    if (*port &&
        (*port != ':' || strspn(port + 1, "0123456789") != strlen(port + 1)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strlen(hosts[i]) == len && strncasecmp(hosts[i], host, len) == 0)
            return true;
    return false;
}

static bool is_https(const struct req *r)
{
    const char *https = req_param(r, "HTTPS");
    return (https && str_eq(https, "on")) ||
           str_eq(req_param(r, "REQUEST_SCHEME"), "https");
}

enum err gate_check_host(const struct req *r)
{
    const char *host = req_param(r, "HTTP_HOST");
    if (!host || !*host)
        host = req_param(r, "SERVER_NAME");
    if (!host || !host_listed(host))
        return ERR_BAD_HOST;
    if (conf_bool(CONF_FORCE_HTTPS) && !is_https(r))
        return ERR_HTTPS_REQUIRED;
    return OK;
}

void gate_address_id(const char *ip, char *out, size_t size)
{
    struct in6_addr six;
    char text[INET6_ADDRSTRLEN];
    const size_t n = strlen(ip);
    if (!strchr(ip, ':') && n + 4 <= size) {
        memcpy(out, "ip:", 3);
        memcpy(out + 3, ip, n + 1);
    } else if (inet_pton(AF_INET6, ip, &six) != 1) {
        snprintf(out, size, "ip:%s", ip);
    } else if (IN6_IS_ADDR_V4MAPPED(&six)) {
        inet_ntop(AF_INET, &six.s6_addr[12], text, sizeof text);
        snprintf(out, size, "ip:%s", text);
    } else {
        memset(&six.s6_addr[8], 0, 8);
        inet_ntop(AF_INET6, &six, text, sizeof text);
        snprintf(out, size, "ip:%s/64", text);
    }
}

/* 16 bytes for both families: IPv4 in its mapped form. */
static bool address_bytes(const char *s, unsigned char out[16], bool *four)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    *four = inet_pton(AF_INET, s, out + 12) == 1;
    if (*four) {
        memcpy(out, mapped, sizeof mapped);
        return true;
    }
    if (inet_pton(AF_INET6, s, out) != 1)
        return false;
    *four = memcmp(out, mapped, sizeof mapped) == 0;
    return true;
}

static bool prefix_eq(const unsigned char *a, const unsigned char *b, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(a, b, (size_t)whole) != 0)
        return false;
    return !rest || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

static bool address_matches(const unsigned char addr[16], const char *entry)
{
    unsigned char net[16];
    char text[INET6_ADDRSTRLEN + 1] = "";
    const char *slash = strchr(entry, '/');
    size_t n = slash ? (size_t)(slash - entry) : strlen(entry);
    int64_t bits = -1;
    bool four;
    if (n >= sizeof text)
        return false;
    memcpy(text, entry, n);
    if (!address_bytes(text, net, &four))
        return false;
    if (slash &&
        (!str_to_i64(slash + 1, &bits) || bits < 0 || bits > (four ? 32 : 128)))
        return false;
    if (bits < 0)
        bits = four ? 32 : 128;
    return prefix_eq(addr, net, (int)bits + (four ? 96 : 0));
}

bool gate_address_in(const char *ip, const char *const *list, size_t n)
{
    unsigned char addr[16];
    bool four;
    if (!address_bytes(ip, addr, &four))
        return false;
    for (size_t i = 0; i < n; i++)
        if (address_matches(addr, list[i]))
            return true;
    return false;
}

/* What a row asks of its caller. */
static const struct demand {
    bool keys, tokens, license, optional, any_scope;
    const char *role;
} demands[ACCESS_MAX] = {
    [KEY] = {.keys = true, .tokens = true},
    [KEY_OPT] = {.keys = true, .tokens = true, .optional = true},
    [USER] = {.tokens = true},
    [TENANT_ADMIN] = {.tokens = true, .role = "admin"},
    [OPERATOR] = {.tokens = true, .role = "operator"},
    [LICENSE] = {.license = true},
    [LICENSE_ANY] = {.license = true, .optional = true},
    [ANY] = {.keys = true, .tokens = true, .license = true, .any_scope = true},
    [LOCAL] = {.tokens = true, .role = "operator"}, /* from elsewhere */
};

static const char *sent(const struct req *r, const char *header)
{
    const char *s = req_param(r, header);
    return s && *s ? s : NULL;
}

/* An operator stands above the admin of a tenant. */
static bool has_role(const struct principal *who, const char *role)
{
    return !role || str_eq(who->role, role) || str_eq(who->role, "operator");
}

/* Known by now; may this one use this row? */
static enum err allowed(const struct req *r, const struct demand *d)
{
    const char *scope = r->route->scope;
    if (r->who.kind == PRINCIPAL_KEY && !d->any_scope && !d->optional &&
        (!scope || !principal_has_scope(&r->who, scope)))
        return ERR_SCOPE_MISSING;
    return has_role(&r->who, d->role) ? OK : ERR_FORBIDDEN;
}

static enum err identify(struct req *r, const struct demand *d)
{
    const char *license = d->license ? sent(r, "HTTP_X_LICENSE_KEY") : NULL;
    const char *key = sent(r, "HTTP_X_API_KEY");
    const char *token = d->tokens ? sent(r, "HTTP_AUTHORIZATION") : NULL;
    if (license)
        return gate_door_license(r, license);
    if (key && (d->keys || (d->tokens && r->route->scope)))
        return gate_door_key(r, key);
    if (token)
        return gate_door_token(r, token);
    if (d->license && !d->optional && !d->keys)
        return ERR_LICENSE_INVALID;
    return d->optional ? OK : ERR_UNAUTHORIZED;
}

static bool is_near(const struct req *r)
{
    const char *const *list;
    size_t n = conf_list(CONF_METRICS_ALLOW, &list);
    return gate_address_in(r->ip, list, n);
}

enum err gate_identify(struct req *r)
{
    const enum access access = r->route->access;
    gate_address_id(r->ip, r->who.id, sizeof r->who.id);
    if (access == ANON)
        return OK;
    if (access == LOCAL && is_near(r))
        return OK;
    const enum err e = identify(r, &demands[access]);
    return e == ERR_UNAUTHORIZED && access == LOCAL ? ERR_FORBIDDEN : e;
}

enum err gate_confirm(struct req *r)
{
    const enum access access = r->route->access;
    const struct demand *d = &demands[access];
    if (r->who.kind == PRINCIPAL_USER) {
        const enum err e = principal_confirm(r->db, r->arena, &r->who);
        if (e)
            return e;
    }
    /* a static key is nobody's: it has no role, and USER rows need one */
    if (r->who.kind == PRINCIPAL_STATIC_KEY && !d->keys)
        return access == LOCAL ? ERR_FORBIDDEN : ERR_UNAUTHORIZED;
    return r->who.kind == PRINCIPAL_ANON ? OK : allowed(r, d);
}
