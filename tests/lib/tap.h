/* The smallest TAP writer: each unit test is one program for prove. */
#pragma once
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

#define tap_ok(cond, ...)                                                      \
    do {                                                                       \
        int tap_good = !!(cond);                                               \
        tap_failed += !tap_good;                                               \
        printf("%sok %d - ", tap_good ? "" : "not ", ++tap_count);             \
        printf(__VA_ARGS__);                                                   \
        printf("\n");                                                          \
        fflush(stdout); /* before the log's next line, in the same pipe */     \
        if (!tap_good)                                                         \
            printf("# at %s:%d: %s\n", __FILE__, __LINE__, #cond);             \
    } while (0)

#define tap_is_str(got, want, ...)                                             \
    do {                                                                       \
        const char *tap_g = (got), *tap_w = (want);                            \
        tap_ok(tap_g && tap_w && strcmp(tap_g, tap_w) == 0, __VA_ARGS__);      \
        if (!tap_g || !tap_w || strcmp(tap_g, tap_w) != 0)                     \
            printf("# got: %s\n# want: %s\n", tap_g ? tap_g : "NULL",          \
                   tap_w ? tap_w : "NULL");                                    \
    } while (0)

#define tap_is_int(got, want, ...)                                             \
    do {                                                                       \
        long long tap_g = (long long)(got), tap_w = (long long)(want);         \
        tap_ok(tap_g == tap_w, __VA_ARGS__);                                   \
        if (tap_g != tap_w)                                                    \
            printf("# got: %lld, want: %lld\n", tap_g, tap_w);                 \
    } while (0)

#define tap_skip_all(why)                                                      \
    do {                                                                       \
        printf("1..0 # SKIP %s\n", why);                                       \
        return 0;                                                              \
    } while (0)

static inline int tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed != 0;
}
