/* Text layer of a PDF by poppler-glib. Called only inside a sandboxed child
 * (or by developer tools and tests on files of our own). */
#pragma once
#include "document/document.h"

/* Reads every page's words; pages without usable text (none, garbage, or
 * invisible above a scan) stay empty with source PAGE_OCR so that the caller
 * can send them to OCR; blank pages stay empty with source PAGE_TEXT. Errors
 * as document_read. */
MUST_CHECK enum err pdf_read(struct arena *a, struct bytes data,
                             const struct document_limits *lim,
                             struct document **out);

/* An open PDF; lives as long as its arena, and so must its bytes. */
struct pdf {
    struct _PopplerDocument *doc;
    uint32_t n_pages;
};
/* ERR_DOCUMENT_ENCRYPTED, ERR_DOCUMENT_UNREADABLE or OK. */
MUST_CHECK enum err pdf_open(struct arena *a, struct bytes data,
                             struct pdf *out);
/* Page index (from 0), for pdf_page_free; NULL when damaged. */
struct _PopplerPage *pdf_page(const struct pdf *pdf, uint32_t index);
void pdf_page_free(struct _PopplerPage *page);
