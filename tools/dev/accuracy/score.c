/* Keeps count; wrong fields are always shown. */
#include "score.h"

static void tell(FILE *out, const struct score *s, const char *name,
                 const char *expected, const char *found, bool is_right)
{
    fprintf(out, "%s %s expected=%s found=%s %s\n", s->document, name,
            expected ? expected : "(absent)", found ? found : "(absent)",
            is_right ? "right" : "wrong");
}

void score_field(struct score *s, const char *name, const char *expected,
                 const char *found, bool is_right)
{
    s->document_right += is_right;
    s->document_wrong += !is_right;
    if (!is_right || s->verbose)
        tell(stdout, s, name, expected, found, is_right);
    if (s->log)
        tell(s->log, s, name, expected, found, is_right);
}

void score_begin(struct score *s, const char *document)
{
    s->document = document;
    s->document_right = s->document_wrong = 0;
}

void score_end(struct score *s)
{
    s->right += s->document_right;
    s->wrong += s->document_wrong;
    printf("%s: %zu of %zu fields right (%.1f %%)\n", s->document,
           s->document_right, s->document_right + s->document_wrong,
           score_percent(s->document_right, s->document_wrong));
}

double score_percent(size_t right, size_t wrong)
{
    return right + wrong ? 100.0 * (double)right / (double)(right + wrong)
                         : 0.0;
}
