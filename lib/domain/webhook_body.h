/* What a webhook says of a job that ended: one JSON object. */
#pragma once
#include <jansson.h>
#include "base/arena.h"

struct webhook_report {
    struct bytes pdf;   /* goes in as Base64… */
    const char *url;    /* …or, where this is given, as an address */
    int64_t size;       /* bytes of the PDF, in both cases */
    const char *sha256; /* 64 hex digits */
};

struct webhook_body {
    const char *task_id;
    const char *status;  /* as its event: success, failure, cancelled */
    const json_t *about; /* object: of it user_id, invoice_id, external_ref,
                            source_kind, type and energy_type are told, null
                            where they are not there */
    const json_t *highlights; /* array of lines */
    struct webhook_report full, anonymous;
    const char *created_at, *completed_at;  /* RFC 3339 */
    const char *error_code, *error_message; /* given: no success, told without
                                               highlights and reports */
};

/* The bytes that are signed and sent, in a; at most WEBHOOK_BODY_MOST. p is
 * NULL for more. */
enum { WEBHOOK_BODY_MOST = 256 * 1024 * 1024 };
struct bytes webhook_body_write(struct arena *a, const struct webhook_body *b);
