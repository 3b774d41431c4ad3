/* A row an option, in any order, each at most once. */
#include "options.h"
#include <limits.h>
#include "base/str.h"

static int row_of(const struct option *table, const char *name)
{
    for (int i = 0; table[i].name; i++)
        if (str_eq(table[i].name, name))
            return i;
    return -1;
}

static bool take(const struct option *o, const char *text,
                 struct option_value *v)
{
    *v = (struct option_value){.set = true, .text = text};
    return o->kind == OPTION_TEXT || (str_to_i64(text, &v->number) &&
                                      v->number >= 0 && v->number <= INT_MAX);
}

bool options_read(const struct ctl *c, const struct option *table,
                  struct option_value *out)
{
    for (int i = 0; table[i].name; i++)
        out[i] = (struct option_value){.set = false};
    for (int i = 0; i < c->argc; i += 2) {
        const int row = row_of(table, c->argv[i]);
        if (row < 0 || out[row].set || i + 1 == c->argc ||
            !take(&table[row], c->argv[i + 1], &out[row])) {
            ctl_fail("%s is not understood here, comes twice or has no fit "
                     "value.",
                     c->argv[i]);
            return false;
        }
    }
    return true;
}
