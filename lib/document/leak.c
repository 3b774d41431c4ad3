/* Until the search is written nothing counts as proved: fail closed. */
#include "document/leak.h"

bool leak_find(struct arena *a, struct bytes pdf, const char *neutral,
               const struct needle *needles, size_t n, const char **found)
{
    (void)a, (void)pdf, (void)neutral, (void)needles, (void)n;
    *found = "unreadable";
    return true;
}
