/* openapi merge PART… > openapi.json; openapi routes FILE > table.
 * Used by the build and by the check of docs/ROUTES.md. */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "web/openapi_document.h"

enum { PARTS = 64 };

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *o = json_load_file(path, 0, &error);
    if (!o)
        fprintf(stderr, "openapi: %s: %s\n", path, error.text);
    return o;
}

static int merge(int n, char **paths)
{
    json_t *parts[PARTS] = {NULL};
    const char *clash = "";
    if (n > PARTS)
        return 1;
    for (int i = 0; i < n; i++)
        if (!(parts[i] = load(paths[i])))
            return 1;
    json_t *all = openapi_document_merge(parts, (size_t)n, &clash);
    if (!all) {
        fprintf(stderr, "openapi: two families answer %s\n", clash);
        return 1;
    }
    int failed = json_dumpf(all, stdout, JSON_INDENT(1)) < 0;
    json_decref(all);
    for (int i = 0; i < n; i++)
        json_decref(parts[i]);
    return failed;
}

static int routes(const char *path)
{
    json_t *document = load(path);
    if (!document)
        return 1;
    struct arena *a = arena_new(65536);
    fputs(openapi_document_routes(a, document), stdout);
    arena_free(a);
    json_decref(document);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 2 && str_eq(argv[1], "merge"))
        return merge(argc - 2, argv + 2);
    if (argc == 3 && str_eq(argv[1], "routes"))
        return routes(argv[2]);
    fprintf(stderr, "use: openapi merge PART… | openapi routes FILE\n");
    return 64;
}
