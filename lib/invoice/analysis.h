/* One invoice to analyse and what is answered: what the synchronous route and
 * the job kinds have in common. */
#pragma once
#include <jansson.h>
#include "invoice/audit.h"

enum { ANALYSIS_FILES = 8 };

struct analysis {
    bool is_pdf;              /* else pictures */
    struct audit_request ask; /* llm and store are the program's to fill in */
    bool has_user_id, has_invoice_id;
    int64_t user_id, invoice_id; /* of the caller's own */
    const char *external_ref;    /* the same, or NULL */
    struct upload files[ANALYSIS_FILES];
    size_t n_files;
};

/* Adds a file whose name, declared type and first bytes say that it is one of
 * the kind asked for; kind is filled in. ERR_FILE_TYPE, ERR_FILE_EMPTY,
 * ERR_TOO_MANY_FILES. */
MUST_CHECK enum err analysis_add(struct analysis *q, struct upload file);
/* "auto", "electricite"...: what was expected. */
RETURNS_NONNULL const char *analysis_type(const struct analysis *q);
/* type as asked: "electricite", "gaz", "dual", else no expectation. */
enum energy analysis_energy(const char *type);
/* All of it but the files' bytes, the caller's; and back, texts in a. False
 * when o is no such object. Files are then to be added by analysis_add. */
json_t *analysis_to_json(const struct analysis *q);
MUST_CHECK bool analysis_from_json(struct arena *a, const json_t *o,
                                   struct analysis *q);

/* The answer without the reports, the caller's. */
json_t *analysis_answer(struct arena *a, const struct analysis *q,
                        const struct audit_result *res);
/* Adds both reports in Base64 with size and SHA-256 in front of an answer's
 * other members; takes answer, the result is the caller's. */
json_t *analysis_with_reports(struct arena *a, json_t *answer,
                              struct bytes full, struct bytes anonymous);
/* Members that make a refusal understandable, the caller's, or NULL. */
json_t *analysis_refusal(enum err e, const struct analysis *q,
                         const struct audit_result *res);
