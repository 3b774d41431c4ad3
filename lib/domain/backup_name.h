/* Names in the S3 store: what callers wrote, and customers' names, become
 * parts of keys and values of headers that nothing can be hidden in. Pure. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"

enum { BACKUP_NAME_SLUG = 64, BACKUP_NAME_VALUE = 255 };

struct backup_name {
    bool has_user_id, has_invoice_id;
    int64_t user_id, invoice_id;
    const char *external_ref, *customer_name; /* UTF-8, or NULL */
    const char *ref_id; /* task or request: for invoices without a number */
};

/* Lower-case a-z, 0-9 and single "-" inside, at most BACKUP_NAME_SLUG
 * characters; accents are taken off, anything else parts words. "" when
 * nothing is left. */
RETURNS_NONNULL const char *backup_name_slug(struct arena *a, const char *s);
/* Printable ASCII of at most BACKUP_NAME_VALUE characters: accents are taken
 * off, what has no such letter is "_", control characters are spaces. */
RETURNS_NONNULL const char *backup_name_value(struct arena *a, const char *s);
/* "ENV/user-{id}__{customer}/invoice-{id or ref}/"; without ids user-anonymous
 * and invoice-{ref_id}, without a name no "__". */
RETURNS_NONNULL const char *backup_name_folder(struct arena *a, const char *env,
                                               const struct backup_name *n);
