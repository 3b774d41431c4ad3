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
    return o->kind != OPTION_NUMBER || (str_to_i64(text, &v->number) &&
                                      v->number >= 0 && v->number <= INT_MAX);
}

bool options_read(const struct ctl *c, const struct option *table,
                  struct option_value *out)
{
    for (int i = 0; table[i].name; i++)
        out[i] = (struct option_value){.set = false};
    for (int i = 0; i < c->argc; i++) {
        const int row = row_of(table, c->argv[i]);
        const bool flag = row >= 0 && table[row].kind == OPTION_FLAG;
        const char *value = flag ? "" : c->argv[i + 1]; /* NULL at the end */
        if (row < 0 || out[row].set || !value ||
            !take(&table[row], value, &out[row])) {
            ctl_fail("%s is not understood here, comes twice or has no fit "
                     "value.",
                     c->argv[i]);
            return false;
        }
        i += !flag;
    }
    return true;
}
