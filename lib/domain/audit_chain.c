/* The text that is hashed is jsonb_build_array(…)::text of PostgreSQL: ", "
 * between the elements, texts escaped as its escape_json does. */
#include "domain/audit_chain.h"
#include <openssl/sha.h>
#include <string.h>
#include "base/buf.h"

enum { ENTRY_BYTES = 16 << 20 };

static void put_text(struct buf *b, const char *s)
{
    static const char plain[] = "\b\f\n\r\t\"\\", escaped[] = "bfnrt\"\\";
    buf_char(b, '"');
    for (; *s; s++) {
        const char *at = strchr(plain, *s);
        if (at)
            buf_printf(b, "\\%c", escaped[at - plain]);
        else if ((unsigned char)*s < ' ')
            buf_printf(b, "\\u%04x", (unsigned)*s);
        else
            buf_char(b, *s);
    }
    buf_str(b, "\", ");
}

void audit_chain_hash(struct arena *a, const struct audit_chain_entry *e,
                      uint8_t out[AUDIT_CHAIN_HASH])
{
    struct buf b;
    buf_init(&b, a, ENTRY_BYTES);
    buf_add(&b, e->prev, AUDIT_CHAIN_HASH);
    buf_printf(&b, "[%lld, %lld, %lld, ", (long long)e->chain,
               (long long)e->seq, (long long)e->micros);
    put_text(&b, e->actor);
    put_text(&b, e->event);
    put_text(&b, e->subject);
    buf_str(&b, e->facts);
    buf_char(&b, ']');
    SHA256((const uint8_t *)b.p, b.n, out);
}

const char *audit_chain_step(struct arena *a, struct audit_chain_walk *w,
                             const struct audit_chain_entry *e)
{
    uint8_t hash[AUDIT_CHAIN_HASH];
    const char *problem = NULL;
    if (e->chain != w->chain)
        *w = (struct audit_chain_walk){.chain = e->chain};
    audit_chain_hash(a, e, hash);
    if (e->seq != w->seq + 1)
        problem = "an entry is missing before this one";
    else if (memcmp(e->prev, w->hash, sizeof hash) != 0)
        problem = "it does not follow the entry before";
    else if (memcmp(e->hash, hash, sizeof hash) != 0)
        problem = "it was altered";
    w->seq = e->seq;
    memcpy(w->hash, e->hash, sizeof hash);
    return problem;
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

bool audit_chain_from_hex(const char *hex, uint8_t out[AUDIT_CHAIN_HASH])
{
    if (strlen(hex) != (size_t)AUDIT_CHAIN_HASH * 2)
        return false;
    for (size_t i = 0; i < AUDIT_CHAIN_HASH; i++) {
        const int high = digit(hex[i * 2]), low = digit(hex[i * 2 + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
