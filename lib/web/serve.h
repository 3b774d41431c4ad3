/* The loop every responder runs; a family's main.c is a table and a call. */
#pragma once
#include "web/req.h"

struct family {
    const char *name; /* "invoice" */
    const char *role; /* of the database: comptoir_<role>; NULL: none is used */
    route_groups groups;
    /* Called once before the first request with the process's connection
     * (NULL where no database is configured); false ends the process. */
    bool (*init)(struct db *db);
};

/* Serves requests until SIGTERM; also answers --routes, --openapi and
 * --version. Returns the exit status. */
int serve_main(int argc, char **argv, const struct family *f);
/* True once this process was told to end: a handler that waits should answer. */
bool serve_is_ending(void);
