/* --name VALUE behind a command. */
#pragma once
#include "ctl.h"

struct option {
    const char *name; /* "--days"; tables end with {0} */
    enum { OPTION_TEXT, OPTION_NUMBER, OPTION_FLAG } kind; /* FLAG: no VALUE */
};

struct option_value {
    bool set;
    const char *text; /* NULL when not given */
    int64_t number;   /* from 0 to 2^31 - 1; 0 when not given */
};

/* Reads every argument of c into one value a row. False, and a sentence, for
 * an argument that is not in the table, comes twice, or has no fit value. */
MUST_CHECK bool options_read(const struct ctl *c, const struct option *table,
                             struct option_value *out);
