/* Waits for jobs to change: a family of its own, so that whoever waits is in
 * nobody's way. */
#include "places.h"
#include "wait.h"
#include "web/serve.h"

static bool init(struct db *db)
{
    (void)db;
    return places_open();
}

int main(int argc, char **argv)
{
    static const struct route *const groups[] = {wait_routes, NULL};
    static const struct family family = {
        .name = "events", .role = "events", .groups = groups, .init = init};
    return serve_main(argc, argv, &family);
}
