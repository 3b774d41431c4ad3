/* The main job: invoices in, two reports and highlights out. */
#include "analyse.h"
#include "tables.h"
#include "web/serve.h"

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {analyse_routes, NULL};
    static const struct family family = {
        .name = "invoice", .groups = groups, .init = tables_init};
    return serve_main(argc, argv, &family);
}
