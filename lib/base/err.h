/* The one list of failures: what a function returns, what a client sees. */
#pragma once
#include "base/attr.h"

enum err {
    OK = 0,
#define ERR(name, status, code, message, french) ERR_##name,
#include "base/errors.tbl"
#undef ERR
    ERR_MAX
};

/* The error of a stable code, ERR_MAX for another text (or NULL). */
enum err err_by_code(const char *code);
/* HTTP status of an error; 200 for OK. */
int err_status(enum err e);
/* Stable machine code, e.g. "rate_limit_exceeded"; never NULL. */
const char *err_code(enum err e);
/* One English sentence for the client; never NULL. */
const char *err_message(enum err e);
/* The same in French, for Accept-Language: fr and for `error` on /api/v1. */
const char *err_french(enum err e);
