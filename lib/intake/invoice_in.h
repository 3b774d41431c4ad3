/* What routes that take invoices have in common: their fields, and how they
 * become a question to the engine. */
#pragma once
#include "invoice/analysis.h"
#include "web/req.h"

enum { INVOICE_IN_REF_BYTES = 255 };
/* exact in every JSON reader */
#define INVOICE_IN_WHOLE_MAX INT64_C(9007199254740991)

/* clang-format off */
#define INVOICE_IN_PDF                                                         \
    {.name = "file", .kind = IN_FILE, .required = true,                        \
     .doc = "The invoice as PDF."}
#define INVOICE_IN_IMAGES                                                      \
    {.name = "files", .kind = IN_FILES, .required = true, .min = 1,            \
     .max = ANALYSIS_FILES,                                                    \
     .doc = "1 to 8 pictures in the order of the pages: .jpg .jpeg .png .bmp " \
            ".tif .tiff .webp."}
#define INVOICE_IN_FIELDS                                                      \
    {.name = "type", .kind = IN_ENUM, .fallback = "auto",                      \
     .choices = "auto|electricite|gaz|dual",                                   \
     .doc = "Expected energy; auto lets the desk decide."},                    \
    {.name = "confidence_min", .kind = IN_DECIMAL, .min = 0, .max = 1000,      \
     .fallback = "0.5",                                                        \
     .doc = "Values read with less confidence are not used. 0 takes all, "     \
            "1 practically none."},                                            \
    {.name = "strict", .kind = IN_BOOL, .fallback = "true",                    \
     .doc = "Refuse another energy or a doubtful reading (422); false goes "   \
            "on with a warning."},                                             \
    {.name = "user_id", .kind = IN_INT, .min = 0, .max = INVOICE_IN_WHOLE_MAX, \
     .doc = "Given back as it is."},                                           \
    {.name = "invoice_id", .kind = IN_INT, .min = 0,                           \
     .max = INVOICE_IN_WHOLE_MAX, .doc = "Given back as it is."},              \
    {.name = "external_ref", .kind = IN_TEXT, .min = 1,                        \
     .max = INVOICE_IN_REF_BYTES, .doc = "Given back as it is."},              \
    {.name = "customer_name", .kind = IN_TEXT, .min = 1,                       \
     .max = INVOICE_IN_REF_BYTES,                                              \
     .doc = "Name of the customer; hidden in the anonymised report."}
/* clang-format on */

/* Reads the fields and files of r, whose route declares the rows above; texts
 * and bytes stay r's. ERR_FILE_TYPE, ERR_FILE_EMPTY: a file is not what the
 * route takes. */
MUST_CHECK enum err invoice_in_read(const struct req *r, bool is_pdf,
                                    struct analysis *q);
/* Counts what was read, asked and refused, for /metrics. */
void invoice_in_count(const struct analysis *q, const struct audit_result *res,
                      enum err e);
