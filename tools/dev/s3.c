/* s3 probe | head KEY | get KEY FILE | list PREFIX |
 * put PREFIX FILE...: one call by the settings of the environment; prints what
 * came, a line an object, then "ok" or the error's code and why. */
#include "wire/s3.h"
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include "base/auto.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"

enum { FILE_BYTES = 64 << 20, FILES = 512 };

static struct arena *a;
static struct s3_why why;

static struct bytes file(const char *path)
{
    AUTO_FILE f = fopen(path, "re");
    uint8_t *p = arena_alloc(a, FILE_BYTES);
    return (struct bytes){p, f ? fread(p, 1, FILE_BYTES, f) : 0};
}

static enum err put(const char *prefix, char **files, size_t n)
{
    static struct s3_object objects[FILES];
    static const struct sigv4_pair meta[] = {{"run-id", "20250115T143022Z"},
                                             {"user-id", "123"}};
    for (size_t i = 0; i < n && i < FILES; i++) {
        const struct bytes b = file(files[i]);
        objects[i] = (struct s3_object){
            .key = arena_printf(a, "%s%s", prefix, basename(files[i])),
            .type = "application/pdf",
            .body = b,
            .sha256 = encode_sha256(a, b.p, b.n),
            .meta = meta,
            .n_meta = ARRAY_LEN(meta)};
    }
    return s3_put(a, objects, n, &why);
}

static enum err head(const char *key)
{
    struct s3_head h;
    const enum err e = s3_head(a, key, &h, &why);
    if (!e)
        printf("%lld %s\n", (long long)h.size, h.sha256);
    for (size_t i = 0; i < h.n_meta; i++)
        printf("%s: %s\n", h.meta[i].name, h.meta[i].value);
    return e;
}

static enum err get(const char *key, const char *to)
{
    struct bytes b;
    const enum err e = s3_get(a, key, FILE_BYTES, &b, &why);
    AUTO_FILE f = e ? NULL : fopen(to, "we");
    return f && fwrite(b.p, 1, b.n, f) != b.n ? ERR_INTERNAL : e;
}

static enum err list(const char *prefix)
{
    struct s3_page page = {.next = NULL};
    do {
        const enum err e = s3_list(a, prefix, page.next, &page, &why);
        if (e)
            return e;
        for (size_t i = 0; i < page.n; i++)
            printf("%lld %s\n", (long long)page.entries[i].size,
                   page.entries[i].key);
    } while (page.next);
    return OK;
}

static enum err run(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    if (str_eq(verb, "probe"))
        return s3_probe(a);
    if (str_eq(verb, "head") && argc == 3)
        return head(argv[2]);
    if (str_eq(verb, "get") && argc == 4)
        return get(argv[2], argv[3]);
    if (str_eq(verb, "list") && argc == 3)
        return list(argv[2]);
    if (str_eq(verb, "put") && argc > 3)
        return put(argv[2], argv + 3, (size_t)argc - 3);
    return ERR_BAD_REQUEST;
}

int main(int argc, char **argv)
{
    const char *bad = conf_init();
    bad = bad ? bad : s3_init();
    if (bad || !s3_ready()) {
        fprintf(stderr, "%s\n", bad ? bad : "DO_SPACES_* are not set.");
        return 2;
    }
    log_init("s3");
    a = arena_new(1 << 20);
    why = (struct s3_why){.code = "", .message = ""};
    const enum err e = run(argc, argv);
    printf("%s %d %s %d %s\n", e ? err_code(e) : "ok", why.status, why.code,
           why.tries, why.message);
    arena_free(a);
    return e != OK;
}
