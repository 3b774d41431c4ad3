/* Takes a finished PDF apart without trusting a PDF library: what its bytes
 * say outside of streams, every stream inflated, and every string. */
#pragma once
#include "base/buf.h"

struct leak_stream {
    struct bytes data; /* decompressed */
    bool is_text;      /* prose or operators, not a font or a picture */
};

struct leak_pdf {
    struct bytes skeleton; /* the file without streams and xref table */
    struct leak_stream *streams;
    size_t n_streams;
    const char *strings; /* UTF-8: every literal and hex string, one a line */
};

/* False when a stream has a filter other than Flate, is damaged or too
 * large, or when a picture is inside: such a file cannot be searched whole.
 * Memory in a; skeleton and streams are UTF-8-agnostic bytes. */
MUST_CHECK bool leak_pdf_open(struct arena *a, struct bytes pdf,
                              struct leak_pdf *out);
