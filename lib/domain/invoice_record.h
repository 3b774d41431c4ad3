/* Invoices and their reports, kept sealed with INVOICE_STORE=all for RETENTION
 * days: the tables invoices, reports and invoice_jobs. */
#pragma once
#include "domain/backup_name.h"
#include "store/db.h"

struct invoice_record {
    const char *owner;       /* principal.id */
    int64_t tenant_id;       /* 0: none */
    struct backup_name name; /* the caller's ids; customer_name is not kept */
    bool is_pdf;             /* else pictures */
    const char *type;        /* "auto", "electricite", "gaz", "dual" */
    struct bytes full, anonymous;
};

/* Whether INVOICE_STORE says so. */
bool invoice_record_is_on(void);
/* Each within the transaction that is open, and whatever INVOICE_STORE says. */
/* One row of invoices, one of reports; *id is the invoice's. */
MUST_CHECK enum err invoice_record_keep(struct db *db, struct arena *a,
                                        const struct invoice_record *r,
                                        int64_t *id);
/* An invoice of the same owner with the very same reports. ERR_NOT_FOUND. */
MUST_CHECK enum err invoice_record_find(struct db *db, struct arena *a,
                                        const struct invoice_record *r,
                                        int64_t *id);
/* Its reports in clear. ERR_NOT_FOUND; ERR_INTERNAL: changed in the database.*/
MUST_CHECK enum err invoice_record_read(struct db *db, struct arena *a,
                                        int64_t id, struct bytes *full,
                                        struct bytes *anonymous);
/* One row of invoice_jobs for an order; reports are not looked at. */
MUST_CHECK enum err invoice_record_order(struct db *db, struct arena *a,
                                         const char *task_id,
                                         const struct invoice_record *r);
/* Its reports are kept; no error when the order is not (or no longer) there.
 * How it ends otherwise is written by the database (0016). */
MUST_CHECK enum err invoice_record_complete(struct db *db, struct arena *a,
                                            const char *task_id,
                                            struct bytes full,
                                            struct bytes anonymous);
