/* One row a form in the table at the end; MACs and signatures are checked
 * before anything inside is looked at. */
#include "wire/license_key.h"
#include <jansson.h>
#include <string.h>
#include "base/auto.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/str.h"

enum { DAY_S = 86400, MAC_HEX = 64, OPAQUE_LEAST = 10, OPAQUE_MOST = 124 };

static const char form_words[LICENSE_FORM_MAX][8] = {"hex", "signed", "opaque"};
static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz";

const char *license_form_name(enum license_form f)
{
    return form_words[f];
}

bool license_form_from(const char *word, enum license_form *out)
{
    for (int i = 0; i < LICENSE_FORM_MAX; i++)
        if (str_eq(word, form_words[i])) {
            *out = (enum license_form)i;
            return true;
        }
    return false;
}

/* ---- times of the source's form: 2026-11-27T10:11:12[.123456] in UTC ---- */

static bool digits(const char *s, int n, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *out = *out * 10 + (s[i] - '0');
    }
    return true;
}

static bool time_of_day(const char *s, int *seconds)
{
    int h, m, sec;
    if (s[2] != ':' || s[5] != ':' || !digits(s, 2, &h) ||
        !digits(s + 3, 2, &m) || !digits(s + 6, 2, &sec) || h > 23 || m > 59 ||
        sec > 59)
        return false;
    *seconds = (h * 60 + m) * 60 + sec;
    return true;
}

/* Nothing, or a fraction of at most six digits; then nothing, or UTC. */
static bool time_tail(const char *s)
{
    if (*s == '.') {
        size_t n = strspn(s + 1, "0123456789");
        if (n < 1 || n > 6)
            return false;
        s += 1 + n;
    }
    return !*s || str_eq(s, "Z") || str_eq(s, "+00:00");
}

static bool time_read(const char *s, int64_t *out)
{
    int year, month, day, seconds;
    if (strnlen(s, 19) < 19 || s[4] != '-' || s[7] != '-' || s[10] != 'T' ||
        !digits(s, 4, &year) || !digits(s + 5, 2, &month) ||
        !digits(s + 8, 2, &day) || year < 1970 || day < 1 ||
        day > clock_month_days(year, month) || !time_of_day(s + 11, &seconds) ||
        !time_tail(s + 19))
        return false;
    *out = (int64_t)clock_days(year, month, day) * DAY_S + seconds;
    return true;
}

static const char *time_text(struct arena *a, int64_t s)
{
    char out[25];
    clock_rfc3339(s * 1000, out);
    return arena_strndup(a, out, 19);
}

/* ---- what is inside ------------------------------------------------------ */

static bool text_of(struct arena *a, const json_t *o, const char *name,
                    size_t most, const char **out)
{
    const json_t *v = json_object_get(o, name);
    size_t n = json_string_length(v);
    if (!json_is_string(v) || n < 1 || n > most)
        return false;
    *out = arena_strndup(a, json_string_value(v), n);
    for (const char *s = *out; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return false;
    return true;
}

static bool number_of(const json_t *o, const char *name, int64_t lo, int64_t hi,
                      int64_t *out)
{
    const json_t *v = json_object_get(o, name);
    *out = json_integer_value(v);
    return json_is_integer(v) && *out >= lo && *out <= hi;
}

static bool hex_facts(struct arena *a, const json_t *o, struct license_key *k)
{
    const char *expiry, *created;
    return json_object_size(o) == 3 &&
           text_of(a, o, "client", LICENSE_KEY_CLIENT, &k->client) &&
           text_of(a, o, "expiry", 32, &expiry) &&
           text_of(a, o, "created", 32, &created) &&
           time_read(expiry, &k->expires_s) &&
           time_read(created, &k->created_s);
}

static bool signed_facts(struct arena *a, const json_t *o,
                         struct license_key *k)
{
    const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */
    return json_object_size(o) == 8 &&
           number_of(o, "id", 1, INT64_MAX, &k->id) &&
           text_of(a, o, "client", LICENSE_KEY_CLIENT, &k->client) &&
           text_of(a, o, "plan", LICENSE_KEY_PLAN, &k->plan) &&
           number_of(o, "quota", 0, INT64_MAX, &k->quota) &&
           number_of(o, "iat", 0, last, &k->created_s) &&
           number_of(o, "exp", 0, last, &k->expires_s) &&
           number_of(o, "grace", 0, 366 * DAY_S, &k->grace_s) &&
           text_of(a, o, "kid", LICENSE_RING_KID, &k->kid);
}

bool license_key_from_json(struct arena *a, enum license_form form,
                           struct bytes json, struct license_key *out)
{
    AUTO_JSON o =
        json_loadb((const char *)json.p, json.n, JSON_REJECT_DUPLICATES, NULL);
    *out = (struct license_key){.form = form};
    return json_is_object(o) && form != LICENSE_FORM_OPAQUE &&
           (form == LICENSE_FORM_HEX ? hex_facts(a, o, out)
                                     : signed_facts(a, o, out)) &&
           out->expires_s > out->created_s;
}

static struct bytes json_bytes(struct arena *a, json_t *o)
{
    AUTO_JSON owned = o;
    char *text = owned ? json_dumps(owned, JSON_COMPACT) : NULL;
    struct bytes out = {NULL, 0};
    if (text)
        out = (struct bytes){(const uint8_t *)arena_strdup(a, text),
                             strlen(text)};
    free(text);
    return out;
}

/* ---- hex ----------------------------------------------------------------- */

static bool from_hex(const char *s, size_t n, uint8_t *out)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        const char *d = s[i] ? strchr(hex, s[i]) : NULL;
        if (!d)
            return false;
        out[i / 2] = (uint8_t)(out[i / 2] << 4 | (d - hex));
    }
    return n % 2 == 0;
}

static char *hex_new(struct arena *a, const struct license_ring *r,
                     const struct license_key *k)
{
    uint8_t mac[LICENSE_RING_MAC];
    struct bytes json =
        json_bytes(a, json_pack("{s:s,s:s,s:s}", "client", k->client, "expiry",
                                time_text(a, k->expires_s), "created",
                                time_text(a, k->created_s)));
    char *token = json.p ? license_ring_seal(a, r, k->created_s, json) : NULL;
    struct bytes sealed = {(const uint8_t *)token, token ? strlen(token) : 0};
    if (!token || !license_ring_mac(r, sealed, mac))
        return NULL;
    return arena_printf(a, "%s:%s", encode_hex(a, token, sealed.n),
                        encode_hex(a, mac, sizeof mac));
}

static bool hex_read(struct arena *a, const struct license_ring *r,
                     const char *text, struct license_key *out)
{
    uint8_t mac[LICENSE_RING_MAC] = {0};
    const char *colon = strchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;
    struct bytes clear;
    if (!n || strlen(colon + 1) != MAC_HEX ||
        !from_hex(colon + 1, MAC_HEX, mac))
        return false;
    uint8_t *token = arena_alloc(a, n / 2 + 1);
    return from_hex(text, n, token) &&
           license_ring_mac_ok(r, (struct bytes){token, n / 2}, mac) &&
           license_ring_unseal(a, r, (const char *)token, n / 2, &clear) &&
           license_key_from_json(a, LICENSE_FORM_HEX, clear, out);
}

/* ---- signed -------------------------------------------------------------- */

static char *signed_new(struct arena *a, const struct license_ring *r,
                        const struct license_key *k)
{
    const char *kid = license_ring_kid(r);
    struct bytes json =
        !kid || !k->plan
            ? (struct bytes){NULL, 0}
            : json_bytes(a, json_pack("{s:I,s:s,s:s,s:I,s:I,s:I,s:I,s:s}", "id",
                                      (json_int_t)k->id, "client", k->client,
                                      "plan", k->plan, "quota",
                                      (json_int_t)k->quota, "iat",
                                      (json_int_t)k->created_s, "exp",
                                      (json_int_t)k->expires_s, "grace",
                                      (json_int_t)k->grace_s, "kid", kid));
    return json.p ? license_ring_sign(a, r, "lic1", json) : NULL;
}

static bool signed_read(struct arena *a, const struct license_ring *r,
                        const char *text, struct license_key *out)
{
    struct bytes json;
    const char *kid;
    return license_ring_open(a, r, "lic1", text, &json, &kid) &&
           license_key_from_json(a, LICENSE_FORM_SIGNED, json, out) &&
           str_eq(out->kid, kid);
}

/* ---- opaque -------------------------------------------------------------- */

static char *opaque_new(struct arena *a, const struct license_ring *r,
                        const struct license_key *k)
{
    char *text = arena_alloc(a, 4 + 43 + 1);
    (void)r, (void)k;
    memcpy(text, "lic_", 4);
    for (int i = 4; i < 4 + 43; i++) {
        uint8_t c;
        do /* a byte of 248 and more would favour the first digits */
            encode_random(&c, 1);
        while (c >= 248);
        text[i] = base62[c % 62];
    }
    return text;
}

static bool opaque_read(struct arena *a, const struct license_ring *r,
                        const char *text, struct license_key *out)
{
    size_t n = strlen(text);
    (void)a, (void)r;
    *out = (struct license_key){.form = LICENSE_FORM_OPAQUE};
    if (n < OPAQUE_LEAST || n > OPAQUE_MOST || !str_starts(text, "lic_"))
        return false;
    for (const char *s = text; *s; s++)
        if (!strchr(base62, *s) && *s != '_' && *s != '-')
            return false;
    return true;
}

static const struct {
    char *(*make)(struct arena *a, const struct license_ring *r,
                  const struct license_key *k);
    bool (*read)(struct arena *a, const struct license_ring *r,
                 const char *text, struct license_key *out);
} forms[LICENSE_FORM_MAX] = {
    [LICENSE_FORM_HEX] = {hex_new, hex_read},
    [LICENSE_FORM_SIGNED] = {signed_new, signed_read},
    [LICENSE_FORM_OPAQUE] = {opaque_new, opaque_read},
};

/* A key that would not be read again is not given out. */
char *license_key_new(struct arena *a, const struct license_ring *r,
                      const struct license_key *facts)
{
    struct license_key back;
    char *text = forms[facts->form].make(a, r, facts);
    return text && license_key_read(a, r, text, &back) ? text : NULL;
}

bool license_key_read(struct arena *a, const struct license_ring *r,
                      const char *text, struct license_key *out)
{
    *out = (struct license_key){.form = LICENSE_FORM_OPAQUE};
    if (!text || strnlen(text, LICENSE_KEY_MOST + 1) > LICENSE_KEY_MOST)
        return false;
    for (int i = 0; i < LICENSE_FORM_MAX; i++)
        if (forms[i].read(a, r, text, out))
            return true;
    *out = (struct license_key){.form = LICENSE_FORM_OPAQUE};
    return false;
}

char *license_key_hash(struct arena *a, const char *text)
{
    return encode_sha256(a, text, strlen(text));
}

char *license_key_hint(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    return arena_printf(a, "%.4s…%s", text, n < 24 ? "" : text + n - 4);
}
