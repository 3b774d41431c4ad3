/* Stored documents: one store that every instance reads. Their bytes are kept
 * in parts, each sealed under DATA_KEYS for its place; without DATA_KEYS they
 * are kept in clear. The parts are rows of the database or, with BLOB_STORE=s3,
 * one object in the S3 store (blob_object.h); each document knows where it is.
 * Statements run in the caller's transaction, if one is open; blob_put needs
 * one. */
#pragma once
#include "store/db.h"

enum { BLOB_ID = 37, BLOB_BYTES_MAX = 1 << 30 };

struct blob_new {
    const char *owner;   /* principal.id: "user:12" */
    int64_t tenant_id;   /* the owner's, 0: none; who does not work for all
                          * tenants has named it (job_enter) */
    const char *task_id; /* of the job it belongs to, or NULL */
    const char *name;    /* what it is to its job: [a-z0-9._/-], "input/1" */
    const char *media;   /* media type */
    int64_t ttl_s;       /* seconds for which it is kept */
    bool stays_here;     /* in the database, whatever BLOB_STORE says: for
                          * what is needed while the S3 store is away */
};

struct blob {
    const char *id, *owner, *name, *media, *sha256;
    int64_t size;
    const char *object; /* its key in the S3 store; NULL: in the database */
    const char *kid;    /* key of the object's seals, NULL: in clear; parts in
                         * the database have their own each */
};

/* Keeps clear in the transaction that is open; its id goes to id. ERR_CONFLICT
 * when the task has one of that name, ERR_TOO_LARGE, ERR_UNAVAILABLE. */
MUST_CHECK enum err blob_put(struct db *db, struct arena *a,
                             const struct blob_new *of, struct bytes clear,
                             char id[BLOB_ID]);
/* What is known of a document; texts live in a. ERR_NOT_FOUND for none, and
 * for one past its time. */
MUST_CHECK enum err blob_by_id(struct db *db, struct arena *a, const char *id,
                               struct blob *out);
MUST_CHECK enum err blob_find(struct db *db, struct arena *a,
                              const char *task_id, const char *name,
                              struct blob *out);
/* Those of a task whose names begin so, "input/1" before "input/10"; *out
 * lives in a, *n is how many. */
MUST_CHECK enum err blob_list(struct db *db, struct arena *a,
                              const char *task_id, const char *prefix,
                              struct blob **out, size_t *n);
/* Its bytes, in a with a NUL behind them; size and SHA-256 are as they were
 * when it was kept. ERR_INTERNAL, logged, when they are not;
 * ERR_ENCRYPTION_UNCONFIGURED when their key is not here; ERR_NOT_FOUND when
 * it was deleted meanwhile; ERR_UNAVAILABLE when the S3 store is away or does
 * not have it. */
MUST_CHECK enum err blob_read(struct db *db, struct arena *a,
                              const struct blob *b, struct bytes *clear);
/* blob_by_id and blob_read in one. */
MUST_CHECK enum err blob_get(struct db *db, struct arena *a, const char *id,
                             struct bytes *clear);
/* No error when there is none. */
MUST_CHECK enum err blob_delete(struct db *db, struct arena *a, const char *id);
/* Deletes those of a task whose names begin so; "" is all of them. */
MUST_CHECK enum err blob_delete_of(struct db *db, struct arena *a,
                                   const char *task_id, const char *prefix);
/* Deletes what is past its time; *n is how many. Each call takes a thousand at
 * most: call again until it tells 0. */
MUST_CHECK enum err blob_expire(struct db *db, struct arena *a, int64_t *n);

enum blob_reseal {
    BLOB_RESEAL_NONE,  /* there was no more */
    BLOB_RESEAL_DONE,  /* also: it was deleted meanwhile */
    BLOB_RESEAL_BROKEN /* cannot be opened, or is not there; logged */
};
/* The next document behind id whose object is sealed under one of the keys
 * kids (an array of PostgreSQL; "" is in clear): has a new object, sealed
 * under the first key, which was read back; the old one goes an hour later. id
 * becomes its own. Parts in the database are lib/domain/reseal.c's.
 * ERR_UNAVAILABLE when the store or the database is away. */
MUST_CHECK enum err blob_reseal(struct db *db, const char *kids,
                                char id[BLOB_ID], enum blob_reseal *was);
