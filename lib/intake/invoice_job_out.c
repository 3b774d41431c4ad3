/* Paths, not addresses: a client knows by which host it came. */
#include "intake/invoice_job_out.h"

static json_t *path(const char *task_id, const char *rest)
{
    return json_sprintf("/v1/jobs/%s%s", task_id, rest);
}

json_t *invoice_job_links(const char *task_id, bool with_reports)
{
    json_t *o = json_pack("{s:o,s:o}", "self", path(task_id, ""), "events",
                          path(task_id, "/events"));
    if (with_reports)
        json_object_set_new(
            o, "reports",
            json_pack("{s:o,s:o}", "full", path(task_id, "/reports/full.pdf"),
                      "anonymous", path(task_id, "/reports/anonymous.pdf")));
    return o;
}

static const struct field reports_out[] = {
    {.name = "full",
     .kind = OUT_TEXT,
     .required = true,
     .doc = "Path of the full report."},
    {.name = "anonymous",
     .kind = OUT_TEXT,
     .required = true,
     .doc = "Path of the anonymised report."},
    {0}};
const struct field invoice_job_out_links[] = {
    {.name = "self",
     .kind = OUT_TEXT,
     .required = true,
     .doc = "Path of the job."},
    {.name = "events",
     .kind = OUT_TEXT,
     .required = true,
     .doc = "Path that answers when the job changes."},
    {.name = "reports",
     .kind = OUT_OBJECT,
     .sub = reports_out,
     .doc = "Of a job that succeeded."},
    {0}};
