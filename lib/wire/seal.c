/* The bytes behind the kid: 12 random ones (NIST SP 800-38D 8.2.2), the
 * cipher's, 16 of tag. The kid and the place are authenticated with them. */
#include "wire/seal.h"
#include <openssl/evp.h>
#include <string.h>
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "wire/keyring.h"
#include "base/banned.h"

enum { KEY_BYTES = 32, IV_BYTES = 12, TAG_BYTES = 16, KEY_CHARS = 44 };
_Static_assert(SEAL_BYTES_MORE == IV_BYTES + TAG_BYTES, "as they are sealed");
static const char mark[] = "s1.";
static const char own_kid[] = "-"; /* no keyring has a name of one dash */

struct key {
    const char *kid;
    uint8_t bytes[KEY_BYTES];
};

static struct {
    struct arena *memory;
    struct key keys[KEYRING_MAX];
    size_t n;
} ring;

/* Standard Base64 of exactly 32 bytes. */
static bool decode_key(const char *s, uint8_t out[KEY_BYTES])
{
    uint8_t got[KEY_BYTES + 2];
    bool well =
        strlen(s) == KEY_CHARS && s[KEY_CHARS - 1] == '=' &&
        s[KEY_CHARS - 2] != '=' &&
        EVP_DecodeBlock(got, (const uint8_t *)s, KEY_CHARS) == KEY_BYTES + 1;
    if (well)
        memcpy(out, got, KEY_BYTES);
    explicit_bzero(got, sizeof got);
    return well;
}

static const char *add_key(const struct keyring_key *from)
{
    struct key *k = &ring.keys[ring.n];
    if (!from->kid || str_eq(from->kid, own_kid))
        return "DATA_KEYS: each key needs its name: kid:key.";
    k->kid = from->kid;
    if (!decode_key(from->secret, k->bytes))
        return "DATA_KEYS: a key is not 32 bytes in Base64.";
    ring.n++;
    return NULL;
}

const char *seal_init(void)
{
    struct keyring all;
    if (!ring.memory)
        ring.memory = arena_new(2048);
    arena_reset(ring.memory);
    explicit_bzero(ring.keys, sizeof ring.keys);
    ring.n = 0;
    const char *bad =
        keyring_parse(ring.memory, "DATA_KEYS", conf_str(CONF_DATA_KEYS), &all);
    for (size_t i = 0; !bad && i < all.n; i++)
        bad = add_key(&all.keys[i]);
    if (bad)
        ring.n = 0;
    return bad;
}

bool seal_ready(void)
{
    return ring.n > 0;
}

/* ---- places -------------------------------------------------------------- */

const char *seal_place(enum sealed what)
{
    static const char *const places[] = {
#define SEALED(name, place) [SEALED_##name] = place,
#include "wire/sealed.tbl"
#undef SEALED
    };
    return places[what];
}

static const char *place_of(struct arena *a, struct sealed_at at)
{
    return arena_printf(a, "%s:%s", seal_place(at.what), at.row);
}

/* ---- the cipher --------------------------------------------------------- */

static bool add_place(EVP_CIPHER_CTX *c, const char *kid, const char *place)
{
    int n = 0;
    return EVP_CipherUpdate(c, NULL, &n, (const uint8_t *)kid,
                            (int)strlen(kid)) &&
           EVP_CipherUpdate(c, NULL, &n, (const uint8_t *)"\n", 1) &&
           EVP_CipherUpdate(c, NULL, &n, (const uint8_t *)place,
                            (int)strlen(place));
}

/* out: iv, as many bytes as clear, tag. */
static bool encrypt(const struct key *k, const char *place, struct bytes clear,
                    uint8_t *out)
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint8_t *body = out + IV_BYTES, none[TAG_BYTES];
    int n = 0;
    encode_random(out, IV_BYTES);
    bool well =
        c && EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, k->bytes, out, 1) &&
        add_place(c, k->kid, place) &&
        EVP_CipherUpdate(c, body, &n, clear.p, (int)clear.n) &&
        EVP_CipherFinal_ex(c, none, &n) &&
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, body + clear.n);
    EVP_CIPHER_CTX_free(c);
    return well;
}

/* in: as encrypt wrote; out has room for what is between iv and tag. */
static bool decrypt(const struct key *k, const char *place, struct bytes in,
                    uint8_t *out)
{
    size_t body_n = in.n - IV_BYTES - TAG_BYTES;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint8_t tag[TAG_BYTES];
    int n = 0;
    memcpy(tag, in.p + IV_BYTES + body_n, TAG_BYTES);
    bool well =
        c && EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, k->bytes, in.p, 0) &&
        add_place(c, k->kid, place) &&
        EVP_CipherUpdate(c, out, &n, in.p + IV_BYTES, (int)body_n) &&
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) &&
        EVP_CipherFinal_ex(c, out + body_n, &n) > 0;
    EVP_CIPHER_CTX_free(c);
    if (!well)
        explicit_bzero(out, body_n);
    return well;
}

/* ---- bytes --------------------------------------------------------------- */

static bool close_with(struct arena *a, const struct key *k, const char *place,
                       struct bytes clear, struct bytes *sealed)
{
    uint8_t *raw = arena_alloc(a, IV_BYTES + clear.n + TAG_BYTES);
    *sealed = (struct bytes){raw, IV_BYTES + clear.n + TAG_BYTES};
    return encrypt(k, place, clear, raw);
}

static bool open_with(struct arena *a, const struct key *k, const char *place,
                      struct bytes sealed, struct bytes *clear)
{
    *clear = (struct bytes){0};
    if (sealed.n < IV_BYTES + TAG_BYTES || sealed.n > SEAL_CLOSE_MAX + 64)
        return false;
    const size_t n = sealed.n - IV_BYTES - TAG_BYTES;
    uint8_t *out = arena_alloc(a, n + TAG_BYTES);
    if (!decrypt(k, place, sealed, out))
        return false;
    *clear = (struct bytes){out, n};
    return true;
}

static const struct key *key_of(const char *kid)
{
    for (size_t i = 0; i < ring.n; i++)
        if (str_eq(ring.keys[i].kid, kid))
            return &ring.keys[i];
    return NULL;
}

static enum err key_to_seal(size_t bytes)
{
    if (!seal_ready())
        return ERR_ENCRYPTION_UNCONFIGURED;
    return bytes > SEAL_BYTES_MAX ? ERR_TOO_LARGE : OK;
}

static enum err failed(const char *event, const char *place, enum err e)
{
    log_error(event, "{s:s}", "place", place);
    return e;
}

const char *seal_kid(void)
{
    return seal_kid_at(0);
}

const char *seal_kid_at(size_t i)
{
    return i < ring.n ? ring.keys[i].kid : NULL;
}

enum err seal_bytes(struct arena *a, struct sealed_at at, struct bytes clear,
                    struct bytes *sealed)
{
    const char *place = place_of(a, at);
    *sealed = (struct bytes){0};
    const enum err e = key_to_seal(clear.n);
    if (e)
        return e;
    return close_with(a, &ring.keys[0], place, clear, sealed)
               ? OK
               : failed("seal_failed", place, ERR_INTERNAL);
}

enum err seal_bytes_open(struct arena *a, const char *kid, struct sealed_at at,
                         struct bytes sealed, struct bytes *clear)
{
    const char *place = place_of(a, at);
    const struct key *k = key_of(kid);
    *clear = (struct bytes){0};
    if (!k)
        return failed("seal_key_missing", place, ERR_ENCRYPTION_UNCONFIGURED);
    return open_with(a, k, place, sealed, clear)
               ? OK
               : failed("seal_broken", place, ERR_INTERNAL);
}

static bool same(struct bytes x, struct bytes y)
{
    return x.n == y.n && (!x.n || memcmp(x.p, y.p, x.n) == 0);
}

enum err seal_bytes_anew(struct arena *a, const char *kid, struct sealed_at at,
                         struct bytes kept, struct bytes *sealed)
{
    struct bytes clear = kept, again = {0};
    enum err e = kid ? seal_bytes_open(a, kid, at, kept, &clear) : OK;
    *sealed = (struct bytes){0};
    if (!e)
        e = seal_bytes(a, at, clear, sealed);
    if (!e)
        e = seal_bytes_open(a, seal_kid(), at, *sealed, &again);
    return !e && !same(clear, again) ? ERR_INTERNAL : e;
}

/* ---- texts -------------------------------------------------------------- */

static const char *seal_with(struct arena *a, const struct key *k,
                             const char *place, struct bytes clear)
{
    struct bytes raw;
    if (!close_with(a, k, place, clear, &raw))
        return NULL;
    return arena_printf(a, "%s%s.%s", mark, k->kid,
                        encode_base64url(a, raw.p, raw.n));
}

/* The part behind s1.<kid>. when the text is of this kid, else NULL. */
static const char *part_of(const char *sealed, const char *kid)
{
    size_t n = strlen(kid);
    if (!str_starts(sealed, mark) ||
        strncmp(sealed + sizeof mark - 1, kid, n) != 0 ||
        sealed[sizeof mark - 1 + n] != '.')
        return NULL;
    return sealed + sizeof mark + n;
}

static bool open_part(struct arena *a, const struct key *k, const char *place,
                      const char *part, struct bytes *clear)
{
    size_t chars = strlen(part), n = 0;
    uint8_t *raw = arena_alloc(a, chars + 1);
    *clear = (struct bytes){0};
    return encode_from_base64url(part, chars, raw, &n) &&
           open_with(a, k, place, (struct bytes){raw, n}, clear);
}

enum err seal_text(struct arena *a, struct sealed_at at, struct bytes clear,
                   const char **sealed)
{
    const char *place = place_of(a, at);
    *sealed = NULL;
    const enum err e = key_to_seal(clear.n);
    if (e)
        return e;
    *sealed = seal_with(a, &ring.keys[0], place, clear);
    return *sealed ? OK : failed("seal_failed", place, ERR_INTERNAL);
}

enum err seal_open(struct arena *a, struct sealed_at at, const char *sealed,
                   struct bytes *clear)
{
    const char *place = place_of(a, at);
    *clear = (struct bytes){0};
    for (size_t i = 0; i < ring.n; i++) {
        const char *part = part_of(sealed, ring.keys[i].kid);
        if (!part)
            continue;
        return open_part(a, &ring.keys[i], place, part, clear)
                   ? OK
                   : failed("seal_broken", place, ERR_INTERNAL);
    }
    return failed("seal_key_missing", place, ERR_ENCRYPTION_UNCONFIGURED);
}

bool seal_is_current(const char *sealed)
{
    return ring.n > 0 && part_of(sealed, ring.keys[0].kid) != NULL;
}

enum err seal_text_anew(struct arena *a, struct sealed_at at, const char *kept,
                        const char **sealed)
{
    struct bytes clear = {(const uint8_t *)kept, strlen(kept)}, again = {0};
    enum err e = str_starts(kept, mark) ? seal_open(a, at, kept, &clear) : OK;
    *sealed = NULL;
    if (!e)
        e = seal_text(a, at, clear, sealed);
    if (!e)
        e = seal_open(a, at, *sealed, &again);
    return !e && !same(clear, again) ? ERR_INTERNAL : e;
}

enum err seal_close(struct arena *a, const uint8_t key[32], const char *place,
                    struct bytes clear, const char **sealed)
{
    struct key own = {.kid = own_kid};
    *sealed = NULL;
    if (clear.n > SEAL_CLOSE_MAX)
        return ERR_TOO_LARGE;
    memcpy(own.bytes, key, KEY_BYTES);
    *sealed = seal_with(a, &own, place, clear);
    explicit_bzero(&own, sizeof own);
    return *sealed ? OK : ERR_INTERNAL;
}

enum err seal_disclose(struct arena *a, const uint8_t key[32],
                       const char *place, const char *sealed,
                       struct bytes *clear)
{
    struct key own = {.kid = own_kid};
    *clear = (struct bytes){0};
    const char *part = part_of(sealed, own_kid);
    memcpy(own.bytes, key, KEY_BYTES);
    bool well = part && open_part(a, &own, place, part, clear);
    explicit_bzero(&own, sizeof own);
    return well ? OK : ERR_INTERNAL;
}
