/* The loop every responder runs; a family's main.c is a table and a call. */
#pragma once
#include "web/req.h"

struct family {
    const char *name; /* "invoice" */
    route_groups groups;
    /* Called once before the first request; false ends the process. */
    bool (*init)(void);
};

/* Serves requests until SIGTERM; also answers --routes, --openapi and
 * --version. Returns the exit status. */
int serve_main(int argc, char **argv, const struct family *f);
