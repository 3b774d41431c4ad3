/* One run over the tenants' schemas, up or down to a version. Every step runs
 * in a transaction that walk_begin opened and its caller ends. */
#pragma once
#include "migrate.h"

enum {
    WALK_TRIES = 6,      /* of a busy tenant, the first one included */
    WALK_BUSY_MAX = 1000 /* busy ones kept for later; more count as failed */
};

struct walk {
    struct ctl *c;
    const struct migrate_options *how;
    struct migrate_track files;
    int target;
    bool down;
    int64_t moved, failed;
    const char *why; /* what the last WALK_FAILED or WALK_BUSY met */
    int64_t busy[WALK_BUSY_MAX];
    size_t n_busy;
};

struct walk_tenant {
    int64_t id;
    const char *schema;
    int version;
};

enum walk_outcome {
    WALK_MOVED,
    WALK_BUSY,   /* a lock was not to be had in time */
    WALK_FAILED, /* r->why tells */
    WALK_NOBODY, /* there was no tenant left to move */
    WALK_LOST    /* the database does not answer, or refused the rest */
};

/* A transaction under the lock of migrations. */
bool walk_begin(struct walk *r);
/* From here on a lock is waited for two seconds. */
bool walk_be_impatient(struct walk *r);
/* A word of transactions that cannot be prepared. */
bool walk_sql(struct walk *r, const struct db_query *q);
RETURNS_NONNULL const char *walk_number(struct walk *r, int64_t n);
struct walk_tenant walk_tenant_from_row(const PGresult *res, int row);
/* At most so many tenants that are not at the target, by id, after one. */
bool walk_left(struct walk *r, int64_t after, int most, PGresult **res);
/* Runs what lies between the schema's version and the target. */
bool walk_schema(struct walk *r, const char *schema, int version);
/* One tenant; what fails is undone back to where it began. */
enum walk_outcome walk_tenant(struct walk *r, const struct walk_tenant *t,
                              bool is_last_try);
/* Notes r->why with the tenant and counts it. */
bool walk_note_failure(struct walk *r, int64_t id);
/* Sleeps before another try. */
void walk_wait(int try);
/* A busy tenant alone, in transactions of its own. */
enum walk_outcome walk_busy(struct walk *r, int64_t id);
/* Everybody that is left; false when the database is lost. */
bool walk_rest(struct walk *r);
/* True after as many failures as --max-failures allows. */
bool walk_is_over(const struct walk *r);
