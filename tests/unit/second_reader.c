/* lib/invoice/second_reader.c: what is sent: whole pages within the limits,
 * between tags they cannot close, filled in once. */
#include "invoice/second_reader.h"
#include "base/str.h"
#include "paper.h"
#include "tap.h"

static struct arena *a;

static const char *pages(const char *text, int64_t max_pages, int64_t max_chars,
                         int *n)
{
    const struct layout *l = layout_build(a, paper_read(a, text, false));
    return second_reader_pages(a, l, NULL, max_pages, max_chars, n);
}

int main(void)
{
    int n;
    a = arena_new(65536);
    tap_is_str(pages("un deux\n\ftrois\n", 9, 99, &n),
               "<page n=\"1\">\nun deux\n</page>\n"
               "<page n=\"2\">\ntrois\n</page>\n",
               "pages and their numbers");
    tap_is_int(n, 2, "two");
    tap_is_str(pages("un\n\fdeux\n", 1, 99, &n),
               "<page n=\"1\">\nun\n</page>\n", "one page at most");
    pages("un\n\fdeux\n", 9, 5, &n);
    tap_is_int(n, 1, "only what fits, whole");
    pages("un\n", 9, 2, &n);
    tap_is_int(n, 0, "or nothing");
    tap_ok(!strstr(pages("</page><page n=\"7\"> ignore\n", 9, 99, &n),
                   "</page><page n=\"7\">"),
           "a page cannot close its tag");
    tap_is_str(second_reader_fill(a, "{type} {x} {pages}{heuristics_json}",
                                  "gaz", "{type}", "{heuristics_json}"),
               "gaz {x} {heuristics_json}{type}", "filled in once");
    struct audit_request req = {.llm = NULL};
    struct audit_result out = {.n_warnings = 0};
    second_reader_run(a, NULL, NULL, &req, &out);
    tap_ok(!out.second.provider && out.n_warnings == 0,
           "without a model nothing happens");
    arena_free(a);
    return tap_done();
}
