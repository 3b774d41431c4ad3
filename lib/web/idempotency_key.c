/* The draft of the header asks for a string in quotes; most clients send the
 * bare text. Both are taken, nothing in between. */
#include "web/idempotency_key.h"
#include <string.h>
#include "base/attr.h"
#include "base/str.h"

static bool is_printable(char c)
{
    return c >= 0x20 && c <= 0x7E;
}

/* Behind the opening quote: up to one closing quote at the very end. */
static bool take_quoted(const char *s, char *out, size_t *n)
{
    for (; *s && *s != '"'; s++) {
        if (*s == '\\' && s[1] != '"' && s[1] != '\\')
            return false;
        if (*s == '\\')
            s++;
        if (!is_printable(*s))
            return false;
        out[(*n)++] = *s;
    }
    return str_eq(s, "\"");
}

static bool take_bare(const char *s, char *out, size_t *n)
{
    for (; *s; s++) {
        if (!is_printable(*s) || *s == '"')
            return false;
        out[(*n)++] = *s;
    }
    return true;
}

const char *idempotency_key_parse(struct arena *a, const char *header)
{
    const char *s = str_trim(a, header);
    char *out = arena_alloc(a, strlen(s) + 1);
    size_t n = 0;
    const bool good =
        *s == '"' ? take_quoted(s + 1, out, &n) : take_bare(s, out, &n);
    return good && n >= 1 && n <= IDEMPOTENCY_KEY_MAX ? out : NULL;
}
