/* drawn: what becomes of random invoices.
 *   drawn repairs N: of N scans with one misread digit, how many are repaired
 *     or flagged; and true mistakes of text layers, which must stay.
 *   drawn audits N: N invoices through the whole audit; any leak, crash or
 *     refused report is told.
 * The last line is `repairs …` or `audits …`; exit 1 when a bar is missed. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "audits.h"
#include "base/conf.h"
#include "base/str.h"
#include "document/document.h"
#include "repairs.h"

/* "500" is 1 to 500; "501-1000" are those. */
static bool parse_range(const char *text, int64_t *first, int64_t *last)
{
    const char *dash = strchr(text, '-');
    char from[16] = "1";
    if (dash && (size_t)(dash - text) < sizeof from)
        snprintf(from, sizeof from, "%.*s", (int)(dash - text), text);
    return str_to_i64(from, first) &&
           str_to_i64(dash ? dash + 1 : text, last) && *first >= 1 &&
           *last >= *first && *last < 1000000;
}

int main(int argc, char **argv)
{
    int64_t first, last;
    const char *wrong = conf_init();
    setvbuf(stdout, NULL, _IOLBF, 0); /* what is told stays told */
    if (wrong)
        errx(1, "%s", wrong);
    if (argc != 5 || !parse_range(argv[2], &first, &last)) {
        fputs("drawn repairs|audits N|A-B FOLDER DOCUMENTS-PROGRAM\n", stderr);
        return 2;
    }
    struct reference *ref = reference_from_tsv(
        "sql/seeds/energy", "tests/fixtures/suppliers_test.tsv");
    if (mkdir(argv[3], 0777) != 0 && access(argv[3], W_OK) != 0)
        err(1, "%s", argv[3]);
    if (!ref || !document_client_start(argv[4]))
        errx(1, "reference tables or %s cannot be used", argv[4]);
    bool (*run)(const struct reference *, const char *, uint32_t, uint32_t) =
        str_eq(argv[1], "repairs") ? repairs_run : audits_run;
    bool ok = run(ref, argv[3], (uint32_t)first, (uint32_t)last);
    document_client_stop();
    reference_free(ref);
    return !ok;
}
