/* Jobs: orders taken while their callers wait, done afterwards by a worker. */
#include "base/log.h"
#include "domain/webhook.h"
#include "routes.h"
#include "store/blob_object.h"
#include "web/serve.h"

static bool init(struct db *db)
{
    const char *bad = webhook_init();
    bad = bad ? bad : blob_object_init();
    (void)db;
    if (bad)
        log_event(LOG_ERROR, "start_refused", "{s:s}", "reason", bad);
    return !bad;
}

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {
        order_routes, task_routes, report_routes, webhooks_routes, NULL};
    static const struct family family = {
        .name = "jobs", .role = "jobs", .groups = groups, .init = init};
    return serve_main(argc, argv, &family);
}
