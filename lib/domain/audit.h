/* The audit trail: what was done, by whom, in a chain of hashes. */
#pragma once
#include <jansson.h>
#include "store/db.h"

struct audit_event {
    int64_t tenant_id;   /* 0: of the platform */
    const char *actor;   /* a principal's id, "system" or "ctl:<login>" */
    const char *event;   /* noun_verb: "key_create" */
    const char *subject; /* what it was done to: "user:12", "" when nothing */
    json_t *facts;       /* an object (taken over) without secrets, or NULL */
};

/* How many events this process appended. */
uint64_t audit_noted(void);
/* Appends to the chain of the tenant in the transaction that is open, else in
 * one of its own; entries of one chain wait for each other. */
MUST_CHECK enum err audit_note(struct db *db, struct arena *a,
                               const struct audit_event *e);
