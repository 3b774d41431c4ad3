/* What the files of comptoirctl migrate share. A track is a folder of
 * sql/migrations: public, or tenant (template_tenant and its clones). */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "ctl.h"

enum { MIGRATE_VERSION_MAX = 9999 };

struct migration {
    int version;
    const char *name;                 /* 0001_reference */
    const char *up, *down, *checksum; /* texts; SHA-256 of up */
};

struct migrate_track {
    const char *name;
    struct migration *all; /* in order of version */
    int n;
};

struct migrate_applied {
    PGresult *rows; /* version, name, checksum, … */
    size_t n;
};

/* What follows the verb. */
struct migrate_options {
    const char *track;      /* NULL: not named */
    const char *word;       /* the argument that is no option, or NULL */
    const char *yes;        /* --yes NAME */
    int64_t tenant, canary; /* 0: not named */
    int64_t max_failures;
    bool schemas;
};

/* Reads the options of a verb; false (and a sentence) on wrong use. */
bool migrate_options_read(struct ctl *c, struct migrate_options *out);
/* All migrations of a track on disk; false (and a sentence) when unusable. */
bool migrate_files_read(struct ctl *c, const char *track,
                        struct migrate_track *out);
/* What the database notes of a track; false when it does not answer. */
bool migrate_applied_read(struct ctl *c, const char *track,
                          struct migrate_applied *out);
int migrate_applied_version(const struct migrate_applied *done, size_t i);
/* The newest applied version; 0 when there is none. */
int migrate_applied_newest(const struct migrate_applied *done);
bool migrate_applied_has(const struct migrate_applied *done, int version);
/* How many applied ones were edited or removed on disk, each told. */
int migrate_differences(const struct migrate_applied *done,
                        const struct migrate_track *files);
/* The migration of that version, NULL when there is none. */
const struct migration *migrate_find(const struct migrate_track *files,
                                     int version);
/* Notes, or forgets, one of a track in the transaction that is open. */
bool migrate_note(struct ctl *c, const char *track, const struct migration *m);
bool migrate_forget(struct ctl *c, const char *track,
                    const struct migration *m);
/* A whole number from lo to hi. */
bool migrate_number(const char *text, int64_t lo, int64_t hi, int64_t *out);
/* The version that the word of a downgrade means: "-2" counts back. */
bool migrate_target_down(const struct migrate_applied *done, const char *word,
                         int *target);
int migrate_no_database(void);

/* Template and tenants to the target (newest: MIGRATE_VERSION_MAX), or down
 * to it; an exit code. */
int migrate_tenant_upgrade(struct ctl *c, const struct migrate_options *how,
                           int target);
int migrate_tenant_downgrade(struct ctl *c, const struct migrate_options *how);
/* True when the database has tenant schemas at all. */
bool migrate_tenant_engine(struct ctl *c, bool *found);
/* The tenants' part of verify and current; exit codes. */
int migrate_drift_verify(struct ctl *c, bool schemas);
int migrate_drift_current(struct ctl *c);
/* Public and tenant migrations to the newest, without seeds. */
int migrate_all(struct ctl *c, const struct migrate_options *how);
