/* What the document parent's children do once their sandbox is closed. */
#pragma once
#include "document/wire.h"

/* The work of one child; files are mapped, out is the shared result of
 * WIRE_OUT_BYTES. */
struct child_work {
    enum wire_op op;
    uint32_t n_files;
    struct bytes files[WIRE_FILES_MAX];
    enum file_kind kinds[WIRE_FILES_MAX];
    struct document_limits lim;
    const struct wire_ocr *scan; /* the page to read by OCR, or NULL */
    uint8_t *out;
};

/* Does the work and writes the result. Returns the exit code of the child
 * (see sandbox.h). */
int child_run(const struct child_work *w);
