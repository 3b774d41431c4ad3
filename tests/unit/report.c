/* Both reports with the real document parent: given out when proved, not at
 * all when the proof fails or cannot be made. */
#include "sample_result.h"
#include "tap.h"

static struct arena *a;
static struct reference *ref;

static enum err pair(const char *id, struct needle *extra,
                     struct audit_result **out)
{
    struct audit_request req = {.request_id = id, .confidence_min = 500};
    *out = sample_result(a, ref, id, false);
    if (extra) {
        (*out)->invoice->needles = extra;
        (*out)->invoice->n_needles = 1;
    }
    return report_pair(a, ref, &req, *out);
}

static void withheld(enum err want, struct needle *extra, const char *what)
{
    struct audit_result *r;
    tap_is_int(pair("S1", extra, &r), want, "%s", what);
    tap_ok(!r->anonymous_pdf.n && !r->full_pdf.n, "nothing is given out");
}

int main(void)
{
    if (access(program_path("comptoir-documents"), X_OK) != 0)
        tap_skip_all("comptoir-documents is not built");
    ref = sample_reference();
    a = arena_new(1 << 20);
    withheld(ERR_UNAVAILABLE, NULL, "no document parent, no proof");
    tap_ok(document_client_start(program_path("comptoir-documents")),
           "the parent starts");
    static const char *const ids[] = {"S1", "S2", "S3", "S4", "S5", "S6"};
    for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
        struct audit_result *r;
        tap_is_int(pair(ids[i], NULL, &r), OK, "%s", ids[i]);
        tap_ok(r->full_pdf.n && r->anonymous_pdf.n &&
                   !memcmp(r->anonymous_pdf.p, "%PDF-", 5),
               "%s: both PDFs", ids[i]);
    }

    struct needle planted = {NEEDLE_NAME, "620 kWh"};
    withheld(ERR_ANONYMISATION_FAILED, &planted, "a needle that is there");
    document_client_stop();
    arena_free(a);
    reference_free(ref);
    return tap_done();
}
