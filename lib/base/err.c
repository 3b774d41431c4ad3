/* Looks errors up in errors.tbl. */
#include "base/err.h"
#include <stddef.h>
#include "base/str.h"

static const struct {
    int status;
    const char *code, *message, *french;
} rows[ERR_MAX] = {
    [OK] = {200, "ok", "ok", "ok"},
#define ERR(name, status, code, message, french) \
    [ERR_##name] = {status, code, message, french},
#include "base/errors.tbl"
#undef ERR
};

static size_t row_of(enum err e)
{
    return (unsigned)e < ERR_MAX ? (size_t)e : ERR_INTERNAL;
}

int err_status(enum err e)
{
    return rows[row_of(e)].status;
}

const char *err_code(enum err e)
{
    return rows[row_of(e)].code;
}

const char *err_message(enum err e)
{
    return rows[row_of(e)].message;
}

const char *err_french(enum err e)
{
    return rows[row_of(e)].french;
}

enum err err_by_code(const char *code)
{
    int e = OK + 1;
    while (e < ERR_MAX && !str_eq(rows[e].code, code))
        e++;
    return (enum err)e;
}
