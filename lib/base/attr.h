/* Function attributes that are part of a contract. */
#pragma once

#define MUST_CHECK      __attribute__((warn_unused_result))
#define PRINTF(f, a)    __attribute__((format(printf, f, a)))
#define RETURNS_NONNULL __attribute__((returns_nonnull))
#define NORETURN        __attribute__((noreturn))
#define ARRAY_LEN(a)    (sizeof(a) / sizeof((a)[0]))
