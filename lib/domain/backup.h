/* Every invoice run goes to the S3 store, if there is one: put in line with
 * its answer, uploaded by a worker. docs/ops/backup.md */
#pragma once
#include <jansson.h>
#include "domain/backup_name.h"
#include "domain/job.h"
#include "store/db.h"

enum { BACKUP_ORIGINALS = 64 };

struct backup_original {
    const char *extension, *media; /* "jpg", "image/jpeg" */
    struct bytes data;
};

struct backup_order {
    const char *owner; /* principal.id */
    int64_t tenant_id; /* 0: none */
    struct backup_name name;
    bool is_pdf;        /* else pictures, one a page */
    const char *energy; /* "electricite", "gaz", "dual" */
    json_t *highlights; /* array of texts; borrowed */
    const struct backup_original *originals;
    size_t n_originals;
    struct bytes full, anonymous; /* the reports as they are delivered */
};

/* Within the transaction that is open: reserves the run's second, keeps its
 * files sealed and puts the job in line. Does nothing without a store. */
MUST_CHECK enum err backup_enqueue(struct db *db, struct arena *a,
                                   const struct backup_order *o);

/* For the worker's kind "backup": uploads the files of the run, the manifest
 * last, then ends the job; what it was given is deleted with that. Errors are
 * noted in the run and in the log, for another attempt. */
MUST_CHECK enum err backup_upload(struct db *db, struct arena *a,
                                  const struct job *j);

/* One run, as the index of the database tells. */
struct backup_run {
    const char *task_id, *folder; /* "ENV/user-…/invoice-…/" */
    const char *run_id;           /* YYYYMMDDTHHMMSSZ */
    const char *user_id, *invoice_id, *external_ref; /* "" when not given */
    int64_t files, bytes;
    bool is_uploaded;
    const char *error; /* "" when there is none */
    const char *owner;
    int64_t tenant_id;                          /* 0: none */
    const char *full_sha256, *anonymous_sha256; /* as delivered */
};
/* NULL: whatever; numbers as texts. */
struct backup_filter {
    const char *user_id, *invoice_id, *external_ref, *ref_id;
};
/* The newest runs first, at most `most`; *out lives in a. ERR_INTERNAL when a
 * folder's key is not here. */
MUST_CHECK enum err backup_find(struct db *db, struct arena *a,
                                const struct backup_filter *f, int64_t most,
                                struct backup_run **out, size_t *n);

struct backup_delivered {
    const char *owner;
    int64_t tenant_id; /* 0: none */
    const char *full_sha256, *anonymous_sha256;
};
/* What was delivered with the run of a folder ("ENV/…/"). ERR_NOT_FOUND: the
 * database does not know it. */
MUST_CHECK enum err backup_delivered(struct db *db, struct arena *a,
                                     const char *folder, const char *run_id,
                                     struct backup_delivered *out);
