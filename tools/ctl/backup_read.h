/* A run of the S3 store, read whole and checked against its manifest. */
#pragma once
#include "ctl.h"
#include "domain/backup.h"
#include "wire/s3.h"

struct backup_file {
    const char *name, *sha256;
    struct bytes data;
};

struct backup_read {
    const char *folder, *run_id; /* "ENV/…/", YYYYMMDDTHHMMSSZ */
    struct backup_name name;     /* ids and reference, as the manifest says */
    bool is_pdf;
    const char *energy;
    struct backup_file *files; /* the last is manifest.json */
    size_t n;
    const struct backup_file *full, *anonymous; /* NULL when not there */
};

/* Reads the run at "ENV/user-…/invoice-…/RUN": its manifest, and every file
 * that it names, of the size and SHA-256 that it tells. False, and a sentence,
 * when anything is missing or another. */
MUST_CHECK bool backup_read_run(struct ctl *c, const char *address,
                                struct backup_read *out);
/* Prints the whole runs that the store itself knows. */
int backup_read_scan(struct ctl *c, const struct backup_filter *f);
