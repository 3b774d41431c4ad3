/* Text layer of a PDF by poppler-glib. Called only inside a sandboxed child
 * (or by developer tools and tests on files of our own). */
#pragma once
#include "document/document.h"

/* Reads every page's words; pages without text stay empty with source
 * PAGE_OCR so that the caller can send them to OCR. Errors as
 * document_read. */
MUST_CHECK enum err pdf_read(struct arena *a, struct bytes data,
                             const struct document_limits *lim,
                             struct document **out);
