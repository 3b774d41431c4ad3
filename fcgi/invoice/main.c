/* The main job: invoices in, two reports and highlights out. */
#include "analyse.h"
#include "base/log.h"
#include "invoice/history_store.h"
#include "invoice/report_logo.h"
#include "invoice/tables.h"
#include "store/blob_object.h"
#include "web/serve.h"

static bool init(struct db *db)
{
    const char *bad = history_store_problem();
    if (!bad)
        bad = report_logo_load();
    if (!bad)
        bad = blob_object_init();
    if (bad)
        log_event(LOG_ERROR, "start_refused", "{s:s}", "reason", bad);
    return !bad && tables_init(db);
}

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {analyse_routes, NULL};
    static const struct family family = {
        .name = "invoice", .role = "api", .groups = groups, .init = init};
    return serve_main(argc, argv, &family);
}
