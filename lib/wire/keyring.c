/* The pairs are few and read once: plain loops. */
#include "wire/keyring.h"
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "base/banned.h"

static const char kid_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789_-";

static void read_pair(struct arena *a, const char *item,
                      struct keyring_key *out)
{
    size_t n = strspn(item, kid_letters);
    bool paired = item[n] == ':' && n > 0 && n <= KEYRING_KID_BYTES;
    out->kid = paired ? arena_strndup(a, item, n) : NULL;
    out->secret = paired ? item + n + 1 : item;
}

static const char *check_pair(struct arena *a, const char *name,
                              const struct keyring *ring, size_t i)
{
    const struct keyring_key *k = &ring->keys[i];
    if (!*k->secret)
        return arena_printf(a, "%s: key %zu is empty.", name, i + 1);
    if (!k->kid && ring->n > 1)
        return arena_printf(a,
                            "%s: of several keys each needs its name: "
                            "kid:key,kid:key.",
                            name);
    for (size_t j = 0; j < i; j++)
        if (k->kid && str_eq(k->kid, ring->keys[j].kid))
            return arena_printf(a, "%s: the name of key %zu is used twice.",
                                name, i + 1);
    return NULL;
}

const char *keyring_parse(struct arena *a, const char *name, const char *text,
                          struct keyring *out)
{
    const char *items[KEYRING_MAX + 1];
    size_t n = str_split(a, text, ',', items, KEYRING_MAX + 1);
    *out = (struct keyring){0};
    if (n > KEYRING_MAX)
        return arena_printf(a, "%s: at most %d keys.", name, KEYRING_MAX);
    for (size_t i = 0; i < n; i++) {
        const char *item = str_trim(a, items[i]);
        if (*item || n > 1)
            read_pair(a, item, &out->keys[out->n++]);
    }
    for (size_t i = 0; i < out->n; i++) {
        const char *bad = check_pair(a, name, out, i);
        if (bad)
            return bad;
    }
    return NULL;
}

bool keyring_is_sample(const char *secret)
{
    static const char *const words[] = {"change", "example",  "sample",
                                        "secret", "password", "your-"};
    bool seen[256] = {false};
    int different = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcasestr(secret, words[i]))
            return true;
    for (const unsigned char *s = (const unsigned char *)secret; *s; s++) {
        different += !seen[*s];
        seen[*s] = true;
    }
    return different < 8;
}
