/* An analysed invoice is kept (INVOICE_STORE=all: domain/invoice_record.h) and
 * becomes a run of the backup (domain/backup.h). */
#pragma once
#include "invoice/analysis.h"
#include "store/db.h"

struct invoice_backup {
    const char *owner;  /* principal.id */
    int64_t tenant_id;  /* 0: none */
    const char *ref_id; /* the task, or the request */
    bool is_job;        /* ordered before */
    const struct analysis *q;
    const struct audit_result *res; /* with both reports; NULL for an order */
};

/* An order, within the transaction that is open, if orders are kept. */
MUST_CHECK enum err invoice_backup_order(struct db *db, struct arena *a,
                                         const struct invoice_backup *b);
/* Its answer, within the transaction that is open: keeps the reports if they
 * are kept, and puts the run in line if there is a store. */
MUST_CHECK enum err invoice_backup_put(struct db *db, struct arena *a,
                                       const struct invoice_backup *b);
/* In a transaction of its own, after an answer that does not wait for it: what
 * fails is logged. */
void invoice_backup_try(struct db *db, struct arena *a,
                        const struct invoice_backup *b);
