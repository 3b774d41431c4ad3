/* Needs the fonts of this build; what the pages say is checked by
 * tests/sql/56-statement. */
#include "billing/statement_pdf.h"
#include <stdlib.h>
#include "base/conf.h"
#include "program.h"
#include "tap.h"

static struct statement sample(struct arena *a, size_t n)
{
    struct statement_line *lines = ARENA_ARRAY(a, n + 1, struct statement_line);
    for (size_t i = 0; i < n; i++)
        lines[i] = (struct statement_line){.at = "2026-11-03",
                                           .kind = "use",
                                           .meter = "search",
                                           .note = "",
                                           .request_id = ""};
    return (struct statement){.client = "Client",
                              .plan = "pro",
                              .billing_mode = "quota",
                              .month = "2026-11",
                              .made_at = "2026-12-01 00:10",
                              .is_over = true,
                              .lines = lines,
                              .n = n};
}

static int pages(struct arena *a, size_t lines)
{
    struct statement s = sample(a, lines);
    struct bytes pdf;
    int n = 0;
    if (statement_pdf(a, &s, true, &pdf))
        return -1;
    for (size_t i = 0; i + 12 < pdf.n; i++)
        n += memcmp(pdf.p + i, "/Type /Page\n", 12) == 0;
    return n;
}

int main(void)
{
    struct arena *a = arena_new(1 << 20);
    setenv("COMPTOIR_HOME", program_path(".."), 1);
    tap_ok(!conf_init(), "settings");
    tap_is_int(pages(a, 0), 1, "no line: one page");
    tap_is_int(pages(a, 25), 1, "as many as fit");
    tap_is_int(pages(a, 26), 2, "one more");
    tap_is_int(pages(a, 200), 6, "many");
    struct statement s = sample(a, 20000);
    struct bytes pdf;
    tap_is_int(statement_pdf(a, &s, true, &pdf), ERR_TOO_LARGE, "too many");
    setenv("COMPTOIR_HOME", "/nonexistent", 1);
    tap_ok(!conf_init(), "settings");
    s = sample(a, 1);
    tap_is_int(statement_pdf(a, &s, true, &pdf), ERR_INTERNAL, "no fonts");
    arena_free(a);
    return tap_done();
}
