/* The loop every responder runs; a family's main.c is a table and a call. */
#pragma once
#include "web/route.h"

struct family {
    const char *name;                  /* "invoice" */
    const struct route *const *groups; /* route arrays, each ended by {0};
                                          the list ended by NULL */
    /* Called once before the first request; false ends the process. */
    bool (*init)(void);
};

/* Serves requests until SIGTERM; also answers --routes, --openapi and
 * --version. Returns the exit status. */
int serve_main(int argc, char **argv, const struct family *f);

#define ROUTES(name, ...)                                                      \
    const struct route name[] = {__VA_ARGS__, {0}}
