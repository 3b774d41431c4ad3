/* Reading uploaded files: the responder's side. The work is done in
 * sandboxed children of the document parent (tools/documents). */
#pragma once
#include "base/err.h"
#include "document/page.h"

/* One uploaded file, already named and sniffed. */
enum file_kind { FILE_PDF, FILE_PNG, FILE_JPEG, FILE_BMP, FILE_TIFF,
                 FILE_WEBP, FILE_KIND_MAX };

struct upload {
    const char *name;  /* client's file name, for messages only */
    const char *declared_type; /* Content-Type of the part, may be NULL */
    enum file_kind kind;
    struct bytes data;
};

/* Limits of one reading; document_limits() fills them from conf, _job() with
 * more scanned pages and time, for when nobody waits. */
struct document_limits {
    uint32_t max_pages;         /* pages in all */
    uint32_t max_scanned_pages; /* pages that need OCR: else ERR_USE_JOBS */
    uint32_t page_mpixels, request_mpixels;
    uint32_t wall_ms, page_cpu_s;
    uint32_t xml_bytes, xml_depth; /* of an attached invoice; 0: none read */
};
void document_limits(struct document_limits *out);
void document_limits_job(struct document_limits *out);

/* The kind that name and first bytes agree on; ERR_FILE_TYPE otherwise,
 * ERR_FILE_EMPTY for no bytes. declared may be NULL or
 * application/octet-stream, else it must agree too. */
MUST_CHECK enum err document_sniff(const char *name, const char *declared,
                                   struct bytes data, enum file_kind *out);
/* "application/pdf", "image/jpeg"... */
RETURNS_NONNULL const char *document_media(enum file_kind kind);

/* Reads the files in order through the document parent on the descriptor
 * COMPTOIR_DOCUMENT_FD. Result lives in a. Errors: ERR_DOCUMENT_*,
 * ERR_TOO_MANY_PAGES, ERR_USE_JOBS, ERR_IMAGE_TOO_LARGE, ERR_OVERLOADED,
 * ERR_UNAVAILABLE (no parent). */
MUST_CHECK enum err document_read(struct arena *a, const struct upload *files,
                                  size_t n, const struct document_limits *lim,
                                  struct document **out);

/* Asks the parent to prove that a finished PDF holds none of the needles
 * (see document/leak.h): ERR_ANONYMISATION_FAILED when one is found or when
 * the proof could not be made (fail closed). *found names the needle's kind
 * (never its text) for the log. neutral is the text of the same report drawn
 * from a neutral model: its words are not leaks. */
struct needle {
    enum needle_kind {
        NEEDLE_WORD,   /* on word bounds, accents and case folded */
        NEEDLE_NAME,   /* as WORD; from 12 letters also without spaces */
        NEEDLE_DOMAIN, /* anywhere, also without spaces */
        NEEDLE_DIGITS  /* the digits, also without separators */
    } kind;
    const char *text;
};
MUST_CHECK enum err document_prove(struct arena *a, struct bytes pdf,
                                   const char *neutral,
                                   const struct needle *needles, size_t n,
                                   const char **found);

/* For developer programs and tests: starts the document parent (the program
 * comptoir-documents) as a child of this process and uses it from here on.
 * False when it could not be started. document_client_stop ends it and
 * returns its exit status as waitpid gives it. */
MUST_CHECK bool document_client_start(const char *program);
int document_client_stop(void);
/* Process id of the parent started so, 0 when there is none. */
int document_client_pid(void);
