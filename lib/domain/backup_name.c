/* str_fold does the accents. */
#include "domain/backup_name.h"
#include <string.h>
#include "base/buf.h"
#include "base/str.h"

#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const char *backup_name_slug(struct arena *a, const char *s)
{
    struct buf b;
    bool gap = false;
    buf_init(&b, a, BACKUP_NAME_SLUG + 1);
    for (const char *p = str_fold(a, s); *p; p++) {
        const bool plain = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
        if (!plain) {
            gap = b.n > 0;
            continue;
        }
        if (b.n + gap >= BACKUP_NAME_SLUG)
            break;
        if (gap)
            buf_char(&b, '-');
        buf_char(&b, *p);
        gap = false;
    }
    return buf_cstr(&b);
}

/* One character as ASCII: É -> E is not worth a table, é it becomes. */
static const char *ascii(struct arena *a, const char *from, size_t n)
{
    const char *folded = str_fold(a, arena_strndup(a, from, n));
    for (const char *p = folded; *p; p++)
        if (*p < 0x20 || *p > 0x7E)
            return "_";
    return *folded ? folded : "_";
}

const char *backup_name_value(struct arena *a, const char *s)
{
    struct buf b;
    buf_init(&b, a, BACKUP_NAME_VALUE + 8);
    while (*s && b.n < BACKUP_NAME_VALUE) {
        const char *from = s;
        const uint32_t cp = str_utf8_next(&s);
        if (cp < 0x20 || cp == 0x7F)
            buf_char(&b, ' ');
        else if (cp < 0x7F)
            buf_char(&b, (char)cp);
        else
            buf_str(&b, ascii(a, from, (size_t)(s - from)));
    }
    return str_trim(a, buf_cstr(&b));
}

/* A reference of letters, digits, "-" and "_" stays as it is. */
static const char *reference(struct arena *a, const char *s)
{
    const size_t n = strlen(s);
    return n <= BACKUP_NAME_SLUG && strspn(s, LETTERS DIGITS "-_") == n
               ? s
               : backup_name_slug(a, s);
}

static const char *invoice(struct arena *a, const struct backup_name *n)
{
    if (n->has_invoice_id)
        return arena_printf(a, "%lld", (long long)n->invoice_id);
    const char *ref = n->external_ref ? reference(a, n->external_ref) : "";
    return *ref ? ref : reference(a, n->ref_id);
}

const char *backup_name_folder(struct arena *a, const char *env,
                               const struct backup_name *n)
{
    const char *user = n->has_user_id
                           ? arena_printf(a, "%lld", (long long)n->user_id)
                           : "anonymous";
    const char *customer =
        n->customer_name ? backup_name_slug(a, n->customer_name) : "";
    return arena_printf(a, "%s/user-%s%s%s/invoice-%s/", env, user,
                        *customer ? "__" : "", customer, invoice(a, n));
}
