/* XML of an electronic invoice -> its terms. Foreign bytes: called only
 * inside a sandboxed child (or by developer tools and tests). */
#pragma once
#include "einvoice/einvoice.h"

struct parse_limits {
    uint32_t bytes, depth; /* larger or deeper files are malformed */
};

/* The terms of CII, ZUGFeRD 1, Order-X or UBL. NULL when the root element is
 * of none of them. malformed when it is, but the file cannot be read: not
 * well-formed, a DTD (never taken, so no entity either), or over a limit. */
struct einvoice *parse_xml(struct arena *a, struct bytes xml,
                           const struct parse_limits *lim);
