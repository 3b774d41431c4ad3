/* Signatures are checked before anything inside is read; what is read is
 * compact JSON of a known set of members, or it is refused. */
#define _POSIX_C_SOURCE 200809L
#include "comptoir_license.h"
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TEXT_MOST = 1 << 20, /* characters of a list; keys and leases are short */
    MEMBERS = 8,
    SIGNATURE = 64,
    SIGNATURE_TEXT = 86
};

/* ---- base64 -------------------------------------------------------------- */

static int digit(char c)
{
    static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = c ? strchr(url, c) : NULL;
    return at ? (int)(at - url) : -1;
}

/* Unpadded base64url; how many bytes, or -1. */
static long decode(const char *s, size_t n, unsigned char *out)
{
    uint32_t bits = 0;
    int held = 0;
    long made = 0;
    for (size_t i = 0; i < n; i++) {
        int d = digit(s[i]);
        if (d < 0)
            return -1;
        bits = bits << 6 | (uint32_t)d;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[made++] = (unsigned char)(bits >> held);
        }
    }
    return n % 4 != 1 && !(bits & ((1u << held) - 1)) ? made : -1;
}

int comptoir_license_public_key(const char *base64, unsigned char out[32])
{
    char text[43];
    unsigned char raw[33];
    size_t n = strcspn(base64, "=\r\n ");
    if (n != sizeof text)
        return -1;
    for (size_t i = 0; i < n; i++)
        text[i] = base64[i] == '+' ? '-' : base64[i] == '/' ? '_' : base64[i];
    if (decode(text, n, raw) != 32)
        return -1;
    memcpy(out, raw, 32);
    return 0;
}

/* ---- signatures ---------------------------------------------------------- */

static int verified(const unsigned char key[32], const unsigned char *sig,
                    const char *text, size_t n)
{
    EVP_PKEY *p = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    int good = p && c && EVP_DigestVerifyInit(c, NULL, NULL, NULL, p) == 1 &&
               EVP_DigestVerify(c, sig, SIGNATURE, (const unsigned char *)text,
                                n) == 1;
    EVP_MD_CTX_free(c);
    EVP_PKEY_free(p);
    return good;
}

/* The payload of "kind.payload.signature" as malloc'ed text, or NULL. */
static char *open_text(const struct comptoir_license_input *in,
                       const char *kind, const char *text)
{
    unsigned char sig[SIGNATURE + 2];
    size_t n = text ? strnlen(text, TEXT_MOST) : TEXT_MOST;
    if (n == TEXT_MOST || strncmp(text, kind, 4) != 0 || text[4] != '.')
        return NULL;
    const char *from = text + 5, *dot = strchr(from, '.');
    if (!dot || strlen(dot + 1) != SIGNATURE_TEXT ||
        decode(dot + 1, SIGNATURE_TEXT, sig) != SIGNATURE)
        return NULL;
    int good = 0;
    for (size_t i = 0; i < in->n_public_keys && !good; i++)
        good = verified(in->public_keys[i], sig, text, (size_t)(dot - text));
    char *payload = good ? malloc((size_t)(dot - from) + 1) : NULL;
    long len =
        payload ? decode(from, (size_t)(dot - from), (unsigned char *)payload)
                : -1;
    if (len < 0 || memchr(payload, 0, (size_t)len)) {
        free(payload);
        return NULL;
    }
    payload[len] = 0;
    return payload;
}

/* ---- compact JSON: {"name":integer|"text"|[integers],…} ------------------ */

struct member {
    const char *name, *value; /* value at its first character */
    size_t name_n, value_n;
};

static const char *skip_string(const char *s)
{
    if (*s++ != '"')
        return NULL;
    for (; *s && *s != '"'; s++)
        if (*s == '\\' && !*++s)
            return NULL;
    return *s ? s + 1 : NULL;
}

static const char *skip_integer(const char *s)
{
    size_t n = strspn(s += *s == '-', "0123456789");
    return n < 1 || n > 18 || (n > 1 && *s == '0') ? NULL : s + n;
}

static const char *skip_list(const char *s)
{
    if (*++s == ']')
        return s + 1;
    for (;;) {
        s = skip_integer(s);
        if (!s || (*s != ',' && *s != ']'))
            return NULL;
        if (*s++ == ']')
            return s;
    }
}

/* How many members; -1 for anything else than one such object. */
static int members_of(const char *s, struct member *out)
{
    int n = 0;
    if (*s++ != '{')
        return -1;
    for (;;) {
        const char *name = s, *value = skip_string(s);
        if (n == MEMBERS || !value || *value++ != ':')
            return -1;
        const char *end = *value == '"'   ? skip_string(value)
                          : *value == '[' ? skip_list(value)
                                          : skip_integer(value);
        if (!end || (*end != ',' && *end != '}'))
            return -1;
        out[n++] = (struct member){name + 1, value, (size_t)(value - name) - 3,
                                   (size_t)(end - value)};
        s = end + 1;
        if (*end == '}')
            return *s ? -1 : n;
    }
}

/* The member of that name when there is exactly one, else NULL. */
static const struct member *find(const struct member *m, int n,
                                 const char *name)
{
    const struct member *found = NULL;
    for (int i = 0; i < n; i++)
        if (m[i].name_n == strlen(name) &&
            memcmp(m[i].name, name, m[i].name_n) == 0) {
            if (found)
                return NULL;
            found = &m[i];
        }
    return found;
}

static int number(const struct member *m, int n, const char *name, int64_t *out)
{
    const struct member *f = find(m, n, name);
    if (!f || *f->value == '"' || *f->value == '[' || *f->value == '-')
        return 0;
    *out = strtoll(f->value, NULL, 10);
    return 1;
}

static int text(const struct member *m, int n, const char *name, char *out,
                size_t size)
{
    const struct member *f = find(m, n, name);
    size_t made = 0;
    if (!f || *f->value != '"')
        return 0;
    for (const char *s = f->value + 1; s < f->value + f->value_n - 1; s++) {
        if (*s == '\\' && *++s != '"' && *s != '\\' && *s != '/')
            return 0;
        if (made + 1 == size)
            return 0;
        out[made++] = *s;
    }
    out[made] = 0;
    return made > 0;
}

/* ---- the three texts ----------------------------------------------------- */

struct key {
    int64_t iat, exp, grace;
};

struct lease {
    int64_t lic, seq, iat, exp, end, slice, list;
};

struct list {
    int64_t n, iat;
    int holds; /* this licence */
};

static int read_key(const struct comptoir_license_input *in, struct key *k,
                    struct comptoir_license_answer *out)
{
    struct member m[MEMBERS];
    char kid[41];
    char *json = open_text(in, "lic1", in->key);
    int n = json ? members_of(json, m) : -1;
    int good = n == 8 && number(m, n, "id", &out->id) &&
               text(m, n, "client", out->client, sizeof out->client) &&
               text(m, n, "plan", out->plan, sizeof out->plan) &&
               number(m, n, "quota", &out->quota) &&
               number(m, n, "iat", &k->iat) && number(m, n, "exp", &k->exp) &&
               number(m, n, "grace", &k->grace) &&
               text(m, n, "kid", kid, sizeof kid) && k->exp > k->iat;
    free(json);
    return good;
}

static int read_lease(const struct comptoir_license_input *in, int64_t id,
                      struct lease *l)
{
    struct member m[MEMBERS];
    char kid[41];
    char *json = open_text(in, "lea1", in->lease);
    int n = json ? members_of(json, m) : -1;
    int good = n == 8 && number(m, n, "lic", &l->lic) &&
               number(m, n, "seq", &l->seq) && number(m, n, "iat", &l->iat) &&
               number(m, n, "exp", &l->exp) && number(m, n, "end", &l->end) &&
               number(m, n, "slice", &l->slice) &&
               number(m, n, "list", &l->list) &&
               text(m, n, "kid", kid, sizeof kid) && l->lic == id &&
               l->seq > 0 && l->exp > l->iat;
    free(json);
    return good;
}

static int in_list(const struct member *ids, int64_t id)
{
    for (const char *s = ids->value; *s != ']';) {
        char *end;
        if (strtoll(s + 1, &end, 10) == id && end != s + 1)
            return 1;
        s = end == s + 1 ? s + 1 : end;
    }
    return 0;
}

static int read_list(const struct comptoir_license_input *in, int64_t id,
                     struct list *r)
{
    struct member m[MEMBERS];
    char kid[41];
    char *json = open_text(in, "rev1", in->list);
    int n = json ? members_of(json, m) : -1;
    const struct member *ids = n > 0 ? find(m, n, "ids") : NULL;
    int good = n == 4 && number(m, n, "n", &r->n) &&
               number(m, n, "iat", &r->iat) && ids && *ids->value == '[' &&
               text(m, n, "kid", kid, sizeof kid);
    r->holds = good && in_list(ids, id);
    free(json);
    return good;
}

/* ---- the verdict --------------------------------------------------------- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* What is held beside the key is real and not older than what was seen. */
static enum comptoir_license_code take(const struct comptoir_license_input *in,
                                       struct comptoir_license_state *state,
                                       int64_t id, struct lease *l,
                                       struct list *r)
{
    if (in->list && !read_list(in, id, r))
        return COMPTOIR_LICENSE_BAD_LIST;
    if (in->lease && !read_lease(in, id, l))
        return COMPTOIR_LICENSE_BAD_LEASE;
    if (r->n < state->list_number || r->n < l->list)
        return COMPTOIR_LICENSE_OLD_LIST;
    state->list_number = r->n;
    if (l->seq < state->lease_seq)
        return in->lease ? COMPTOIR_LICENSE_OLD_LEASE
                         : COMPTOIR_LICENSE_NO_LEASE;
    if (l->seq > state->lease_seq)
        state->used = 0;
    state->lease_seq = l->seq;
    return COMPTOIR_LICENSE_VALID;
}

/* The time that counts: never before what was seen or signed. */
static enum comptoir_license_code time_of(int64_t now, int64_t floor,
                                          struct comptoir_license_state *state,
                                          int64_t *out)
{
    floor = later(floor, state->last_seen_s);
    if (now < floor - COMPTOIR_LICENSE_SLACK_S)
        return COMPTOIR_LICENSE_CLOCK_BACK;
    *out = state->last_seen_s = later(now, floor);
    return COMPTOIR_LICENSE_VALID;
}

static enum comptoir_license_code judge(
    int64_t now, const struct list *r,
    const struct comptoir_license_answer *out)
{
    if (r->holds)
        return COMPTOIR_LICENSE_REVOKED;
    if (now >= out->ends_s)
        return COMPTOIR_LICENSE_EXPIRED;
    if (now >= out->usable_s)
        return COMPTOIR_LICENSE_NO_LEASE;
    return now < out->lease_s ? COMPTOIR_LICENSE_VALID : COMPTOIR_LICENSE_GRACE;
}

enum comptoir_license_code comptoir_license_check(
    const struct comptoir_license_input *in,
    struct comptoir_license_state *state, struct comptoir_license_answer *out)
{
    struct key k;
    struct lease l = {0};
    struct list r = {0};
    int64_t now = in->now_s;
    *out = (struct comptoir_license_answer){0};
    if (!read_key(in, &k, out))
        return out->code = COMPTOIR_LICENSE_BAD_KEY;
    out->code = take(in, state, out->id, &l, &r);
    if (out->code == COMPTOIR_LICENSE_VALID)
        out->code =
            time_of(now, later(k.iat, later(l.iat, r.iat)), state, &now);
    if (out->code != COMPTOIR_LICENSE_VALID)
        return out->code;
    /* A licence that was renewed has its new end in the lease. */
    out->ends_s = l.seq ? l.end : k.exp;
    out->lease_s = l.seq ? l.exp : k.iat;
    out->usable_s = out->lease_s + k.grace;
    if (out->usable_s > out->ends_s)
        out->usable_s = out->ends_s;
    out->lease_seq = l.seq;
    out->slice_left = l.slice > state->used ? l.slice - state->used : 0;
    return out->code = judge(now, &r, out);
}

enum comptoir_license_code comptoir_license_use(
    struct comptoir_license_state *state,
    struct comptoir_license_answer *answer, int64_t units)
{
    if (answer->code > COMPTOIR_LICENSE_GRACE)
        return answer->code;
    if (units < 1 || units > answer->slice_left)
        return COMPTOIR_LICENSE_USED_UP;
    state->used += units;
    answer->slice_left -= units;
    return answer->code;
}

void comptoir_license_forget(struct comptoir_license_state *state)
{
    state->lease_seq++;
}

/* ---- the state file: one line, with a MAC under the key's hash so that a
 * slip of the hand is told from a file of ours (its owner can forge it: what
 * protects against him is in the signed texts) ------------------------------
 */

static void state_mac(const char *key, const char *line, char out[65])
{
    unsigned char secret[SHA256_DIGEST_LENGTH], mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    SHA256((const unsigned char *)key, strlen(key), secret);
    HMAC(EVP_sha256(), secret, sizeof secret, (const unsigned char *)line,
         strlen(line), mac, &n);
    for (int i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", mac[i]);
}

static void state_line(const struct comptoir_license_state *s, char out[160])
{
    snprintf(out, 160, "comptoir1 %lld %lld %lld %lld",
             (long long)s->last_seen_s, (long long)s->lease_seq,
             (long long)s->list_number, (long long)s->used);
}

enum comptoir_license_code comptoir_license_load(
    const char *path, const char *key, struct comptoir_license_state *state)
{
    char file[256] = "", line[160], mac[65];
    long long v[4];
    *state = (struct comptoir_license_state){0};
    FILE *f = fopen(path, "r");
    if (!f)
        return access(path, F_OK) ? COMPTOIR_LICENSE_VALID
                                  : COMPTOIR_LICENSE_BAD_STATE;
    size_t n = fread(file, 1, sizeof file - 1, f);
    fclose(f);
    file[n] = 0;
    if (sscanf(file, "comptoir1 %18lld %18lld %18lld %18lld", &v[0], &v[1],
               &v[2], &v[3]) != 4)
        return COMPTOIR_LICENSE_BAD_STATE;
    struct comptoir_license_state s = {v[0], v[1], v[2], v[3]};
    state_line(&s, line);
    state_mac(key, line, mac);
    size_t at = strlen(line);
    if (strncmp(file, line, at) != 0 || file[at] != ' ' ||
        n != at + 1 + 64 + 1 || CRYPTO_memcmp(file + at + 1, mac, 64) != 0)
        return COMPTOIR_LICENSE_BAD_STATE;
    *state = s;
    return COMPTOIR_LICENSE_VALID;
}

enum comptoir_license_code comptoir_license_save(
    const char *path, const char *key,
    const struct comptoir_license_state *state)
{
    char line[160], mac[65], beside[4096];
    state_line(state, line);
    state_mac(key, line, mac);
    int n = snprintf(beside, sizeof beside, "%s.new", path);
    if (n < 0 || (size_t)n >= sizeof beside)
        return COMPTOIR_LICENSE_BAD_STATE;
    FILE *f = fopen(beside, "w");
    if (!f)
        return COMPTOIR_LICENSE_BAD_STATE;
    int good = fprintf(f, "%s %s\n", line, mac) > 0 && fflush(f) == 0 &&
               fsync(fileno(f)) == 0;
    good &= fclose(f) == 0;
    return good && rename(beside, path) == 0 ? COMPTOIR_LICENSE_VALID
                                             : COMPTOIR_LICENSE_BAD_STATE;
}

const char *comptoir_license_word(enum comptoir_license_code code)
{
    static const char *const words[COMPTOIR_LICENSE_CODES] = {
        "VALID",      "GRACE",     "EXPIRED",  "NO_LEASE", "REVOKED",
        "CLOCK_BACK", "OLD_LEASE", "OLD_LIST", "USED_UP",  "BAD_KEY",
        "BAD_LEASE",  "BAD_LIST",  "BAD_STATE"};
    return code >= 0 && code < COMPTOIR_LICENSE_CODES ? words[code] : "?";
}
