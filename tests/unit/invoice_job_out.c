/* Paths of a job. */
#include "intake/invoice_job_out.h"
#include "tap.h"

static const char *at(const json_t *o, const char *a, const char *b)
{
    const json_t *v = json_object_get(o, a);
    return json_string_value(b ? json_object_get(v, b) : v);
}

int main(void)
{
    json_t *o = invoice_job_links("3d0c", true);
    tap_is_str(at(o, "self", NULL), "/v1/jobs/3d0c", "itself");
    tap_is_str(at(o, "events", NULL), "/v1/jobs/3d0c/events", "its events");
    tap_is_str(at(o, "reports", "full"), "/v1/jobs/3d0c/reports/full.pdf",
               "a report");
    tap_is_str(at(o, "reports", "anonymous"),
               "/v1/jobs/3d0c/reports/anonymous.pdf", "the other");
    json_decref(o);
    o = invoice_job_links("3d0c", false);
    tap_ok(!json_object_get(o, "reports"), "none before there are some");
    json_decref(o);
    return tap_done();
}
